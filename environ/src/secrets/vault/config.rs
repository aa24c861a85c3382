//! The configuration of a Vault: a group for a service's own config.

use std::path::PathBuf;
use std::time::Duration;

use environ_derive::EnvConfig;

use crate::secrets::plaintext;
use crate::secrets::snapshot::is_some_time;

/// The configuration of a Vault: its address, and a login.
///
/// Use it as a group in your own config: in a field `vault` under the prefix `APP`,
/// the variables are `APP_VAULT_ADDR`, `APP_VAULT_AUTH`, and so on. Nothing else
/// configures the client: neither Vault's own variables, such as `VAULT_ADDR` and
/// `VAULT_TOKEN`, nor the variables of proxies.
#[derive(Clone, Debug, EnvConfig)]
#[env(validate = certificate_has_a_key)]
pub struct VaultConfig {
    /// Address of the server, without a path.
    #[env(validate = is_address, example = "https://vault.example:8200")]
    pub addr: String,
    /// Namespace that all paths are in.
    #[env(validate = is_header)]
    pub namespace: Option<String>,
    /// File with the certificates (PEM) of those who sign for the server; the
    /// system's, if not set.
    pub ca_file: Option<PathBuf>,
    /// File with the certificates (PEM) that the client shows.
    pub client_cert_file: Option<PathBuf>,
    /// File with the key (PEM) of the certificate that the client shows.
    pub client_key_file: Option<PathBuf>,
    /// How long connecting may take.
    #[env(default = "2s", validate = is_some_time)]
    pub connect_timeout: Duration,
    /// How long a request may take, connecting included.
    #[env(default = "10s", validate = is_some_time)]
    pub timeout: Duration,
    /// How to log in.
    #[env(group)]
    pub auth: VaultAuth,
}

impl VaultConfig {
    /// Returns the host to which tokens and secrets travel in plaintext, for a warning:
    /// the host of an `http://` address, unless it is this machine.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::vault::VaultConfig;
    /// use environ::EnvConfig;
    ///
    /// #[derive(Debug, EnvConfig)]
    /// struct Bootstrap {
    ///     #[env(group)]
    ///     vault: VaultConfig,
    /// }
    ///
    /// let boot = Bootstrap::from_source([
    ///     ("APP_VAULT_ADDR", "http://vault.example:8200"),
    ///     ("APP_VAULT_AUTH", "token"),
    ///     ("APP_VAULT_AUTH_TOKEN_FILE", "/run/secrets/token"),
    /// ])?;
    /// assert_eq!(boot.vault.plaintext_host().as_deref(), Some("vault.example"));
    /// # Ok::<(), environ::Error>(())
    /// ```
    #[must_use]
    pub fn plaintext_host(&self) -> Option<String> {
        // As the client reads it: without tabs, in lower case.
        let url = reqwest::Url::parse(&self.addr).ok()?;
        plaintext::host(url.as_str())
    }
}

/// How to log in.
#[derive(Clone, Debug, EnvConfig)]
pub enum VaultAuth {
    /// With a token that somebody else keeps in a file.
    Token(TokenAuth),
    /// With a role id and a secret id.
    Approle(AppRoleAuth),
    /// With the token of a pod's service account.
    Kubernetes(KubernetesAuth),
    /// With a user's name and password.
    Userpass(UserpassAuth),
}

/// With a token that somebody else keeps in a file, like an agent.
#[derive(Clone, Debug, EnvConfig)]
pub struct TokenAuth {
    /// File with the token. It is read again whenever a new token is needed.
    pub file: PathBuf,
}

/// With a role id and a secret id.
#[derive(Clone, Debug, EnvConfig)]
pub struct AppRoleAuth {
    /// Where the method is mounted.
    #[env(default = "approle")]
    pub mount: String,
    /// The role's id.
    pub role_id: String,
    /// File with the secret id. It is read again at every login.
    pub secret_id_file: PathBuf,
    /// Whether the file holds a wrapping token, which gives the secret id once.
    #[env(default = false)]
    pub wrapped: bool,
}

/// With the token of a pod's service account.
#[derive(Clone, Debug, EnvConfig)]
pub struct KubernetesAuth {
    /// Where the method is mounted.
    #[env(default = "kubernetes")]
    pub mount: String,
    /// The role to log in for.
    pub role: String,
    /// File with the service account's token. It is read again at every login.
    #[env(default = "/var/run/secrets/kubernetes.io/serviceaccount/token")]
    pub jwt_file: PathBuf,
}

/// With a user's name and password.
#[derive(Clone, Debug, EnvConfig)]
pub struct UserpassAuth {
    /// Where the method is mounted.
    #[env(default = "userpass")]
    pub mount: String,
    /// The user's name.
    pub username: String,
    /// File with the password. It is read again at every login.
    pub password_file: PathBuf,
}

fn is_address(addr: &str) -> Result<(), &'static str> {
    let url =
        reqwest::Url::parse(addr).map_err(|_| "it must be like https://vault.example:8200")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it must begin with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not hold a user or a password");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("it must end after the port");
    }
    Ok(())
}

fn is_header(text: &str) -> Result<(), &'static str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err("it must be of printable ASCII, without white space")
}

fn certificate_has_a_key(config: &VaultConfig) -> Result<(), &'static str> {
    if config.client_cert_file.is_some() == config.client_key_file.is_some() {
        return Ok(());
    }
    Err("a client's certificate needs its key, and a key its certificate; set both files or none")
}
