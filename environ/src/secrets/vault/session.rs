//! A session with a Vault: from login to the revocation of everything issued.

use std::sync::Arc;

use serde_json::Value;

use super::client::{Call, Client, ObserveVault, VaultError};
use super::config::VaultConfig;
use super::credentials::{Credentials, CredentialsIssuer};
use super::document::VaultSecrets;
use super::login::Login;
use super::renewal::Renewal;
use super::token::{self, TokenIssuer, WithToken};
use super::uninterrupted::uninterrupted;
use crate::redact::Secret;

/// A session with a Vault.
///
/// The token is renewed until the session is [closed](Self::close) or dropped. A dropped
/// session revokes nothing. See the [module](super).
#[derive(Debug)]
pub struct Vault {
    client: Arc<Client>,
    owns_tokens: bool,
    token: Renewal<Secret<String>>,
}

impl Vault {
    /// Logs in, without a second try.
    ///
    /// # Errors
    ///
    /// If a file that the configuration names cannot be used, the server cannot
    /// be reached, or the server refuses the login.
    ///
    /// # Cancel safety
    ///
    /// If you drop the future, the login goes on, and its token is revoked. A
    /// [wrapped](super::AppRoleAuth::wrapped) secret id is spent all the same.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn connect(config: &VaultConfig) -> Result<Self, VaultError> {
        Self::connect_with(config, None).await
    }

    /// Logs in as [`connect`](Self::connect) does, with an observer of every request: of the
    /// login, and of each renewal and revocation.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    ///
    /// # Cancel safety
    ///
    /// As [`connect`](Self::connect).
    ///
    /// # Panics
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_observed(
        config: &VaultConfig,
        observer: Arc<dyn ObserveVault>,
    ) -> Result<Self, VaultError> {
        Self::connect_with(config, Some(observer)).await
    }

    async fn connect_with(
        config: &VaultConfig,
        observer: Option<Arc<dyn ObserveVault>>,
    ) -> Result<Self, VaultError> {
        let client = Arc::new(Client::new(config, observer).await?);
        let login = Login::new(config.auth.clone());
        let owns_tokens = login.owns_tokens();
        let issuer = TokenIssuer {
            client: Arc::clone(&client),
            login,
        };
        Ok(Self {
            client,
            owns_tokens,
            token: Renewal::start(issuer).await?,
        })
    }

    /// Returns whether [`close`](Self::close) revokes the token: not if the token was in a file,
    /// because such a token belongs to another program.
    #[must_use]
    pub fn owns_token(&self) -> bool {
        self.owns_tokens
    }

    /// Fetches one document of a KV engine of version 1.
    ///
    /// # Errors
    ///
    /// If the document does not exist, or the token must not read it.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn kv1(&self, mount: &str, path: &str) -> Result<VaultSecrets, VaultError> {
        let document = self.read(format!("{mount}/{path}")).await?;
        Ok(self.secrets(mount, path, document))
    }

    /// Fetches the newest version of one document of a KV engine of version 2.
    ///
    /// # Errors
    ///
    /// If the document does not exist, or the token must not read it.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn kv2(&self, mount: &str, path: &str) -> Result<VaultSecrets, VaultError> {
        let answer = self.read(format!("{mount}/data/{path}")).await?;
        let version = answer
            .as_ref()
            .and_then(|answer| answer["metadata"]["version"].as_u64());
        let document = answer.and_then(|mut answer| Some(answer.get_mut("data")?.take()));
        Ok(self.secrets(mount, path, document).of_version(version))
    }

    async fn read(&self, path: String) -> Result<Option<Value>, VaultError> {
        let answer = self.with_token().send(Call::read(path)).await?;
        Ok(answer.reply.and_then(|reply| reply.data))
    }

    fn secrets(&self, mount: &str, path: &str, document: Option<Value>) -> VaultSecrets {
        VaultSecrets::new(self.client.addr(), &format!("{mount}/{path}"), document)
    }

    /// Issues a user of the database engine at `mount` for `role`, and renews its
    /// lease.
    ///
    /// # Errors
    ///
    /// If the first user cannot be issued.
    ///
    /// # Cancel safety
    ///
    /// If you drop the future, the request goes on, and its user is revoked.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn credentials(
        &self,
        mount: &str,
        role: &str,
    ) -> Result<Renewal<Credentials>, VaultError> {
        let issuer = CredentialsIssuer {
            vault: Arc::new(self.with_token()),
            path: format!("{mount}/creds/{role}"),
        };
        Renewal::start(issuer).await
    }

    /// Returns the renewal of the token.
    #[must_use]
    pub fn token(&self) -> &Renewal<Secret<String>> {
        &self.token
    }

    /// Ends the renewal of the token, and revokes it, each replaced token that is still
    /// valid, and every lease that they took. A token of another process
    /// ([`VaultAuth::Token`]) is not revoked.
    ///
    /// Without this call, the token expires by itself.
    ///
    /// [`VaultAuth::Token`]: super::VaultAuth::Token
    ///
    /// # Errors
    ///
    /// If the current token cannot be revoked. The token then expires by itself.
    ///
    /// # Cancel safety
    ///
    /// If you drop the future after its first poll, the requests go on until all tokens
    /// are revoked. If you drop the future before, the token expires by itself.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn close(self) -> Result<(), VaultError> {
        let tokens = self.token.stop();
        if !self.owns_tokens {
            return Ok(());
        }
        let current = self.token.current().number();
        let client = self.client;
        let work = async move {
            let mut answer = Ok(());
            // The current token first, because the replaced tokens may have expired.
            for token in tokens.iter().rev() {
                let revoked = token::revoke(&client, token.value()).await;
                if token.number() == current {
                    answer = revoked;
                }
            }
            answer
        };
        uninterrupted("revoke the token", work).await
    }

    fn with_token(&self) -> WithToken {
        WithToken::new(Arc::clone(&self.client), &self.token)
    }
}
