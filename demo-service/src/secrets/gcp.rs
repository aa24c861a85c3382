//! Google Secret Manager.

use environ::Process;
use environ::secrets::gcp::{GcpClient, GcpError, GcpSecrets};
use tokio::time::Instant;
use tracing::info;

use super::error::SecretsError;
use super::fetch::retry_until;
use super::refresh::{BoxedStore, Refetch};
use crate::config::{AppConfig, GcpConfig};
use crate::otel::Otel;

/// The name of the span of a fetch.
const SPAN: &str = "fetch from Google Secret Manager";

const VARIABLES: &str = "APP_SECRETS_GCP_*";

/// Fetches the secrets until `deadline`.
pub(super) async fn fetch(
    config: &GcpConfig,
    deadline: Instant,
    otel: &Otel,
) -> Result<(BoxedStore, Refetch), SecretsError> {
    let config = config.clone().with_google_variables(&Process);
    let id = config.secret_id.clone();
    let first = retry_until(deadline, VARIABLES, async || {
        let client = config.client().await?;
        let secrets = otel
            .store_span(SPAN, fetch_once(&client, id.as_deref()))
            .await?;
        Ok::<_, GcpError>((client, secrets))
    });
    let (client, first) = first.await?;
    info!("the secrets are there");
    let otel = otel.clone();
    Ok(Refetch::new("gcp_secrets", first, move || {
        let (client, id, otel) = (client.clone(), id.clone(), otel.clone());
        async move {
            let request = fetch_once(&client, id.as_deref());
            Ok(otel.store_span(SPAN, request).await?)
        }
    }))
}

/// Fetches a single document, or each secret with a name in a variable.
async fn fetch_once(client: &GcpClient, secret_id: Option<&str>) -> Result<GcpSecrets, GcpError> {
    match secret_id {
        Some(id) => GcpSecrets::document(client, id).await,
        None => GcpSecrets::named_by_variables::<AppConfig>(client, &Process).await,
    }
}

impl From<GcpError> for SecretsError {
    fn from(err: GcpError) -> Self {
        let kind = err.kind();
        Self::of_store(VARIABLES, kind.name(), kind.is_transient(), &err)
    }
}
