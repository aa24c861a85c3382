//! The configuration of Azure Key Vault: a group for a service's own config.

use std::path::PathBuf;
use std::time::Duration;

use environ_derive::EnvConfig;
use rustls::ClientConfig;

use super::client::AzureClient;
use super::credentials::{is_authority, is_tenant, Credentials, Proof};
use super::error::{AzureError, AzureErrorKind, Fault};
use crate::redact::Secret;
use crate::secrets::address::{is_host, is_url};
use crate::secrets::http::Http;
use crate::secrets::off_thread::off_thread;
use crate::secrets::plaintext;
use crate::secrets::snapshot::is_some_time;
use crate::secrets::tls::{self, TlsError};
use crate::source::Source;

/// The configuration of Azure Key Vault: a vault, and an identity.
///
/// Use it as a group in your own config: in a field `azure` under the prefix `APP`,
/// the variables are `APP_AZURE_VAULT_URL`, `APP_AZURE_SECRET_ID`, and so on. Nothing else
/// configures the client, unless you call
/// [`with_azure_variables`](Self::with_azure_variables).
///
/// # Examples
///
/// Without variables, in a test or a tool:
///
/// ```
/// use environ::secrets::azure::AzureConfig;
///
/// let mut config = AzureConfig::new("https://my-vault.vault.azure.net");
/// config.client_id = Some("00001111-aaaa-2222-bbbb-3333cccc4444".to_owned());
/// ```
///
/// A release may add fields:
///
/// ```compile_fail,E0639
/// use environ::secrets::azure::AzureConfig;
///
/// let config = AzureConfig::new("https://my-vault.vault.azure.net");
/// AzureConfig { secret_id: Some("app-name".to_owned()), ..config };
/// ```
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub struct AzureConfig {
    /// URL of the vault.
    #[env(validate = is_url, example = "https://my-vault.vault.azure.net")]
    pub vault_url: String,
    /// Name of the secret that is a JSON object of all secrets; default: a name for each.
    #[env(example = "app-name")]
    pub secret_id: Option<String>,
    /// Id or domain of the tenant, for a client secret or a federated token.
    #[env(validate = is_tenant_id, example = "00001111-aaaa-2222-bbbb-3333cccc4444")]
    pub tenant_id: Option<String>,
    /// Client id of the application or identity; default: the identity of the machine.
    #[env(example = "00001111-aaaa-2222-bbbb-3333cccc4444")]
    pub client_id: Option<String>,
    /// File with the client secret of an application; the file is read again at each login.
    pub client_secret_file: Option<PathBuf>,
    /// File with a token that the identity trusts; the file is read again at each login.
    pub federated_token_file: Option<PathBuf>,
    /// Address of the server that issues the tokens of a tenant (Entra ID).
    #[env(default = "https://login.microsoftonline.com", validate = is_authority)]
    pub authority_host: String,
    /// Host and port of the metadata server.
    #[env(default = "169.254.169.254", validate = is_host)]
    pub metadata_host: String,
    /// File with the CA certificates (PEM) of the servers; default: the system's.
    pub ca_file: Option<PathBuf>,
    /// Maximum time to connect.
    #[env(default = "2s", validate = is_some_time)]
    pub connect_timeout: Duration,
    /// Maximum time to fetch a secret, login included.
    #[env(default = "10s", validate = is_some_time)]
    pub timeout: Duration,
    /// The client secret of Azure's own variable.
    #[env(skip)]
    client_secret: Option<Secret<String>>,
    /// The address of the identity in App Service, and the header that it wants.
    #[env(skip)]
    app_service: Option<(String, Secret<String>)>,
}

/// The authority of the public cloud.
const AUTHORITY: &str = "https://login.microsoftonline.com";
/// The metadata server of every virtual machine.
const METADATA_HOST: &str = "169.254.169.254";

impl AzureConfig {
    /// Creates the configuration of a vault for the identity of the machine, with the default
    /// timeouts: 2 s to connect, 10 s for a secret.
    ///
    /// Nothing is checked here. An address that cannot be used is an error of each
    /// request.
    #[must_use]
    pub fn new(vault_url: impl Into<String>) -> Self {
        Self {
            vault_url: vault_url.into(),
            secret_id: None,
            tenant_id: None,
            client_id: None,
            client_secret_file: None,
            federated_token_file: None,
            authority_host: AUTHORITY.to_owned(),
            metadata_host: METADATA_HOST.to_owned(),
            ca_file: None,
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(10),
            client_secret: None,
            app_service: None,
        }
    }

