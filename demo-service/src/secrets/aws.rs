//! AWS Secrets Manager.

use environ::Process;
use environ::secrets::aws::{AwsClient, AwsError, AwsSecrets};
use tokio::time::Instant;
use tracing::info;

use super::error::SecretsError;
use super::fetch::retry_until;
use super::refresh::{BoxedStore, Refetch};
use crate::config::{AppConfig, AwsConfig};
use crate::otel::Otel;

/// The name of the span of a fetch.
const SPAN: &str = "fetch from AWS Secrets Manager";

const VARIABLES: &str = "APP_SECRETS_AWS_*";

/// Fetches the secrets until `deadline`.
pub(super) async fn fetch(
    config: &AwsConfig,
    deadline: Instant,
    otel: &Otel,
) -> Result<(BoxedStore, Refetch), SecretsError> {
    let id = config.secret_id.clone();
    let first = retry_until(deadline, VARIABLES, async || {
        let client = config.client().await?;
        let secrets = otel
            .store_span(SPAN, fetch_once(&client, id.as_deref()))
            .await?;
        Ok::<_, AwsError>((client, secrets))
    });
    let (client, first) = first.await?;
    info!("the secrets are there");
    let otel = otel.clone();
    Ok(Refetch::new("aws_secrets", first, move || {
        let (client, id, otel) = (client.clone(), id.clone(), otel.clone());
        async move {
            let request = fetch_once(&client, id.as_deref());
            Ok(otel.store_span(SPAN, request).await?)
        }
    }))
}

/// Fetches a single document, or each secret with an id in a variable.
async fn fetch_once(client: &AwsClient, secret_id: Option<&str>) -> Result<AwsSecrets, AwsError> {
    match secret_id {
        Some(id) => AwsSecrets::document(client, id).await,
        None => AwsSecrets::named_by_variables::<AppConfig>(client, &Process).await,
    }
}

impl From<AwsError> for SecretsError {
    fn from(err: AwsError) -> Self {
        let kind = err.kind();
        Self::of_store(VARIABLES, kind.name(), kind.is_transient(), &err)
    }
}
