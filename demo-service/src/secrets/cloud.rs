//! The stores of clouds: a client fetches all secrets at once, and again later.

use environ::secrets::SecretStore;
use tokio::time::Instant;
use tracing::info;

use super::error::SecretsError;
use super::fetch::retry_until;
use super::refresh::{BoxedStore, Refetch};
use crate::otel::Otel;

/// How the outputs of the service name a store.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) metric: &'static str,
    /// The span of a fetch.
    pub(super) span: &'static str,
    /// The variables that configure the store.
    pub(super) variables: &'static str,
}

/// Connects and fetches the secrets until `deadline`, then makes a store that is fetched again
/// through the same client.
pub(super) async fn fetch<C, S, E, F>(
    names: Names,
    deadline: Instant,
    otel: &Otel,
    connect: impl AsyncFn() -> Result<C, E>,
    fetch: impl Fn(C) -> F + Send + Sync + 'static,
) -> Result<(BoxedStore, Refetch), SecretsError>
where
    C: Clone + Send + Sync + 'static,
    S: SecretStore + Send + Sync + 'static,
    E: Into<SecretsError>,
    F: Future<Output = Result<S, E>> + Send + 'static,
{
    let first = retry_until(deadline, names.variables, async || {
        let client = connect().await.map_err(E::into)?;
        let secrets = fetch_in_span(otel, names, Box::pin(fetch(client.clone()))).await?;
        Ok::<_, SecretsError>((client, secrets))
    });
    let (client, first) = first.await?;
    info!("the secrets are fetched");
    let otel = otel.clone();
    Ok(Refetch::new(names.metric, first, move || {
        let (request, otel) = (Box::pin(fetch(client.clone())), otel.clone());
        async move { fetch_in_span(&otel, names, request).await }
    }))
}

/// Runs a request, which is large, in the span of its store.
async fn fetch_in_span<S, E: Into<SecretsError>>(
    otel: &Otel,
    names: Names,
    request: impl Future<Output = Result<S, E>>,
) -> Result<S, SecretsError> {
    let request = async { request.await.map_err(E::into) };
    otel.store_span(names.span, SecretsError::kind, request)
        .await
}
