//! Work that ends well even if its caller is gone.

use std::future::Future;

use super::client::{VaultError, VaultErrorKind};

/// Runs `work` on a task of its own, so that it goes on if you drop this future.
///
/// # Panics
///
/// If there is no runtime.
pub(super) async fn uninterrupted<T: Send + 'static>(
    purpose: &str,
    work: impl Future<Output = Result<T, VaultError>> + Send + 'static,
) -> Result<T, VaultError> {
    let ended = tokio::spawn(work).await;
    ended.unwrap_or_else(|_| {
        let reason = "its task ended early";
        Err(VaultError::new(VaultErrorKind::Other, purpose, reason))
    })
}
