//! Users of a database, which the Vault makes and drops.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::{watch, Notify};

use super::client::{Call, Reply};
use super::error::{VaultError, VaultErrorKind};
use super::keeper::Lessor;
use super::kept::{Leased, Need};
use super::lease::{Lease, NO_LEASE};
use super::{in_use, Server};
use crate::redact::Secret;

/// A user of a database, for a time.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The user's name.
    pub username: String,
    /// Its password.
    pub password: Secret<String>,
}

pub(super) struct CredentialsOf {
    pub(super) token: watch::Receiver<Arc<Leased<Secret<String>>>>,
    pub(super) suspicious: Arc<Notify>,
    pub(super) server: Arc<Server>,
    pub(super) path: String,
}

impl CredentialsOf {
    /// Gives the token that it was sent with, too. Another one may have come
    /// meanwhile, and then a refusal says nothing of that.
    async fn send(&self, call: Call) -> Result<(Reply, u64, Need), VaultError> {
        let (token, needed) = in_use(&self.token);
        let what = call.what.clone();
        let answer = self.server.client.send(Some(token.value()), call).await;
        let is_newest = self.token.borrow().number() == token.number();
        if is_newest && answer.as_ref().is_err_and(VaultError::is_denial) {
            self.suspicious.notify_one();
        }
        let reply = answer?;
        let reply = reply.ok_or_else(|| VaultError::new(VaultErrorKind::Other, &what, NO_LEASE));
        Ok((reply?, token.number(), needed))
    }
}

impl Lessor for CredentialsOf {
    type Value = Credentials;

    async fn obtain(&self) -> Result<(Self::Value, Lease), VaultError> {
        let call = Call::read(self.path.clone());
        let what = call.what.clone();
        let (reply, token, needed) = self.send(call).await?;
        let lease = lease_of(&reply, token, Some(needed));
        let mut data = reply.data.unwrap_or_default();
        let mut text = |member: &str| match data[member].take() {
            serde_json::Value::String(text) => Some(text),
            _ => None,
        };
        let (Some(username), Some(password)) = (text("username"), text("password")) else {
            let reason = "the answer holds no user and password";
            return Err(VaultError::new(VaultErrorKind::Other, &what, reason));
        };
        let password = Secret::new(password);
        Ok((Credentials { username, password }, lease))
    }

    async fn renew(&self, held: &Leased<Self::Value>) -> Result<Lease, VaultError> {
        let call = Call {
            what: format!("renew the lease of {}", self.path),
            path: "sys/leases/renew".to_owned(),
            body: Some(json!({
                "lease_id": held.lease.id,
                "increment": held.lease.ttl.as_secs(),
            })),
        };
        let (reply, ..) = self.send(call).await?;
        Ok(lease_of(&reply, held.lease.token, None))
    }

    /// A lease ends with the token that took it, however long it was renewed for.
    async fn doomed(&self, held: &Leased<Self::Value>) {
        let mut token = self.token.clone();
        let replaced = token.wait_for(|token| token.number() != held.lease.token);
        if replaced.await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn is_same(&self, held: &Self::Value, new: &Self::Value) -> bool {
        held.username == new.username
    }

    /// Whoever uses them knows when their last connection is closed.
    async fn give_back(&self, _: &Leased<Self::Value>) {}
}

fn lease_of(reply: &Reply, token: u64, needs: Option<Need>) -> Lease {
    Lease {
        id: reply.lease_id.clone(),
        ttl: Duration::from_secs(reply.lease_duration.into()),
        renewable: reply.renewable,
        token,
        needs,
    }
}