    /// Sets fields that are unset from the variables of Azure's own tools and platforms:
    /// `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`,
    /// `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_AUTHORITY_HOST`, `IDENTITY_ENDPOINT` and
    /// `IDENTITY_HEADER` of `env`.
    ///
    /// A file with a client secret or a token that is set already is the only proof.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::azure::AzureConfig;
    ///
    /// let env = [("AZURE_TENANT_ID", "contoso.onmicrosoft.com")];
    /// let config = AzureConfig::new("https://my-vault.vault.azure.net");
    /// let config = config.with_azure_variables(&env);
    /// assert_eq!(config.tenant_id.as_deref(), Some("contoso.onmicrosoft.com"));
    /// ```
    #[must_use]
    pub fn with_azure_variables(mut self, env: &dyn Source) -> Self {
        let variable = |name| env.get(name).filter(|text| !text.is_empty());
        let text = |name| variable(name).map(|text| text.to_string_lossy().into_owned());
        if self.client_secret_file.is_none() && self.federated_token_file.is_none() {
            self.client_secret = text("AZURE_CLIENT_SECRET").map(Secret::new);
            let file = variable("AZURE_FEDERATED_TOKEN_FILE");
            self.federated_token_file = file.map(|path| PathBuf::from(path.into_owned()));
        }
        self.tenant_id = self.tenant_id.or_else(|| text("AZURE_TENANT_ID"));
        self.client_id = self.client_id.or_else(|| text("AZURE_CLIENT_ID"));
        if self.authority_host == AUTHORITY {
            if let Some(host) = text("AZURE_AUTHORITY_HOST") {
                self.authority_host = host;
            }
        }
        let header = text("IDENTITY_HEADER").map(Secret::new);
        self.app_service = text("IDENTITY_ENDPOINT").zip(header);
        self
    }

    /// Returns the host to which tokens and secrets travel in plaintext, for a warning: the
    /// host of a vault at `http://`, unless it is this machine.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::azure::AzureConfig;
    ///
    /// let config = AzureConfig::new("https://my-vault.vault.azure.net");
    /// assert_eq!(config.plaintext_host(), None);
    /// let config = AzureConfig::new("http://secrets.example");
    /// assert_eq!(config.plaintext_host().as_deref(), Some("secrets.example"));
    /// ```
    #[must_use]
    pub fn plaintext_host(&self) -> Option<String> {
        plaintext::host_of_url(&self.vault_url)
    }

    /// Creates a client, which sends nothing before the first request.
    ///
    /// The identity is the first that is configured: a client secret, a federated token, that
    /// of App Service, that of the virtual machine. The client uses no proxy, and follows no
    /// redirect.
    ///
    /// # Errors
    ///
    /// If the file with the certificates cannot be used, or credentials have no tenant and
    /// client id.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn client(&self) -> Result<AzureClient, AzureError> {
        let failed = |(kind, reason): Fault| AzureError::of_client(kind, reason);
        let credentials = self.credentials().map_err(failed)?;
        let files = self.clone();
        let tls = off_thread(move || files.tls()).await;
        let tls = tls.map_err(|err| failed((AzureErrorKind::Other, err.to_string())))?;
        let http = Http::new(tls.map_err(failed)?, self.connect_timeout);
        let http = http.map_err(|err| failed((AzureErrorKind::File, err.to_string())))?;
        let client = AzureClient::new(http, credentials, &self.vault_url, self.timeout);
        Ok(client)
    }

    fn credentials(&self) -> Result<Credentials, Fault> {
        let client_id = self.client_id.clone();
        let proof = match (&self.client_secret_file, &self.client_secret) {
            (Some(path), _) => Some(Proof::SecretFile(path.clone())),
            (None, Some(secret)) => Some(Proof::Secret(secret.clone())),
            (None, None) => self.federated_token_file.clone().map(Proof::TokenFile),
        };
        match (proof, &self.app_service) {
            (Some(proof), _) => {
                let (tenant, id) = (self.tenant_id.as_deref(), client_id.as_deref());
                Credentials::of_application(&self.authority_host, tenant, id, proof)
            }
            (None, Some((endpoint, header))) => Ok(Credentials::AppService {
                endpoint: endpoint.clone(),
                header: header.clone(),
                client_id,
            }),
            (None, None) => Ok(Credentials::Machine {
                host: self.metadata_host.clone(),
                client_id,
            }),
        }
    }

    fn tls(&self) -> Result<ClientConfig, Fault> {
        let is_tls = !self.vault_url.starts_with("http://");
        let tls = tls::trusting(self.ca_file.as_deref(), is_tls).map_err(|err| match err {
            TlsError::File(reason) => (AzureErrorKind::File, reason),
            TlsError::NoRoots(reason) => (AzureErrorKind::Untrusted, reason),
        })?;
        Ok(tls.with_no_client_auth())
    }
}

fn is_tenant_id(tenant: &str) -> Result<(), &'static str> {
    if is_tenant(tenant) {
        return Ok(());
    }
    Err("it must be the id or the domain of a tenant")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EnvConfig;

    /// Two places name each default: an attribute, and the constructor.
    #[test]
    fn the_constructor_has_the_defaults_of_the_variables() {
        let url = "https://my-vault.vault.azure.net";
        let loaded = AzureConfig::from_source([("APP_VAULT_URL", url)]).unwrap();
        assert_eq!(
            format!("{:?}", AzureConfig::new(url)),
            format!("{loaded:?}")
        );
    }
}
