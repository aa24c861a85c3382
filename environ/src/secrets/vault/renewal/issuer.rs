//! Issues leases of one kind.

use std::future::Future;

use super::lease::{Lease, Leased};
use crate::secrets::vault::client::VaultError;

/// Issues leases of one kind: tokens, or credentials.
pub(crate) trait Issuer: Send + Sync + 'static {
    type Value: Send + Sync + 'static;

    fn issue(&self) -> impl Future<Output = Result<(Self::Value, Lease), VaultError>> + Send;

    fn renew(
        &self,
        current: &Leased<Self::Value>,
    ) -> impl Future<Output = Result<Lease, VaultError>> + Send;

    /// Resolves when the lease is about to end with the token that took it.
    fn doomed(&self, current: &Leased<Self::Value>) -> impl Future<Output = ()> + Send;

    /// Returns whether the issued value is the current value again.
    fn is_same(&self, current: &Self::Value, issued: &Self::Value) -> bool;

    /// Revokes a replaced value that nothing uses any more, unless the caller of
    /// the library does that.
    fn revoke(&self, replaced: &Leased<Self::Value>) -> impl Future<Output = ()> + Send;

    /// Revokes a value that was issued to nobody, because its caller is gone.
    fn discard(&self, issued: &Leased<Self::Value>) -> impl Future<Output = ()> + Send;
}
