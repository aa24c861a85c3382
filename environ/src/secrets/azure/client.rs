//! The client: connections, the identity, and its current token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use tokio::time::Instant;

use super::credentials::Credentials;
use super::error::Fault;
use super::name::SecretName;
use super::refusal;
use crate::secrets::http::{Answer, Http};
use crate::secrets::token::CurrentToken;

/// A client of a vault of Azure Key Vault. Clones share its connections and its token.
///
/// Create it with [`AzureConfig::client`](super::AzureConfig::client).
#[derive(Clone)]
pub struct AzureClient(Arc<Inner>);

struct Inner {
    http: Http,
    credentials: Credentials,
    /// Without a slash at its end.
    vault_url: String,
    token: CurrentToken,
    timeout: Duration,
}

/// The version of the interface that all clouds of Azure have.
const API_VERSION: &str = "7.4";

impl AzureClient {
    pub(super) fn new(
        http: Http,
        credentials: Credentials,
        vault_url: &str,
        timeout: Duration,
    ) -> Self {
        Self(Arc::new(Inner {
            http,
            credentials,
            vault_url: vault_url.trim_end_matches('/').to_owned(),
            token: CurrentToken::default(),
            timeout,
        }))
    }

    /// Returns the URL of the vault, without a slash at its end.
    pub(super) fn vault_url(&self) -> &str {
        &self.0.vault_url
    }

    /// Checks the login, without a request.
    pub(super) async fn check_login(&self) -> Result<(), Fault> {
        self.0.credentials.check().await
    }

    /// Asks for a version of a secret. An answer that is a refusal is an error.
    pub(super) async fn access(&self, name: &SecretName) -> Result<Answer, Fault> {
        let Inner {
            http, credentials, ..
        } = &*self.0;
        let deadline = Instant::now() + self.0.timeout;
        let vault = self.vault_url();
        let url = format!("{vault}{}?api-version={API_VERSION}", name.path());
        let resource = resource(vault);
        let login = credentials.token(http, &resource, deadline);
        let token = self.0.token.or_login(login).await?;
        let request = http.with_token(http.get(&url), &token);
        let answer = http.send(request, deadline).await?;
        if answer.is_success() {
            return Ok(answer);
        }
        if answer.status == 401 {
            self.0.token.forget(&token).await;
        }
        Err(refusal::of_secret(&answer, &http.hidden))
    }
}

/// The domains of vaults in clouds of their own. Tokens are for all vaults of a domain.
const DOMAINS: [&str; 2] = ["vault.azure.cn", "vault.usgovcloudapi.net"];

/// Returns the resource that tokens for a vault are for.
fn resource(vault_url: &str) -> String {
    let url = Url::parse(vault_url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let is_domain = |domain: &&&str| host.ends_with(&format!(".{domain}"));
    let domain = DOMAINS.iter().find(is_domain);
    format!("https://{}", domain.unwrap_or(&"vault.azure.net"))
}

/// Without the credentials.
impl fmt::Debug for AzureClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureClient").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::resource;

    #[test]
    fn a_token_is_for_the_cloud_of_the_vault() {
        for (url, expected) in [
            ("https://x.vault.azure.net", "https://vault.azure.net"),
            ("https://X.VAULT.azure.cn/", "https://vault.azure.cn"),
            (
                "https://x.vault.usgovcloudapi.net:443",
                "https://vault.usgovcloudapi.net",
            ),
            ("https://xvault.azure.cn", "https://vault.azure.net"),
            ("http://127.0.0.1:1", "https://vault.azure.net"),
        ] {
            assert_eq!(resource(url), expected, "{url}");
        }
    }
}
