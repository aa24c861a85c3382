//! Credentials for a database, which the Vault creates and drops.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{json, Value};

use super::client::{Call, VaultError, VaultErrorKind};
use super::renewal::{Issuer, Lease, Leased, Renewal, NO_LEASE};
use super::token::{Answer, WithToken};
use super::uninterrupted::uninterrupted;
use crate::redact::Secret;

/// A user of a database, for the time of a lease.
#[derive(Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// Name of the user.
    pub username: String,
    /// Password of the user.
    pub password: Secret<String>,
    /// Revokes the user; `None` in a test.
    vault: Option<Arc<WithToken>>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .field("password", &self.password)
            .finish_non_exhaustive()
    }
}

impl Credentials {
    /// Creates the credentials of a user that no Vault leases, for a test.
    #[must_use]
    pub fn new(username: impl Into<String>, password: Secret<String>) -> Self {
        Self {
            username: username.into(),
            password,
            vault: None,
        }
    }
}

impl Leased<Credentials> {
    /// Revokes the credentials: the database drops the user at once. Call this after the
    /// last connection of the user is closed.
    ///
    /// If the token that took the credentials was replaced, and they were its last
    /// lease, the token is revoked as well.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or refuses. The credentials then expire by
    /// themselves.
    ///
    /// # Cancel safety
    ///
    /// If you drop the future after its first poll, the request goes on. If you drop the
    /// future before, the credentials stay valid.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn revoke(self: &Arc<Self>) -> Result<(), VaultError> {
        let leased = Arc::clone(self);
        uninterrupted(REVOKE, async move { revoke(&leased).await }).await
    }
}

impl Renewal<Credentials> {
    /// Ends the renewal, and revokes all credentials that may still be valid: the
    /// current ones, and those before. You can call this again after a failure.
    ///
    /// # Errors
    ///
    /// The first failure, after all were tried. Credentials that cannot be revoked
    /// expire by themselves.
    ///
    /// # Cancel safety
    ///
    /// If you drop the future after its first poll, the requests go on until all
    /// credentials are revoked. If you drop the future before, nothing is revoked, and
    /// the renewal goes on.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn revoke_all(&self) -> Result<(), VaultError> {
        let valid = self.stop();
        let work = async move {
            let mut answer = Ok(());
            for leased in valid {
                answer = answer.and(revoke(&leased).await);
            }
            answer
        };
        uninterrupted(REVOKE, work).await
    }
}

const REVOKE: &str = "revoke credentials";

async fn revoke(leased: &Leased<Credentials>) -> Result<(), VaultError> {
    if let Some(vault) = &leased.value().vault {
        let body = json!({"lease_id": leased.lease().id});
        let call = Call::write(REVOKE, "sys/leases/revoke", body);
        vault.send(call).await?;
    }
    leased.set_revoked();
    Ok(())
}

/// Issues credentials of one role.
pub(super) struct CredentialsIssuer {
    pub(super) vault: Arc<WithToken>,
    /// Path of the role: `database/creds/app`.
    pub(super) path: String,
}

impl Issuer for CredentialsIssuer {
    type Value = Credentials;

    async fn issue(&self) -> Result<(Self::Value, Lease), VaultError> {
        let call = Call::read(self.path.clone());
        let purpose = call.purpose();
        let answer = self.vault.send(call).await?;
        let (lease, mut data) = lease_and_data(answer, &purpose)?;
        let mut text = |member: &str| match data[member].take() {
            Value::String(text) => Some(text),
            _ => None,
        };
        let (Some(username), Some(password)) = (text("username"), text("password")) else {
            let reason = "the answer holds no user and password";
            return Err(VaultError::new(VaultErrorKind::Other, &purpose, reason));
        };
        let password = Secret::new(password);
        self.vault.hide(&password);
        let credentials = Credentials {
            vault: Some(Arc::clone(&self.vault)),
            ..Credentials::new(username, password)
        };
        Ok((credentials, lease))
    }

    async fn renew(&self, current: &Leased<Self::Value>) -> Result<Lease, VaultError> {
        let purpose = format!("renew the lease of {}", self.path);
        let body = json!({
            "lease_id": current.lease().id,
            "increment": current.lease().ttl.as_secs(),
        });
        let call = Call::write(&purpose, "sys/leases/renew", body);
        let answer = self.vault.send(call).await?;
        let (lease, _) = lease_and_data(answer, &purpose)?;
        Ok(Lease {
            token_number: current.lease().token_number,
            token_guard: None,
            ..lease
        })
    }

    /// A lease ends with the token that took it, even if it was renewed for longer.
    async fn doomed(&self, current: &Leased<Self::Value>) {
        self.vault.replaced(current.lease().token_number).await;
    }

    fn is_same(&self, current: &Self::Value, issued: &Self::Value) -> bool {
        current.username == issued.username
    }

    /// Does nothing: the caller of the library revokes a user after the last of its
    /// connections is closed.
    async fn revoke(&self, _: &Leased<Self::Value>) {}

    /// A failure is not reported to anybody: the credentials expire by themselves.
    async fn discard(&self, issued: &Leased<Self::Value>) {
        let _ = revoke(issued).await;
    }
}

fn lease_and_data(answer: Answer, purpose: &str) -> Result<(Lease, Value), VaultError> {
    let reply = answer
        .reply
        .ok_or_else(|| VaultError::new(VaultErrorKind::Other, purpose, NO_LEASE))?;
    let lease = Lease {
        id: reply.lease_id,
        ttl: Duration::from_secs(reply.lease_duration.into()),
        renewable: reply.renewable,
        token_number: answer.token_number,
        token_guard: Some(answer.token_guard),
    };
    Ok((lease, reply.data.unwrap_or_default()))
}
