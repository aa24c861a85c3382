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
    /// Time for requests in flight to finish after the delay.
    #[env(default = "25s", validate = at_most_a_day)]
    pub timeout: Duration,
}
