//! Google Secret Manager.

use environ::Process;
use environ::secrets::gcp::{GcpClient, GcpError, GcpSecrets};
use tokio::time::Instant;
use tracing::info;

use super::error::SecretsError;
use super::fetch::retry_until;
use super::refresh::{BoxedStore, Refetch};
use crate::config::{AppConfig, GcpConfig};

const VARIABLES: &str = "APP_SECRETS_GCP_*";

/// Fetches the secrets until `deadline`.
pub(super) async fn fetch(
    config: &GcpConfig,
    deadline: Instant,
) -> Result<(BoxedStore, Refetch), SecretsError> {
    let config = config.clone().with_google_variables(&Process);
    let id = config.secret_id.clone();
    let first = retry_until(deadline, VARIABLES, async || {
        let client = config.client().await?;
        let secrets = fetch_once(&client, id.as_deref()).await?;
        Ok::<_, GcpError>((client, secrets))
    });
    let (client, first) = first.await?;
    info!("the secrets are there");
    Ok(Refetch::new("gcp_secrets", first, move || {
        let (client, id) = (client.clone(), id.clone());
        async move { Ok(fetch_once(&client, id.as_deref()).await?) }
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
