//! The phases of a stop.

use std::time::Duration;

use environ::EnvConfig;

use super::rules::at_most_a_day;

/// How the service stops on SIGTERM.
#[derive(Clone, Debug, EnvConfig)]
pub struct DrainConfig {
    /// How long to go on serving while readiness says no, so that load
    /// balancers notice.
    #[env(default = "10s", validate = at_most_a_day)]
    pub delay: Duration,
    /// How long requests in flight may take after that, in whole seconds: a part of
    /// one is one.
    #[env(default = "25s", validate = at_most_a_day)]
    pub timeout: Duration,
}
