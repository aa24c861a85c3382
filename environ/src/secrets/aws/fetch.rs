//! One request for one secret.

use std::sync::Arc;

use aws_sdk_secretsmanager::config::Builder;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::client::AwsClient;
use super::error::{AwsErrorKind, AwsFailure};
use super::refusal::explain;
use super::transport::Guarded;
use crate::redact::Secret;
use crate::secrets::remote::Fetched;
use crate::secrets::server_text::Hidden;

/// Fetches the current version of a secret. Nothing is logged: the SDK would log
/// each step, and the caller gets a failure as an error.
pub(super) async fn secret(client: &AwsClient, secret_id: &str) -> Result<Fetched, AwsFailure> {
    let client = client.sdk();
    let failed = |(kind, reason): (_, String)| AwsFailure::new(secret_id, kind, reason);
    if client.config().region().is_none() {
        let reason = "the region is unknown".to_owned();
        return Err(failed((AwsErrorKind::Unconfigured, reason)));
    }
    let hidden = Arc::<Hidden>::default();
    let mut guarded = Builder::new();
    if let Some(http) = client.config().http_client() {
        guarded = guarded.http_client(Guarded::new(http, &hidden));
    }
    let request = client.get_secret_value().secret_id(secret_id);
    let sent = request.customize().config_override(guarded).send();
    let answer = sent.with_subscriber(NoSubscriber::default()).await;
    let answer = answer.map_err(|err| failed(explain(&err, &hidden)))?;
    let version = answer.version_id;
    let text = answer.secret_string.map(Secret::new);
    let text = text.ok_or_else(|| {
        let reason = "it holds bytes, not text".to_owned();
        failed((AwsErrorKind::Malformed, reason))
    })?;
    Ok(Fetched { text, version })
}
