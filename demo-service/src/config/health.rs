//! Health checks.

use std::time::Duration;

use environ::{EnvConfig, EnvValue};

use super::rules::{at_most_a_day, not_too_often};

/// Health checks.
#[derive(Clone, Debug, EnvConfig)]
pub struct HealthConfig {
    /// Interval of the checks of `/__heartbeat__`.
    #[env(default = "10s", validate = not_too_often, validate = at_most_a_day)]
    pub heartbeat_interval: Duration,
    /// Checks that readiness depends on; an outage of a dependency then removes all instances.
    #[env(default)]
    pub ready_checks: Vec<Check>,
}

/// A dependency that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnvValue)]
pub enum Check {
    /// The database answers the statement of requests.
    Database,
    /// No lease of the Vault has expired.
    Secrets,
}

impl Check {
    /// Returns the name in `APP_READY_CHECKS` and in `/__heartbeat__`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Secrets => "secrets",
        }
    }
}
