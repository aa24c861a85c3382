//! Credentials for a database, which the Vault creates and drops.

use std::time::Duration;

use serde_json::{json, Value};

use super::client::{Call, VaultError, VaultErrorKind};
use super::renewal::{Issuer, Lease, Leased, NO_LEASE};
use super::token::{Answer, WithToken};
use crate::redact::Secret;

/// A user of a database, for the time of a lease.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// Name of the user.
    pub username: String,
    /// Password of the user.
    pub password: Secret<String>,
}

impl Credentials {
    /// Creates the credentials of a user that no Vault leases, for a test.
    #[must_use]
    pub fn new(username: impl Into<String>, password: Secret<String>) -> Self {
        let username = username.into();
        Self { username, password }
    }
}

/// Issues credentials of one role.
pub(super) struct CredentialsIssuer {
    pub(super) vault: WithToken,
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
        Ok((Credentials::new(username, password), lease))
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
