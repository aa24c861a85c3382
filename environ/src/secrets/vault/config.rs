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
///
/// # Examples
///
/// Without variables, in a test or a tool:
///
/// ```
/// use std::time::Duration;
///
/// use environ::secrets::vault::{AppRoleAuth, VaultAuth, VaultConfig};
///
/// let auth = AppRoleAuth::new("app", "/run/secrets/secret_id");
/// let mut config = VaultConfig::new("https://vault.example:8200", VaultAuth::Approle(auth));
/// config.timeout = Duration::from_secs(30);
/// ```
///
/// A release may add fields, and ways to log in:
///
/// ```compile_fail,E0639
/// use environ::secrets::vault::{TokenAuth, VaultAuth, VaultConfig};
///
/// let auth = VaultAuth::Token(TokenAuth::new("/run/secrets/token"));
/// let config = VaultConfig::new("https://vault.example:8200", auth);
/// let VaultConfig { addr, .. } = config.clone();
/// VaultConfig { addr, ..config };
/// ```
///
/// ```compile_fail,E0004
/// use environ::secrets::vault::VaultAuth;
///
/// fn name(auth: &VaultAuth) -> &str {
///     match auth {
///         VaultAuth::Token(_) => "token",
///         VaultAuth::Approle(_) => "approle",
///         VaultAuth::Kubernetes(_) => "kubernetes",
///         VaultAuth::Userpass(_) => "userpass",
///     }
/// }
/// ```
#[derive(Clone, Debug, EnvConfig)]
#[env(validate = certificate_has_a_key)]
#[non_exhaustive]
pub struct VaultConfig {
    /// Address of the server, without a path.
    #[env(validate = is_address, example = "https://vault.example:8200")]
    pub addr: String,
    /// Namespace of all paths.
    #[env(validate = is_header)]
    pub namespace: Option<String>,
    /// File with the CA certificates (PEM) of the server; if unset, those of the system.
    pub ca_file: Option<PathBuf>,
    /// File with the certificates (PEM) of the client.
    pub client_cert_file: Option<PathBuf>,
    /// File with the key (PEM) of the client's certificate.
    pub client_key_file: Option<PathBuf>,
    /// Time for a try to connect.
    #[env(default = "2s", validate = is_some_time)]
    pub connect_timeout: Duration,
    /// Time for a request, its connection included.
    #[env(default = "10s", validate = is_some_time)]
    pub timeout: Duration,
    /// Method of the login.
    #[env(group)]
    pub auth: VaultAuth,
}

impl VaultConfig {
    /// Creates the configuration of a server without a namespace, with the system's
    /// certificates and the default timeouts: 2 s to connect, 10 s for a request.
    ///
    /// Nothing is checked here. An address that cannot be used is an error of
    /// [`Vault::connect`](super::Vault::connect).
    #[must_use]
    pub fn new(addr: impl Into<String>, auth: VaultAuth) -> Self {
        Self {
            addr: addr.into(),
            namespace: None,
            ca_file: None,
            client_cert_file: None,
            client_key_file: None,
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(10),
            auth,
        }
    }

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

/// Method of the login.
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub enum VaultAuth {
    /// With a token in a file that another program renews.
    Token(TokenAuth),
    /// With a role id and a secret id.
    Approle(AppRoleAuth),
    /// With the token of a pod's service account.
    Kubernetes(KubernetesAuth),
    /// With a user's name and password.
    Userpass(UserpassAuth),
}

/// With a token in a file that another program renews, such as an agent.
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub struct TokenAuth {
    /// File with the token; the file is read again for each new token.
    pub file: PathBuf,
}

impl TokenAuth {
    /// Creates a login with the token in a file.
    #[must_use]
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into() }
    }
}

/// With a role id and a secret id.
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub struct AppRoleAuth {
    /// Mount of the method.
    #[env(default = "approle")]
    pub mount: String,
    /// Id of the role.
    pub role_id: String,
    /// File with the secret id; the file is read again at each login.
    pub secret_id_file: PathBuf,
    /// Switch for a file with a wrapping token, which unwraps to the secret id once.
    #[env(default = false)]
    pub wrapped: bool,
}

impl AppRoleAuth {
    /// Creates a login at `auth/approle`, with a secret id that is not wrapped.
    #[must_use]
    pub fn new(role_id: impl Into<String>, secret_id_file: impl Into<PathBuf>) -> Self {
        Self {
            mount: "approle".to_owned(),
            role_id: role_id.into(),
            secret_id_file: secret_id_file.into(),
            wrapped: false,
        }
    }
}

/// With the token of a pod's service account.
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub struct KubernetesAuth {
    /// Mount of the method.
    #[env(default = "kubernetes")]
    pub mount: String,
    /// Role of the login.
    pub role: String,
    /// File with the token of the service account; the file is read again at each login.
    #[env(default = "/var/run/secrets/kubernetes.io/serviceaccount/token")]
    pub jwt_file: PathBuf,
}

impl KubernetesAuth {
    /// Creates a login at `auth/kubernetes`, with the token in the file that Kubernetes
    /// mounts.
    #[must_use]
    pub fn new(role: impl Into<String>) -> Self {
        Self {
            mount: "kubernetes".to_owned(),
            role: role.into(),
            jwt_file: "/var/run/secrets/kubernetes.io/serviceaccount/token".into(),
        }
    }
}

/// With a user's name and password.
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub struct UserpassAuth {
    /// Mount of the method.
    #[env(default = "userpass")]
    pub mount: String,
    /// Name of the user.
    pub username: String,
    /// File with the password; the file is read again at each login.
    pub password_file: PathBuf,
}

impl UserpassAuth {
    /// Creates a login at `auth/userpass`.
    #[must_use]
    pub fn new(username: impl Into<String>, password_file: impl Into<PathBuf>) -> Self {
        Self {
            mount: "userpass".to_owned(),
            username: username.into(),
            password_file: password_file.into(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EnvConfig;

    /// Two places name each default: an attribute, and a constructor.
    #[test]
    fn constructors_have_the_defaults_of_the_variables() {
        let file = "/run/secrets/file";
        let auths = [
            (VaultAuth::Token(TokenAuth::new(file)), "token"),
            (VaultAuth::Approle(AppRoleAuth::new("me", file)), "approle"),
            (
                VaultAuth::Kubernetes(KubernetesAuth::new("me")),
                "kubernetes",
            ),
            (
                VaultAuth::Userpass(UserpassAuth::new("me", file)),
                "userpass",
            ),
        ];
        for (auth, word) in auths {
            let loaded = VaultConfig::from_source([
                ("APP_ADDR", "https://vault.example:8200"),
                ("APP_AUTH", word),
                ("APP_AUTH_TOKEN_FILE", file),
                ("APP_AUTH_APPROLE_ROLE_ID", "me"),
                ("APP_AUTH_APPROLE_SECRET_ID_FILE", file),
                ("APP_AUTH_KUBERNETES_ROLE", "me"),
                ("APP_AUTH_USERPASS_USERNAME", "me"),
                ("APP_AUTH_USERPASS_PASSWORD_FILE", file),
            ]);
            let made = VaultConfig::new("https://vault.example:8200", auth);
            assert_eq!(format!("{made:?}"), format!("{:?}", loaded.unwrap()));
        }
    }
}
