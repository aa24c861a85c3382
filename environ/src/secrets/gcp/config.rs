//! The configuration of Google's stores: a group for a service's own config.

use std::path::PathBuf;
use std::time::Duration;

use environ_derive::EnvConfig;
use rustls::ClientConfig;

use super::client::{Addresses, GcpClient};
use super::credentials::Credentials;
use super::error::{Fault, GcpError, GcpErrorKind};
use super::name;
use crate::secrets::address::{is_host, is_url};
use crate::secrets::http::Http;
use crate::secrets::off_thread::off_thread;
use crate::secrets::plaintext;
use crate::secrets::snapshot::is_some_time;
use crate::secrets::tls::{self, TlsError};
use crate::source::Source;

/// The configuration of Google Secret Manager and Cloud KMS.
///
/// Use it as a group in your own config: in a field `gcp` under the prefix `APP`,
/// the variables are `APP_GCP_PROJECT`, `APP_GCP_SECRET_ID`, and so on. Nothing else
/// configures the client, unless you call
/// [`with_google_variables`](Self::with_google_variables). On Google Cloud, no variable is
/// needed but the name of a secret or of a key.
///
/// # Examples
///
/// Without variables of your own, in a test or a tool:
///
/// ```
/// use environ::secrets::gcp::GcpConfig;
///
/// let mut config = GcpConfig::new();
/// config.project = Some("my-project".to_owned());
/// ```
///
/// A release may add fields:
///
/// ```compile_fail,E0639
/// use environ::secrets::gcp::GcpConfig;
///
/// let config = GcpConfig::new();
/// GcpConfig { project: Some("my-project".to_owned()), ..config };
/// ```
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub struct GcpConfig {
    /// Project of the secrets; default: that of the credentials or of the machine.
    #[env(validate = is_project, example = "my-project")]
    pub project: Option<String>,
    /// Name of the secret that is a JSON object of all secrets; default: a name for each.
    #[env(example = "app-name")]
    pub secret_id: Option<String>,
    /// Key of Cloud KMS that decrypts secrets in variables with `_KMS` at the end.
    #[env(
        validate = is_key,
        example = "projects/my-project/locations/global/keyRings/my-ring/cryptoKeys/my-key"
    )]
    pub kms_key: Option<String>,
    /// File with credentials (JSON); default: the service account of the machine.
    pub credentials_file: Option<PathBuf>,
    /// Address of Secret Manager, if it is not Google's own.
    #[env(validate = is_url, example = "http://127.0.0.1:9090")]
    pub endpoint_url: Option<String>,
    /// Address of Cloud KMS, if it is not Google's own.
    #[env(validate = is_url, example = "http://127.0.0.1:9091")]
    pub kms_endpoint_url: Option<String>,
    /// Host and port of the metadata server.
    #[env(default = "metadata.google.internal", validate = is_host)]
    pub metadata_host: String,
    /// File with the CA certificates (PEM) of the service; default: the system's.
    pub ca_file: Option<PathBuf>,
    /// Maximum time to connect.
    #[env(default = "2s", validate = is_some_time)]
    pub connect_timeout: Duration,
    /// Maximum time to fetch or decrypt a secret, login included.
    #[env(default = "10s", validate = is_some_time)]
    pub timeout: Duration,
}

/// The host that Google's machines have.
const METADATA_HOST: &str = "metadata.google.internal";

impl GcpConfig {
    /// Creates the configuration of a machine of Google's, with the default timeouts: 2 s to
    /// connect, 10 s for a secret.
    ///
    /// Nothing is checked here. An address that cannot be used is an error of each
    /// request.
    #[must_use]
    pub fn new() -> Self {
        Self {
            project: None,
            secret_id: None,
            kms_key: None,
            credentials_file: None,
            endpoint_url: None,
            kms_endpoint_url: None,
            metadata_host: METADATA_HOST.to_owned(),
            ca_file: None,
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(10),
        }
    }

