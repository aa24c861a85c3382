//! Fetching, with retries.

use std::sync::Arc;

use environ::Process;
use environ::secrets::aws::{AwsClient, AwsError, AwsSecrets};
use environ::secrets::vault::{Vault, VaultError, VaultSecrets};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::warn;

use super::error::SecretsError;
use crate::backoff::Backoff;
use crate::config::AppConfig;

/// Fetches a single document, or each secret with an id in a variable.
pub(super) async fn fetch(
    client: &AwsClient,
    secret_id: Option<&str>,
) -> Result<AwsSecrets, AwsError> {
    match secret_id {
        Some(id) => AwsSecrets::document(client, id).await,
        None => AwsSecrets::named_by_variables::<AppConfig>(client, &Process).await,
    }
}

/// A document of a Vault.
#[derive(Clone)]
pub(super) struct Document {
    pub(super) vault: Arc<Vault>,
    pub(super) kv_version: u8,
    pub(super) mount: String,
    pub(super) path: String,
}

impl Document {
    pub(super) async fn fetch(&self) -> Result<VaultSecrets, VaultError> {
        match self.kv_version {
            1 => self.vault.kv1(&self.mount, &self.path).await,
            _ => self.vault.kv2(&self.mount, &self.path).await,
        }
    }
}

/// Retries until `deadline`, while another try can succeed. An outage is logged once. A
/// try that is unanswered at the deadline is dropped.
pub(super) async fn retry_until<T, E: Into<SecretsError>>(
    deadline: Instant,
    variables: &'static str,
    attempt: impl AsyncFn() -> Result<T, E>,
) -> Result<T, SecretsError> {
    let mut backoff = Backoff::default();
    let mut last: Option<SecretsError> = None;
    loop {
        let err: SecretsError = match timeout_at(deadline, attempt()).await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(err)) => err.into(),
            // An earlier answer tells more than a timeout.
            Err(_) => return Err(last.unwrap_or(SecretsError::TimedOut(variables))),
        };
        let pause = backoff.pause_before(deadline);
        let Some(pause) = pause.filter(|_| err.is_transient()) else {
            return Err(err);
        };
        if last.as_ref().map(SecretsError::kind) != Some(err.kind()) {
            warn!(error = %err, "waiting for the secrets");
        }
        last = Some(err);
        sleep(pause).await;
    }
}
