//! A session with a Vault: from login to the revocation of everything issued.

use std::sync::Arc;

use serde_json::{json, Value};

use super::client::{Call, Client, VaultError};
use super::config::VaultConfig;
use super::credentials::{Credentials, CredentialsIssuer};
use super::document::VaultSecrets;
use super::login::Login;
use super::renewal::{Leased, Renewal};
use super::token::{self, TokenIssuer, WithToken};
use crate::redact::Secret;

/// A session with a Vault.
///
/// The token is renewed until the session is closed or dropped. See the
/// [module](super).
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
    pub async fn connect(config: &VaultConfig) -> Result<Self, VaultError> {
        let client = Arc::new(Client::new(config).await?);
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

    /// Fetches one document of a KV engine of version 1.
    ///
    /// # Errors
    ///
    /// If the document does not exist, or the token must not read it.
    pub async fn kv1(&self, mount: &str, path: &str) -> Result<VaultSecrets, VaultError> {
        let document = self.read(format!("{mount}/{path}")).await?;
        Ok(self.secrets(mount, path, document))
    }

    /// Fetches the newest version of one document of a KV engine of version 2.
    ///
    /// # Errors
    ///
    /// If the document does not exist, or the token must not read it.
    pub async fn kv2(&self, mount: &str, path: &str) -> Result<VaultSecrets, VaultError> {
        let version = self.read(format!("{mount}/data/{path}")).await?;
        let document = version.and_then(|mut version| Some(version.get_mut("data")?.take()));
        Ok(self.secrets(mount, path, document))
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
    pub async fn credentials(
        &self,
        mount: &str,
        role: &str,
    ) -> Result<Renewal<Credentials>, VaultError> {
        let issuer = CredentialsIssuer {
            vault: self.with_token(),
            path: format!("{mount}/creds/{role}"),
        };
        Renewal::start(issuer).await
    }

    /// Returns the renewal of the token.
    #[must_use]
    pub fn token(&self) -> &Renewal<Secret<String>> {
        &self.token
    }

    /// Revokes credentials: the database drops the user at once. Call this after the
    /// last connection of the user is closed.
    ///
    /// If the token that took the credentials was replaced, and they were its last
    /// lease, the token is revoked as well.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or refuses. The credentials then expire by
    /// themselves.
    pub async fn revoke(&self, credentials: &Leased<Credentials>) -> Result<(), VaultError> {
        let body = json!({"lease_id": credentials.lease().id});
        let call = Call::write("revoke credentials", "sys/leases/revoke", body);
        self.with_token().send(call).await?;
        credentials.set_revoked();
        Ok(())
    }

    /// Ends the renewal of credentials, and revokes all that may still be valid: the
    /// current ones, and those before.
    ///
    /// # Errors
    ///
    /// The first failure, after all were tried.
    pub async fn revoke_all(&self, credentials: &Renewal<Credentials>) -> Result<(), VaultError> {
        let mut answer = Ok(());
        for leased in credentials.stop() {
            answer = answer.and(self.revoke(&leased).await);
        }
        answer
    }

    /// Revokes the token, and each replaced token that is still valid, with every
    /// lease that they took. A token of another process ([`VaultAuth::Token`]) is
    /// not revoked.
    ///
    /// [`VaultAuth::Token`]: super::VaultAuth::Token
    ///
    /// # Errors
    ///
    /// If the current token cannot be revoked. The token then expires by itself.
    pub async fn close(&self) -> Result<(), VaultError> {
        let tokens = self.token.stop();
        if !self.owns_tokens {
            return Ok(());
        }
        let mut answer = Ok(());
        // The current token first, because the replaced tokens may have expired.
        for token in tokens.iter().rev() {
            let revoked = token::revoke(&self.client, token.value()).await;
            if token.number() == self.token.current().number() {
                answer = revoked;
            }
        }
        answer
    }

    fn with_token(&self) -> WithToken {
        WithToken::new(Arc::clone(&self.client), &self.token)
    }
}
