//! `APP_DRAIN_DELAY` and `APP_DRAIN_TIMEOUT`.

use std::time::Duration;

use environ::EnvConfig;

use super::rules::at_most_a_day;

/// The phases of a stop.
#[derive(Clone, Debug, Default, EnvConfig)]
pub struct DrainConfig {
    /// Time to keep serving, not ready, after the signal; if unset, `APP_STOP_TIMEOUT / 6`.
    #[env(example = "10s", validate = at_most_a_day)]
    pub delay: Option<Duration>,
    /// Time for requests in flight after the delay; if unset, the rest of `APP_STOP_TIMEOUT`.
    #[env(example = "25s", validate = at_most_a_day)]
    pub timeout: Option<Duration>,
}
