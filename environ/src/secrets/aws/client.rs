//! The client: that of the SDK, behind a type of this crate.

use std::fmt;

use aws_sdk_secretsmanager::{Client, Config};

/// A client of AWS Secrets Manager. Clones share its connections.
///
/// Create it with [`AwsConfig::client`](super::AwsConfig::client).
///
/// # The SDK
///
/// [`from_conf`](Self::from_conf) and [`conf`](Self::conf) are the only public items of
/// this crate that name a type of the SDK: `Config` of `aws-sdk-secretsmanager` 1. A
/// service that uses neither needs no dependency on the SDK.
#[derive(Clone)]
pub struct AwsClient(Client);

impl AwsClient {
    /// Creates a client from a configuration of the SDK, for example with credentials of
    /// another kind.
    ///
    /// Start with the configuration of another client to keep its certificates and
    /// timeouts.
    ///
    /// # Panics
    ///
    /// If the configuration has no behavior version, or has timeouts and no sleep
    /// implementation, as `Client::from_conf` of the SDK.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use aws_credential_types::Credentials;
    /// use environ::secrets::aws::{AwsClient, AwsConfig, AwsError};
    ///
    /// # async fn client(
    /// #     config: AwsConfig,
    /// #     credentials: Credentials,
    /// # ) -> Result<AwsClient, AwsError> {
    /// let client = config.client().await?;
    /// let conf = client.conf().to_builder().credentials_provider(credentials);
    /// Ok(AwsClient::from_conf(conf.build()))
    /// # }
    /// ```
    #[must_use]
    pub fn from_conf(conf: Config) -> Self {
        Self(Client::from_conf(conf))
    }

    /// Returns the configuration of the SDK, from which you can create another client.
    #[must_use]
    pub fn conf(&self) -> &Config {
        self.0.config()
    }

    pub(super) fn sdk(&self) -> &Client {
        &self.0
    }
}

/// Without the configuration, which holds credentials.
impl fmt::Debug for AwsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsClient").finish_non_exhaustive()
    }
}
