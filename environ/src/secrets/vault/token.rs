//! The Vault token: its lease, and requests that are sent with it.

use std::fmt;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::{watch, Notify};

use super::client::{Call, Client, Reply, VaultError, VaultErrorKind};
use super::login::{self, Login};
use super::renewal::{Issuer, Lease, Leased, Renewal, UseGuard, NO_LEASE};
use crate::redact::Secret;

/// Issues tokens by logging in.
pub(super) struct TokenIssuer {
    pub(super) client: Arc<Client>,
    pub(super) login: Login,
}

impl Issuer for TokenIssuer {
    type Value = Secret<String>;

    async fn issue(&self) -> Result<(Self::Value, Lease), VaultError> {
        self.login.token(&self.client).await
    }

    /// Asks for more time, or else for the time left, because a policy may forbid
    /// either request. A token to which both are denied is gone.
    async fn renew(&self, current: &Leased<Self::Value>) -> Result<Lease, VaultError> {
        if current.lease().renewable {
            match renew(&self.client, current.value()).await {
                Err(err) if err.is_denial() || err.kind() == VaultErrorKind::Invalid => {}
                answer => return answer,
            }
        }
        match login::look_up(&self.client, current.value()).await {
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

    fn is_same(&self, current: &Self::Value, issued: &Self::Value) -> bool {
        current.expose() == issued.expose()
    }

    /// Revokes a token of this process. A failure is retried when the session is
    /// closed.
    async fn revoke(&self, replaced: &Leased<Self::Value>) {
        if self.login.owns_tokens() && revoke(&self.client, replaced.value()).await.is_ok() {
            replaced.set_revoked();
        }
    }

    async fn discard(&self, issued: &Leased<Self::Value>) {
        self.revoke(issued).await;
    }
}

async fn renew(client: &Client, token: &Secret<String>) -> Result<Lease, VaultError> {
    let purpose = "renew the token";
    let call = Call::write(purpose, "auth/token/renew-self", json!({}));
    let auth = client.send(Some(token), call).await?;
    let auth = auth.and_then(|reply| reply.auth);
    let auth = auth.ok_or_else(|| VaultError::new(VaultErrorKind::Other, purpose, NO_LEASE))?;
    Ok(Lease::of_token(auth.lease_duration, auth.renewable))
}

/// Revokes a token, and with it every lease that it took.
pub(super) async fn revoke(client: &Client, token: &Secret<String>) -> Result<(), VaultError> {
    let call = Call::write("revoke the token", "auth/token/revoke-self", json!({}));
    client.send(Some(token), call).await.map(drop)
}

/// Sends requests with the current token.
pub(super) struct WithToken {
    client: Arc<Client>,
    current: watch::Receiver<Arc<Leased<Secret<String>>>>,
    suspicion: Arc<Notify>,
}

/// An answer, and the token that the request was sent with.
pub(super) struct Answer {
    pub(super) reply: Option<Reply>,
    pub(super) token_number: u64,
    pub(super) token_guard: UseGuard,
}

impl fmt::Debug for WithToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithToken").finish_non_exhaustive()
    }
}

impl WithToken {
    pub(super) fn new(client: Arc<Client>, token: &Renewal<Secret<String>>) -> Self {
        Self {
            client,
            current: token.receiver(),
            suspicion: token.suspicion(),
        }
    }

    /// Sends one request. A denial has the token checked, unless the token was
    /// replaced meanwhile.
    pub(super) async fn send(&self, call: Call) -> Result<Answer, VaultError> {
        let (token, token_guard) = self.guarded();
        let answer = self.client.send(Some(token.value()), call).await;
        let is_current = self.current.borrow().number() == token.number();
        if is_current && answer.as_ref().is_err_and(VaultError::is_denial) {
            self.suspicion.notify_one();
        }
        Ok(Answer {
            reply: answer?,
            token_number: token.number(),
            token_guard,
        })
    }

    /// Adds a text that errors must not show, in case the Vault quotes it.
    pub(super) fn hide(&self, text: &Secret<String>) {
        self.client.hide(text);
    }

    /// Returns the token and its guard under one lock, so that no rotation comes
    /// between them.
    fn guarded(&self) -> (Arc<Leased<Secret<String>>>, UseGuard) {
        let token = self.current.borrow();
        (Arc::clone(&token), token.guard())
    }

    /// Resolves when another token than this is current.
    pub(super) async fn replaced(&self, token_number: u64) {
        let mut current = self.current.clone();
        let replaced = current.wait_for(|token| token.number() != token_number);
        if replaced.await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
