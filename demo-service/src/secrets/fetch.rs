//! Fetching, with retries.

use tokio::time::{Instant, sleep, timeout_at};
use tracing::warn;

use super::error::SecretsError;
use crate::backoff::Backoff;

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
