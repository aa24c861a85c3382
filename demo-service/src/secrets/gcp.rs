//! Google Secret Manager and Cloud KMS.

use environ::Process;
use environ::secrets::gcp::{GcpError, GcpSecrets};
use tokio::time::Instant;

use super::cloud::{self, Names};
use super::error::SecretsError;
use super::refresh::{BoxedStore, Refetch};
use crate::config::{AppConfig, GcpConfig};
use crate::otel::Otel;

const NAMES: Names = Names {
    metric: "gcp_secrets",
    span: "fetch from Google Secret Manager",
    variables: "APP_SECRETS_GCP_*",
};

/// Fetches a single document, or each secret with a name or a ciphertext in a variable, until
/// `deadline`.
pub(super) async fn fetch(
    config: &GcpConfig,
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
                Some(id) => GcpSecrets::document(&client, &id).await,
                None => GcpSecrets::named_by_variables::<AppConfig>(&client, &Process).await,
            }
        }
    });
    fetched.await
}

/// Checks everything that needs no request, as a fetch would.
pub(super) async fn check(config: &GcpConfig) -> Result<(), SecretsError> {
    let checked = complete(config).check::<AppConfig>(&Process);
    Ok(checked.await?)
}

fn complete(config: &GcpConfig) -> GcpConfig {
    config.clone().with_google_variables(&Process)
}

impl From<GcpError> for SecretsError {
    fn from(err: GcpError) -> Self {
        let kind = err.kind();
        Self::of_store(NAMES.variables, kind.name(), kind.is_transient(), &err)
    }
}
