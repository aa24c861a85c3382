//! The configuration of AWS Secrets Manager: a group for a service's own config.

use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::config::Builder;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore};
use environ_derive::EnvConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::Verifier;

use super::client::AwsClient;
use super::credentials::Explained;
use super::error::{AwsError, AwsErrorKind};
use super::files::{self, UnusableFile};
use super::transport::Guarded;
use crate::secrets::causes::root_cause;
use crate::secrets::off_thread::off_thread;
use crate::secrets::plaintext;
use crate::secrets::server_text::Hidden;
use crate::secrets::snapshot::is_some_time;
use crate::source::Source;

/// The configuration of AWS Secrets Manager.
///
/// Use it as a group in your own config: in a field `aws` under the prefix `APP`,
/// the variables are `APP_AWS_REGION`, `APP_AWS_SECRET_ID`, and so on. The SDK finds
/// everything else in its usual places: variables such as `AWS_REGION` and
/// `AWS_ACCESS_KEY_ID`, its files, the role of a pod or a task, and the machine.
///
/// # Examples
///
/// Without variables of your own, in a test or a tool:
///
/// ```
/// use environ::secrets::aws::AwsConfig;
///
/// let mut config = AwsConfig::new();
/// config.region = Some("eu-central-1".to_owned());
/// ```
///
/// A release may add fields:
///
/// ```compile_fail,E0639
/// use environ::secrets::aws::AwsConfig;
///
/// let config = AwsConfig::new();
/// AwsConfig { region: Some("eu-central-1".to_owned()), ..config };
/// ```
#[derive(Clone, Debug, EnvConfig)]
#[non_exhaustive]
pub struct AwsConfig {
    /// Region of the secrets; if unset, the region of the SDK.
    #[env(example = "eu-central-1")]
    pub region: Option<String>,
    /// Address of the service, in place of the address of the region.
    #[env(validate = is_url, example = "http://127.0.0.1:5000")]
    pub endpoint_url: Option<String>,
    /// Id or ARN of a secret with all secrets as JSON; if unset, an id for each secret.
    #[env(example = "prod/app-name")]
    pub secret_id: Option<String>,
    /// Time for a try to connect.
    #[env(default = "2s", validate = is_some_time)]
    pub connect_timeout: Duration,
    /// Time to fetch a secret, all tries included.
    #[env(default = "10s", validate = is_some_time)]
    pub timeout: Duration,
}

impl AwsConfig {
    /// Creates a configuration that leaves region and endpoint to the SDK, with the
    /// default timeouts: 2 s to connect, 10 s for a secret.
    ///
    /// Nothing is checked here. An endpoint that cannot be used is an error of each
    /// request.
    #[must_use]
    pub fn new() -> Self {
        Self {
            region: None,
            endpoint_url: None,
            secret_id: None,
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(10),
        }
    }

    /// Returns the host to which secrets travel in plaintext, for a warning: the host of
    /// an `http://` endpoint, unless it is this machine.
    ///
    /// Without [`endpoint_url`](Self::endpoint_url), the endpoint is the one that the SDK
    /// finds in `AWS_ENDPOINT_URL_SECRETS_MANAGER` or `AWS_ENDPOINT_URL` of `env`.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::aws::AwsConfig;
    /// use environ::EnvConfig;
    ///
    /// #[derive(Debug, EnvConfig)]
    /// struct Bootstrap {
    ///     #[env(group)]
    ///     aws: AwsConfig,
    /// }
    ///
    /// let env = [("APP_AWS_ENDPOINT_URL", "http://secrets.example:5000")];
    /// let boot = Bootstrap::from_source(&env)?;
    /// assert_eq!(boot.aws.plaintext_host(&env).as_deref(), Some("secrets.example"));
    /// # Ok::<(), environ::Error>(())
    /// ```
    #[must_use]
    pub fn plaintext_host(&self, env: &dyn Source) -> Option<String> {
        let variable = |name| env.get(name).filter(|url| !url.is_empty());
        let of_sdk = || {
            let ignores = variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
            if ignores.is_some_and(|ignores| ignores.eq_ignore_ascii_case("true")) {
                return None;
            }
            let own = variable("AWS_ENDPOINT_URL_SECRETS_MANAGER");
            own.or_else(|| variable("AWS_ENDPOINT_URL"))
        };
        match &self.endpoint_url {
            Some(url) => plaintext::host(url),
            None => plaintext::host(&of_sdk()?.to_string_lossy()),
        }
    }

    /// Creates a client, which sends nothing before the first request.
    ///
    /// The client trusts the system's certificates and uses no proxy. Like every
    /// client of the SDK, it tries a request up to 3 times, or as often as
    /// `AWS_MAX_ATTEMPTS` says.
    ///
    /// # Errors
    ///
    /// If a file that the SDK reads is no regular file or too large, or the certificates
    /// cannot be used. A missing region and missing credentials are errors of each
    /// request.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn client(&self) -> Result<AwsClient, AwsError> {
        let trust = trusted().await?;
        let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let http = aws_smithy_http_client::Builder::new().tls_provider(ring);
        let http = http.tls_context(trust).build_https();
        let hidden = Arc::<Hidden>::default();
        let mut chain = aws_config::defaults(BehaviorVersion::v2026_01_12());
        if let Some(region) = &self.region {
            chain = chain.region(Region::new(region.clone()));
        }
        let chain = chain.http_client(Guarded::new(http, &hidden)).load().await;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(self.connect_timeout)
            .operation_timeout(self.timeout);
        // Not for the chain, because a pod's role comes from another service.
        let mut config = Builder::from(&chain).timeout_config(timeouts.build());
        if let Some(provider) = chain.credentials_provider() {
            config = config.credentials_provider(Explained { provider, hidden });
        }
        if let Some(url) = &self.endpoint_url {
            config = config.endpoint_url(url);
        }
        Ok(AwsClient::from_conf(config.build()))
    }
}

impl Default for AwsConfig {
    fn default() -> Self {
        Self::new()
    }
}

/// Checks the files that the SDK reads, and returns the trusted certificates.
pub(super) async fn trusted() -> Result<TlsContext, AwsError> {
    let trust = off_thread(|| files::check().map(|()| trust())).await;
    let trust = trust.map_err(|err| UnusableFile::of_thread(&err));
    trust
        .and_then(|trust| trust)
        .map_err(|file| AwsError::of_client(AwsErrorKind::File, file))?
        .map_err(|reason| AwsError::of_client(AwsErrorKind::Untrusted, reason))
}

/// Returns the trusted certificates: none on a system without certificates, where
/// the SDK itself would panic before the first request.
fn trust() -> Result<TlsContext, String> {
    let has_roots = Verifier::new(Arc::new(ring::default_provider())).is_ok();
    let store = TrustStore::default().with_native_roots(has_roots);
    let context = TlsContext::builder().with_trust_store(store);
    let context = context.build();
    context.map_err(|err| format!("cannot prepare TLS: {}", root_cause(&err)))
}

fn is_url(url: &str) -> Result<(), &'static str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    match rest {
        None | Some("") => Err("it must begin with https:// or http://"),
        Some(rest) if rest.contains('@') => Err("it must not hold a user or a password"),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EnvConfig;

    /// Two places name each default: an attribute, and the constructor.
    #[test]
    fn the_constructor_has_the_defaults_of_the_variables() {
        let loaded = AwsConfig::from_source(()).unwrap();
        assert_eq!(format!("{:?}", AwsConfig::new()), format!("{loaded:?}"));
    }
}
