//! Secrets from HashiCorp Vault or OpenBao, for as long as a service lives.
//!
//! [`Vault::connect`] logs in, as [`VaultConfig`] says, and keeps the token
//! alive. [`Vault::kv1`] and [`Vault::kv2`] fetch one document into a snapshot,
//! [`VaultSecrets`], which a loader takes as a store. [`Vault::credentials`]
//! keeps a user of a database: renewed while that is possible, then replaced.
//! [`Vault::close`] gives the token back.
//!
//! ```no_run
//! use environ::secrets::vault::{Vault, VaultConfig};
//! use environ::{EnvConfig, Secret};
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct Bootstrap {
//!     /// `APP_VAULT_ADDR`, `APP_VAULT_AUTH`, ...
//!     #[env(group)]
//!     vault: VaultConfig,
//! }
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct AppConfig {
//!     db_url: Secret<String>,
//! }
//!
//! # async fn boot() -> Result<(), Box<dyn std::error::Error>> {
//! let vault = Vault::connect(&Bootstrap::from_env()?.vault).await?;
//! let secrets = vault.kv2("secret", "prod/app-name").await?;
//! let loaded = AppConfig::loader().secrets(secrets).load()?;
//! # Ok(())
//! # }
//! ```
//!
//! # What happens when the server is away
//!
//! A token or a lease is renewed after two thirds of its time, or up to a tenth
//! of its time earlier, at random. What cannot be renewed, or not for its whole
//! time, is replaced then. When that fails, the next try is a second later, then
//! two, then four, up to half a minute, each up to half shorter at random. What is
//! held stays in use until it runs out: a failed renewal never asks for a new one,
//! unless the server says that the old one is gone, or refuses to renew it to the
//! end. When a token is replaced, credentials are too: they would end with it. The
//! token before is given back as soon as all that was taken with it is.
//!
//! A server that always fails is asked at most ten times in the first minute and
//! five times in each one after, for each thing that is kept. What is gone is
//! replaced at once; if the next is gone as well, after a second, then two, then
//! four, up to a tenth of its time to live. Nothing below this tries anything
//! again.
//!
//! It needs tokio's runtime, with time and I/O.

mod auth;
mod client;
mod config;
mod credentials;
mod error;
mod keeper;
mod kept;
mod lease;
mod snapshot;
mod tls;
mod token;

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use auth::Login;
use client::{Call, Client, Reply};
use credentials::CredentialsOf;
use kept::Need;
use token::TokenOf;

pub use config::{AppRoleAuth, KubernetesAuth, TokenAuth, UserpassAuth, VaultAuth, VaultConfig};
pub use credentials::Credentials;
pub use error::{VaultError, VaultErrorKind};
pub use kept::{Answers, Kept, Leased, Status};
pub use lease::Health;
pub use snapshot::VaultSecrets;

use crate::redact::Secret;

/// A Vault into which somebody has logged in.
///
/// The token is kept alive until this is closed or dropped. See the
/// [module](self).
#[derive(Debug)]
pub struct Vault {
    token: Kept<Secret<String>>,
    server: Arc<Server>,
}

impl Vault {
    /// Logs in, once. What to do if that fails is up to the caller.
    ///
    /// # Errors
    ///
    /// If a file that the configuration names cannot be used, the server cannot
    /// be reached, or it refuses.
    pub async fn connect(config: &VaultConfig) -> Result<Self, VaultError> {
        let server = Arc::new(Server {
            client: Client::new(config)?,
            login: Login::new(config.auth.clone()),
        });
        let token = Kept::keep(TokenOf(Arc::clone(&server))).await?;
        Ok(Self { token, server })
    }

    /// Fetches one document of a KV engine of version 1.
    ///
    /// # Errors
    ///
    /// If there is none, or it must not be read.
    pub async fn kv1(&self, mount: &str, path: &str) -> Result<VaultSecrets, VaultError> {
        let call = Call::read(format!("{mount}/{path}"));
        let reply = self.send(call).await?;
        Ok(VaultSecrets::new(
            &self.server.client.addr,
            &format!("{mount}/{path}"),
            reply.and_then(|reply| reply.data),
        ))
    }

    /// Fetches the newest version of one document of a KV engine of version 2.
    ///
    /// # Errors
    ///
    /// If there is none, or it must not be read.
    pub async fn kv2(&self, mount: &str, path: &str) -> Result<VaultSecrets, VaultError> {
        let call = Call::read(format!("{mount}/data/{path}"));
        let reply = self.send(call).await?;
        let document = reply.and_then(|reply| reply.data);
        Ok(VaultSecrets::new(
            &self.server.client.addr,
            &format!("{mount}/{path}"),
            document.and_then(|mut document| Some(document.get_mut("data")?.take())),
        ))
    }

    /// Has the database engine at `mount` make a user for `role`, and keeps it.
    ///
    /// # Errors
    ///
    /// If the first one cannot be had.
    pub async fn credentials(
        &self,
        mount: &str,
        role: &str,
    ) -> Result<Kept<Credentials>, VaultError> {
        let lessor = CredentialsOf {
            token: self.token.follow(),
            suspicious: self.token.suspicion(),
            server: Arc::clone(&self.server),
            path: format!("{mount}/creds/{role}"),
        };
        Kept::keep(lessor).await
    }

    /// Tells how it stands with the token.
    #[must_use]
    pub fn token(&self) -> &Kept<Secret<String>> {
        &self.token
    }

    /// Gives credentials back: the database drops the user at once. Call it when
    /// nobody uses them any more. The token that took them is given back then, if
    /// it was replaced and they were its last.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or refuses. They run out by themselves.
    pub async fn revoke(&self, credentials: &Leased<Credentials>) -> Result<(), VaultError> {
        let call = Call {
            what: "revoke credentials".to_owned(),
            path: "sys/leases/revoke".to_owned(),
            body: Some(json!({"lease_id": credentials.lease.id})),
        };
        self.send(call).await?;
        credentials.set_revoked();
        Ok(())
    }

    /// Keeps credentials no more, and gives all of them back that were not yet:
    /// those in use, and those before.
    ///
    /// # Errors
    ///
    /// The first that could not be given back; all were tried.
    pub async fn revoke_all(&self, credentials: &Kept<Credentials>) -> Result<(), VaultError> {
        let mut answer = Ok(());
        for one in credentials.stop() {
            answer = answer.and(self.revoke(&one).await);
        }
        answer
    }

    /// Gives the token back, and those before it that are still valid, unless they
    /// are somebody else's. With each go all leases that were taken by it.
    ///
    /// # Errors
    ///
    /// If the newest could not be given back. It runs out by itself.
    pub async fn close(&self) -> Result<(), VaultError> {
        let tokens = self.token.stop();
        if !self.server.login.owns_token() {
            return Ok(());
        }
        let mut answer = Ok(());
        // The newest first: those before may have run out.
        for token in tokens.iter().rev() {
            let revoked = token::revoke(&self.server.client, token.value()).await;
            let is_newest = token.number() == self.token.current().number();
            if is_newest {
                answer = revoked;
            }
        }
        answer
    }

    /// Sends a request with the token that is held. A refusal may mean that it
    /// is not good any more.
    async fn send(&self, call: Call) -> Result<Option<Reply>, VaultError> {
        let (token, _needed) = in_use(&self.token.follow());
        let answer = self.server.client.send(Some(token.value()), call).await;
        if answer.as_ref().is_err_and(VaultError::is_denial) {
            self.token.suspect();
        }
        answer
    }
}

/// Gives the token that is held, and keeps it from being given back meanwhile:
/// both at once, or it may be replaced in between.
fn in_use(
    token: &watch::Receiver<Arc<Leased<Secret<String>>>>,
) -> (Arc<Leased<Secret<String>>>, Need) {
    let token = token.borrow();
    (Arc::clone(&token), token.need())
}

/// One Vault, and how to log in there.
struct Server {
    client: Client,
    login: Login,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let addr = &self.client.addr;
        f.debug_struct("Server")
            .field("addr", addr)
            .finish_non_exhaustive()
    }
}
