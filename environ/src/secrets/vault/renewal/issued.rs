//! A value that was just issued, and that somebody must take.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::issuer::Issuer;
use super::lease::Leased;
use crate::secrets::vault::client::VaultError;
use crate::secrets::vault::uninterrupted::uninterrupted;

/// A value that was just issued. If nobody [keeps](Self::keep) it, it is revoked.
pub(crate) struct Issued<I: Issuer> {
    issuer: Arc<I>,
    leased: Arc<Leased<I::Value>>,
    runtime: Handle,
    is_kept: bool,
}

impl<I: Issuer> Issued<I> {
    /// Issues a value. If you drop the future, the request goes on, and its value is
    /// revoked: without the answer, nobody would know which lease to revoke.
    pub(crate) async fn request(issuer: &Arc<I>, number: u64) -> Result<Self, VaultError> {
        let issuer = Arc::clone(issuer);
        let work = async move {
            let (value, lease) = issuer.issue().await?;
            Ok(Self {
                leased: Arc::new(Leased::new(value, lease, number)),
                issuer,
                runtime: Handle::current(),
                is_kept: false,
            })
        };
        uninterrupted("issue a lease", work).await
    }

    pub(crate) fn leased(&self) -> &Leased<I::Value> {
        &self.leased
    }

    /// Returns the value to a caller that revokes the value, or lets the value expire.
    pub(crate) fn keep(mut self) -> Arc<Leased<I::Value>> {
        self.is_kept = true;
        Arc::clone(&self.leased)
    }
}

impl<I: Issuer> Drop for Issued<I> {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let (issuer, leased) = (Arc::clone(&self.issuer), Arc::clone(&self.leased));
        self.runtime
            .spawn(async move { issuer.discard(&leased).await });
    }
}
