//! The token, which everything else is asked with.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::client::{Call, Client};
use super::error::{VaultError, VaultErrorKind};
use super::keeper::Lessor;
use super::kept::Leased;
use super::lease::{Lease, NO_LEASE};
use super::{auth, Server};
use crate::redact::Secret;

pub(super) struct TokenOf(pub(super) Arc<Server>);

impl Lessor for TokenOf {
    type Value = Secret<String>;

    async fn obtain(&self) -> Result<(Self::Value, Lease), VaultError> {
        self.0.login.token(&self.0.client).await
    }

    /// Asks for more time. Where that is not given, what is left of it is: a
    /// policy may forbid the one and not the other. Only a token to which both are
    /// denied is gone.
    async fn renew(&self, held: &Leased<Self::Value>) -> Result<Lease, VaultError> {
        let client = &self.0.client;
        if held.lease.renewable {
            match extend(client, held.value()).await {
                Err(err) if err.is_denial() || err.kind() == VaultErrorKind::Invalid => {}
                answer => return answer,
            }
        }
        match auth::look_up(client, held.value()).await {
            Ok(lease) => Ok(Lease {
                renewable: false,
                ..lease
            }),
            Err(err) if err.is_denial() => Err(err.into_gone()),
            Err(err) => Err(err),
        }
    }

    async fn doomed(&self, _: &Leased<Self::Value>) {
        std::future::pending::<()>().await;
    }

    fn is_same(&self, held: &Self::Value, new: &Self::Value) -> bool {
        held.expose() == new.expose()
    }

    /// Revokes it, unless it is somebody else's. Should that fail, it is tried
    /// again when the service stops.
    async fn give_back(&self, replaced: &Leased<Self::Value>) {
        if self.0.login.owns_token() && revoke(&self.0.client, replaced.value()).await.is_ok() {
            replaced.set_revoked();
        }
    }
}

/// Revokes a token, and with it all leases that were taken by it.
pub(super) async fn revoke(client: &Client, token: &Secret<String>) -> Result<(), VaultError> {
    let call = Call {
        what: "revoke the token".to_owned(),
        path: "auth/token/revoke-self".to_owned(),
        body: Some(json!({})),
    };
    client.send(Some(token), call).await.map(drop)
}

async fn extend(client: &Client, token: &Secret<String>) -> Result<Lease, VaultError> {
    let call = Call {
        what: "renew the token".to_owned(),
        path: "auth/token/renew-self".to_owned(),
        body: Some(json!({})),
    };
    let what = call.what.clone();
    let reply = client.send(Some(token), call).await?;
    let auth = reply.and_then(|reply| reply.auth);
    let auth = auth.ok_or_else(|| VaultError::new(VaultErrorKind::Other, &what, NO_LEASE))?;
    Ok(Lease {
        id: String::new(),
        ttl: Duration::from_secs(auth.lease_duration),
        renewable: auth.renewable,
        token: 0,
        needs: None,
    })
}
