//! Azure Key Vault.

use environ::Process;
use environ::secrets::azure::{AzureError, AzureSecrets};
use tokio::time::Instant;

use super::cloud::{self, Names};
use super::error::SecretsError;
use super::refresh::{BoxedStore, Refetch};
use crate::config::{AppConfig, AzureConfig};
use crate::otel::Otel;

const NAMES: Names = Names {
    metric: "azure_secrets",
    span: "fetch from Azure Key Vault",
    variables: "APP_SECRETS_AZURE_*",
};

/// Fetches a single document, or each secret with a name in a variable, until `deadline`.
pub(super) async fn fetch(
    config: &AzureConfig,
    deadline: Instant,
    otel: &Otel,
) -> Result<(BoxedStore, Refetch), SecretsError> {
    let config = complete(config);
    let id = config.secret_id.clone();
    let connect = async || config.client().await;
    let fetched = cloud::fetch(NAMES, deadline, otel, connect, move |client| {
        let id = id.clone();
        async move {
            match id {
                Some(id) => AzureSecrets::document(&client, &id).await,
                None => AzureSecrets::named_by_variables::<AppConfig>(&client, &Process).await,
            }
        }
    });
    fetched.await
}

/// Checks everything that needs no request, as a fetch would.
pub(super) async fn check(config: &AzureConfig) -> Result<(), SecretsError> {
    let checked = complete(config).check::<AppConfig>(&Process);
    Ok(checked.await?)
}

fn complete(config: &AzureConfig) -> AzureConfig {
    config.clone().with_azure_variables(&Process)
}

impl From<AzureError> for SecretsError {
    fn from(err: AzureError) -> Self {
        let kind = err.kind();
        Self::of_store(NAMES.variables, kind.name(), kind.is_transient(), &err)
    }
}