    /// Sets fields that are unset from the variables of Google's own tools:
    /// `GOOGLE_APPLICATION_CREDENTIALS`, `GOOGLE_CLOUD_PROJECT` and `GCE_METADATA_HOST` of
    /// `env`.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::gcp::GcpConfig;
    ///
    /// let env = [("GOOGLE_CLOUD_PROJECT", "my-project")];
    /// let config = GcpConfig::new().with_google_variables(&env);
    /// assert_eq!(config.project.as_deref(), Some("my-project"));
    /// ```
    #[must_use]
    pub fn with_google_variables(mut self, env: &dyn Source) -> Self {
        let variable = |name| env.get(name).filter(|text| !text.is_empty());
        let text = |name| variable(name).map(|text| text.to_string_lossy().into_owned());
        if self.credentials_file.is_none() {
            let file = variable("GOOGLE_APPLICATION_CREDENTIALS");
            self.credentials_file = file.map(|path| PathBuf::from(path.into_owned()));
        }
        self.project = self.project.or_else(|| text("GOOGLE_CLOUD_PROJECT"));
        if self.metadata_host == METADATA_HOST {
            if let Some(host) = text("GCE_METADATA_HOST") {
                self.metadata_host = host;
            }
        }
        self
    }

    /// Returns the host to which tokens and secrets travel in plaintext, for a warning: the
    /// host of an `http://` endpoint of either service, unless it is this machine.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::gcp::GcpConfig;
    ///
    /// let mut config = GcpConfig::new();
    /// assert_eq!(config.plaintext_host(), None);
    /// config.endpoint_url = Some("http://secrets.example".to_owned());
    /// assert_eq!(config.plaintext_host().as_deref(), Some("secrets.example"));
    /// ```
    #[must_use]
    pub fn plaintext_host(&self) -> Option<String> {
        let mut urls = [&self.endpoint_url, &self.kms_endpoint_url]
            .into_iter()
            .flatten();
        urls.find_map(|url| plaintext::host_of_url(url))
    }

    /// Creates a client, which sends nothing before the first request.
    ///
    /// The client uses no proxy, and follows no redirect.
    ///
    /// # Errors
    ///
    /// If the file with the credentials or the certificates cannot be used.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn client(&self) -> Result<GcpClient, GcpError> {
        let failed = |(kind, reason): Fault| GcpError::of_client(kind, reason);
        let files = self.clone();
        let read = off_thread(move || files.read()).await;
        let read = read.map_err(|err| failed((GcpErrorKind::Other, err.to_string())))?;
        let (tls, credentials) = read.map_err(failed)?;
        let http = Http::new(tls, self.connect_timeout);
        let http = http.map_err(|err| failed((GcpErrorKind::File, err.to_string())))?;
        let addresses = Addresses {
            project: self.project.clone(),
            endpoint: self.endpoint_url.clone(),
            key: self.kms_key.clone(),
            kms_endpoint: self.kms_endpoint_url.clone(),
        };
        Ok(GcpClient::new(http, credentials, addresses, self.timeout))
    }

    /// Reads every file that the configuration names.
    fn read(&self) -> Result<(ClientConfig, Credentials), Fault> {
        let is_plaintext = |url: &Option<String>| {
            let url = url.as_deref();
            url.is_some_and(|url| url.starts_with("http://"))
        };
        let is_kms_plaintext = self.kms_key.is_none() || is_plaintext(&self.kms_endpoint_url);
        let is_tls = !is_plaintext(&self.endpoint_url) || !is_kms_plaintext;
        let tls = tls::trusting(self.ca_file.as_deref(), is_tls).map_err(|err| match err {
            TlsError::File(reason) => (GcpErrorKind::File, reason),
            TlsError::NoRoots(reason) => (GcpErrorKind::Untrusted, reason),
        })?;
        let credentials = match &self.credentials_file {
            Some(path) => {
                Credentials::of_file(path).map_err(|reason| (GcpErrorKind::File, reason))?
            }
            None => Credentials::of_machine(&self.metadata_host),
        };
        Ok((tls.with_no_client_auth(), credentials))
    }
}

impl Default for GcpConfig {
    fn default() -> Self {
        Self::new()
    }
}

fn is_project(project: &str) -> Result<(), &'static str> {
    if name::is_project(project) {
        return Ok(());
    }
    Err("it must be the id or the number of a project")
}

fn is_key(key: &str) -> Result<(), &'static str> {
    name::is_key(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EnvConfig;

    /// Two places name each default: an attribute, and the constructor.
    #[test]
    fn the_constructor_has_the_defaults_of_the_variables() {
        let loaded = GcpConfig::from_source(()).unwrap();
        assert_eq!(format!("{:?}", GcpConfig::new()), format!("{loaded:?}"));
    }
}
