//! Where the secrets are: a group for a service's own config.

use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::config::Builder;
use aws_sdk_secretsmanager::Client;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore};
use environ_derive::EnvConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::Verifier;

use crate::secrets::snapshot::is_some_time;

/// Where the secrets are in AWS Secrets Manager.
///
/// It is a group for a service's own config: under `APP` and in a field `aws`,
/// the variables are `APP_AWS_REGION`, `APP_AWS_SECRET_ID`, and so on. What it
/// does not say, the SDK finds out where its users expect it: in variables like
/// `AWS_REGION` and `AWS_ACCESS_KEY_ID`, in its files, in a pod's or a task's
/// role, and on the machine.
#[derive(Clone, Debug, EnvConfig)]
pub struct AwsConfig {
    /// Region of the secrets; the SDK's own, if not set.
    #[env(example = "eu-central-1")]
    pub region: Option<String>,
    /// Address of the service, if it is not the region's own.
    #[env(validate = is_url, example = "http://127.0.0.1:5000")]
    pub endpoint_url: Option<String>,
    /// Id or ARN of the secret that holds all secrets in a JSON object; if not
    /// set, each has an id of its own.
    #[env(example = "prod/app-name")]
    pub secret_id: Option<String>,
    /// How long connecting may take.
    #[env(default = "2s", validate = is_some_time)]
    pub connect_timeout: Duration,
    /// How long it may take to get a secret, all tries included.
    #[env(default = "10s", validate = is_some_time)]
    pub timeout: Duration,
}

impl AwsConfig {
    /// Makes a client. What is wrong with it shows when it is used.
    ///
    /// It trusts the system's certificates and asks no proxy. Like every client
    /// of the SDK it tries up to three times, unless `AWS_MAX_ATTEMPTS` says
    /// otherwise.
    pub async fn client(&self) -> Client {
        let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let http = aws_smithy_http_client::Builder::new().tls_provider(ring);
        let http = http.tls_context(trust());
        let mut chain = aws_config::defaults(BehaviorVersion::v2026_01_12());
        if let Some(region) = &self.region {
            chain = chain.region(Region::new(region.clone()));
        }
        let chain = chain.http_client(http.build_https()).load().await;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(self.connect_timeout)
            .operation_timeout(self.timeout);
        // Not for the chain: the role of a pod is had from another service.
        let mut config = Builder::from(&chain).timeout_config(timeouts.build());
        if let Some(url) = &self.endpoint_url {
            config = config.endpoint_url(url);
        }
        Client::from_conf(config.build())
    }
}

/// Whom the client trusts: nobody, on a system without certificates, so that none
/// is there to be trusted. The SDK would panic, where it checks itself, before
/// anything is asked for.
fn trust() -> TlsContext {
    let has_roots = Verifier::new(Arc::new(ring::default_provider())).is_ok();
    let store = TrustStore::default().with_native_roots(has_roots);
    let context = TlsContext::builder().with_trust_store(store);
    context.build().unwrap_or_default()
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
