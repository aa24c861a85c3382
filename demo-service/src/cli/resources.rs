//! Work with resources, which are released however it ends.

use crate::boot::Resources;
use crate::config::Bootstrap;
use crate::process::limits::{FEW, can_start_threads};
use crate::process::signals::Stopped;
use crate::process::{Failure, dumps};

/// Runs `work` and releases its resources. A signal ends it early, with the exit code of
/// that signal.
pub(super) async fn with_resources(
    boot: &Bootstrap,
    stop: Stopped,
    work: impl AsyncFnOnce(&mut Resources) -> Result<u8, Failure>,
) -> Result<u8, Failure> {
    dumps::forbid_outside_dev(boot);
    can_start_threads(FEW)?;
    let mut resources = Resources::new(boot.start_deadline());
    let ended = tokio::select! {
        done = Box::pin(work(&mut resources)) => done,
        Ok(signal) = stop => Ok(signal.exit_code()),
    };
    let _ = resources.release().await;
    ended
}
