//! Variables that are loaded before the secrets.

use std::time::Duration;

use environ::EnvConfig;
use tokio::time::Instant;

use super::log::LogConfig;
#[cfg(feature = "otel")]
use super::otel::OtelConfig;
use super::rules::{at_least_a_second, at_most_a_day, is_a_name, more_than_nothing};
use super::secrets::SecretsConfig;

/// Deployment and start, loaded before the secrets.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub struct Bootstrap {
    /// Deployment name (letters, digits, `._-`); `prod` and `production` need a database.
    #[env(default = "dev", validate = is_a_name)]
    pub env: String,
    /// The log, on stdout.
    #[env(group)]
    pub log: LogConfig,
    /// Source of the secrets.
    #[env(group)]
    pub secrets: SecretsConfig,
    /// Time between two fetches from a Vault, AWS, Azure or Google, 1 s or more.
    #[env(default = "1m", validate = at_least_a_second, validate = at_most_a_day)]
    pub secrets_refresh_interval: Duration,
    /// Time for all tries to reach the secrets and the database at the start.
    #[env(default = "30s", validate = more_than_nothing, validate = at_most_a_day)]
    pub start_timeout: Duration,
    /// OpenTelemetry, in the names of its specification.
    #[cfg(feature = "otel")]
    #[env(group, flatten)]
    pub(crate) otel: OtelConfig,
}

impl Bootstrap {
    /// Returns the time at which a start that begins now gives up.
    #[must_use]
    pub fn start_deadline(&self) -> Instant {
        Instant::now() + self.start_timeout
    }

    /// Returns whether the deployment is `prod` or `production`, in any letter case.
    #[must_use]
    pub fn is_prod(&self) -> bool {
        ["prod", "production"]
            .iter()
            .any(|name| self.env.eq_ignore_ascii_case(name))
    }

    /// Returns whether the deployment is `dev`.
    #[must_use]
    pub fn is_dev(&self) -> bool {
        self.env == "dev"
    }
}
