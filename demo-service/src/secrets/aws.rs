//! AWS Secrets Manager.

use environ::Process;
use environ::secrets::aws::{AwsError, AwsSecrets};
use tokio::time::Instant;

use super::cloud::{self, Names};
use super::error::SecretsError;
use super::refresh::{BoxedStore, Refetch};
use crate::config::{AppConfig, AwsConfig};
use crate::otel::Otel;

const NAMES: Names = Names {
    metric: "aws_secrets",
    span: "fetch from AWS Secrets Manager",
    variables: "APP_SECRETS_AWS_*",
};

/// Fetches a single document, or each secret with an id in a variable, until `deadline`.
pub(super) async fn fetch(
    config: &AwsConfig,
    deadline: Instant,
    otel: &Otel,
) -> Result<(BoxedStore, Refetch), SecretsError> {
    let id = config.secret_id.clone();
    let connect = async || config.client().await;
    let fetched = cloud::fetch(NAMES, deadline, otel, connect, move |client| {
        let id = id.clone();
        async move {
            match id {
                Some(id) => AwsSecrets::document(&client, &id).await,
                None => AwsSecrets::named_by_variables::<AppConfig>(&client, &Process).await,
            }
        }
    });
    fetched.await
}

/// Checks everything that needs no request, as a fetch would.
pub(super) async fn check(config: &AwsConfig) -> Result<(), SecretsError> {
    Ok(config.check::<AppConfig>(&Process).await?)
}

impl From<AwsError> for SecretsError {
    fn from(err: AwsError) -> Self {
        let kind = err.kind();
        Self::of_store(NAMES.variables, kind.name(), kind.is_transient(), &err)
    }
}
