//! The time of a stop as a whole, and its division among the phases.

use std::fmt;
use std::time::Duration;

use environ::{EnvConfig, Source};

use super::drain::DrainConfig;
use super::platform::{Platform, is_routed_apart};
use super::rules::{at_least_a_second, at_most_a_day};

/// The time of a stop as a whole.
#[derive(Clone, Debug, Default, EnvConfig)]
pub struct StopConfig {
    /// Time from the signal to the exit; if unset, the time of the platform, or 30s.
    #[env(example = "30s", validate = at_least_a_second, validate = at_most_a_day)]
    pub timeout: Option<Duration>,
}

/// The timeout of a request in flight that a platform with an open time is asked for.
const USUAL_FINISH: Duration = Duration::from_secs(20);

/// The longest delay that is not configured.
const MAX_DELAY: Duration = Duration::from_secs(10);

/// The time for everything but delay and finishing, in a budget that is asked for.
const REST: Duration = Duration::from_millis(4_500);

/// The longest time from the end of the delay until the listener is closed.
const QUEUE: Duration = Duration::from_millis(500);

/// The origin of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `APP_STOP_TIMEOUT`.
    Configured,
    /// `APP_DRAIN_DELAY` and `APP_DRAIN_TIMEOUT`, because the platform leaves the time open.
    Phases,
    /// The platform.
    Platform,
}

/// The time of a stop and its phases. All times are from the signal on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StopBudget {
    /// The time from the signal to the exit.
    pub(crate) total: Duration,
    /// The reason for the total.
    pub(crate) origin: Origin,
    /// The platform.
    pub(crate) platform: Platform,
    /// The maximum of the delay.
    pub(crate) delay: Duration,
    /// Whether the delay stays even if no client asks for readiness.
    pub(crate) keeps_delay: bool,
    /// The time for requests in flight after the delay, if it is configured.
    pub(crate) timeout: Option<Duration>,
    /// The time that the configured phases need, if it is more than the total.
    pub(crate) needed: Option<Duration>,
}

impl StopBudget {
    /// Creates the budget of a process with the environment `env`.
    pub(crate) fn new(stop: &StopConfig, drain: &DrainConfig, env: &dyn Source) -> Self {
        Self::on(Platform::of(env), stop, drain, is_routed_apart(env))
    }

    /// Creates the budget of a process on a platform.
    pub(crate) fn on(
        platform: Platform,
        stop: &StopConfig,
        drain: &DrainConfig,
        is_routed_apart: bool,
    ) -> Self {
        let grace = platform.grace();
        let least = phases(drain, Duration::ZERO);
        let needed = phases(drain, USUAL_FINISH);
        let (total, origin) = match stop.timeout {
            Some(total) => (total, Origin::Configured),
            None if platform.leaves_time_open() && least > grace => (needed, Origin::Phases),
            None => (grace, Origin::Platform),
        };
        let mut budget = Self {
            total,
            origin,
            platform,
            delay: drain.delay.unwrap_or(in_tenths(total / 6).min(MAX_DELAY)),
            keeps_delay: drain.delay.is_some() || is_routed_apart,
            timeout: drain.timeout,
            needed: None,
        };
        // systemd gives the time that the service asks for.
        let is_promised = match origin {
            Origin::Configured | Origin::Platform => budget.has_room(drain),
            Origin::Phases => platform == Platform::Systemd,
        };
        budget.needed = (!is_promised).then_some(needed);
        budget
    }

    /// Returns whether the configured phases fit.
    fn has_room(&self, drain: &DrainConfig) -> bool {
        let configured = drain.delay.unwrap_or_default() + drain.timeout.unwrap_or_default();
        configured.is_zero() || configured + QUEUE <= self.finish_until()
    }

    /// Returns the time at which requests in flight are cut. The rest is for the database, the
    /// leases and the report.
    pub(crate) fn finish_until(&self) -> Duration {
        let rest = self.drop_time() + self.closing();
        self.exit_by().saturating_sub(rest)
    }

    /// Returns the time for workers to drop the requests that were cut.
    pub(crate) fn drop_time(&self) -> Duration {
        (self.total / 20).min(Duration::from_millis(500))
    }

    /// Returns the time at which the last line must be written. The process needs the rest to
    /// end, and the platform to see that.
    pub(crate) fn exit_by(&self) -> Duration {
        self.total.saturating_sub(self.drop_time())
    }

    /// Returns the time that is kept for the database, the leases and the operators' listener.
    fn closing(&self) -> Duration {
        (self.total / 4).min(Duration::from_secs(3))
    }

    /// Returns the shortest time that a request in flight has after the delay.
    pub(crate) fn finish(&self) -> Duration {
        let left = self.finish_until().saturating_sub(self.delay + QUEUE);
        self.timeout.map_or(left, |timeout| timeout.min(left))
    }

    /// Returns the reason for the total, for queries.
    pub(crate) fn origin_name(&self) -> &'static str {
        match self.origin {
            Origin::Configured => "APP_STOP_TIMEOUT",
            Origin::Phases => "APP_DRAIN_DELAY and APP_DRAIN_TIMEOUT",
            Origin::Platform => self.platform.name(),
        }
    }

    /// Returns the text of a warning, if the configured phases take longer than the total, or
    /// than most platforms give.
    pub(crate) fn caution(&self) -> Option<String> {
        let needed = self.needed?;
        let total = self.total;
        Some(match self.origin {
            Origin::Configured => format!(
                "{total:?} is less than the {needed:?} that APP_DRAIN_DELAY and \
                 APP_DRAIN_TIMEOUT need; raise APP_STOP_TIMEOUT, or lower the others"
            ),
            Origin::Platform => format!(
                "unset, and {} gives {total:?}: APP_DRAIN_DELAY and APP_DRAIN_TIMEOUT need \
                 {needed:?}; lower them, or have the platform wait longer and set \
                 APP_STOP_TIMEOUT to its time",
                self.platform
            ),
            Origin::Phases => format!(
                "unset, and most platforms give {:?}: APP_DRAIN_DELAY and APP_DRAIN_TIMEOUT \
                 need {needed:?}; set APP_STOP_TIMEOUT to the time that yours gives",
                self.platform.grace()
            ),
        })
    }
}

impl fmt::Display for StopBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total;
        match self.origin {
            Origin::Configured => write!(f, "APP_STOP_TIMEOUT is {total:?}"),
            Origin::Phases => write!(f, "APP_DRAIN_DELAY and APP_DRAIN_TIMEOUT need {total:?}"),
            Origin::Platform if self.platform == Platform::Unknown => {
                write!(f, "{total:?}, the default")
            }
            Origin::Platform => write!(f, "{total:?}, the time of {}", self.platform),
        }
    }
}

/// Returns the time that the configured phases need with everything else, if requests in
/// flight have `finish` unless their time is configured.
fn phases(drain: &DrainConfig, finish: Duration) -> Duration {
    let delay = drain.delay.unwrap_or_default();
    let timeout = drain.timeout.unwrap_or(finish);
    match (drain.delay, drain.timeout) {
        (None, None) => Duration::ZERO,
        _ => delay + timeout + REST,
    }
}

/// Cuts a time to tenths of a second, which a person reads more easily.
fn in_tenths(time: Duration) -> Duration {
    let rest = time.subsec_nanos() % 100_000_000;
    time.saturating_sub(Duration::from_nanos(u64::from(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn budget(
        platform: Platform,
        total: Option<Duration>,
        delay: Option<Duration>,
        timeout: Option<Duration>,
    ) -> StopBudget {
        let stop = StopConfig { timeout: total };
        StopBudget::on(platform, &stop, &DrainConfig { delay, timeout }, false)
    }

    #[test]
    fn the_time_of_the_platform_is_the_budget() {
        for (platform, total) in [
            (Platform::Railway, 3),
            (Platform::Fly, 5),
            (Platform::Nomad, 5),
            (Platform::CloudRun, 10),
            (Platform::Container, 10),
            (Platform::Heroku, 30),
            (Platform::Unknown, 30),
        ] {
            let budget = budget(platform, None, None, None);
            assert_eq!(budget.total, seconds(total), "{platform:?}");
            assert_eq!(budget.origin, Origin::Platform);
            assert_eq!(budget.caution(), None);
        }
        let configured = budget(Platform::Fly, Some(seconds(60)), None, None);
        assert_eq!(configured.total, seconds(60));
    }

    #[test]
    fn a_twentieth_of_the_budget_is_for_what_was_cut() {
        for (total, drop_time, exit_by) in [(1, 50, 950), (3, 150, 2_850), (30, 500, 29_500)] {
            let budget = budget(Platform::Unknown, Some(seconds(total)), None, None);
            assert_eq!(budget.drop_time(), Duration::from_millis(drop_time));
            assert_eq!(budget.exit_by(), Duration::from_millis(exit_by));
        }
    }

    /// `APP_REQUEST_TIMEOUT` is 20 s.
    #[test]
    fn a_usual_request_finishes_within_the_default() {
        let usual = budget(Platform::Unknown, None, None, None);
        assert_eq!(usual.delay, seconds(5));
        assert!(usual.finish() > USUAL_FINISH, "{:?}", usual.finish());
    }

    #[test]
    fn every_budget_leaves_time_to_close() {
        for millis in (1_000..120_000).step_by(500) {
            let total = Duration::from_millis(millis);
            for delay in [
                None,
                Some(Duration::ZERO),
                Some(total),
                Some(seconds(3_600)),
            ] {
                let budget = budget(Platform::Unknown, Some(total), delay, None);
                assert!(budget.exit_by() < total);
                assert!(budget.finish_until() + budget.closing() < budget.exit_by());
                assert!(budget.closing() * 5 >= total.min(Duration::from_secs(12)));
            }
        }
    }

    #[test]
    fn configured_phases_raise_a_time_that_is_open_and_no_other() {
        let (delay, timeout) = (Some(seconds(10)), Some(seconds(25)));
        let needed = Duration::from_millis(39_500);
        for platform in [Platform::Unknown, Platform::Kubernetes, Platform::Systemd] {
            let budget = budget(platform, None, delay, timeout);
            assert_eq!((budget.total, budget.origin), (needed, Origin::Phases));
            let is_quiet = platform == Platform::Systemd;
            assert_eq!(budget.caution().is_none(), is_quiet, "{platform:?}");
        }
        let delay_alone = budget(Platform::Unknown, None, delay, None);
        assert_eq!(delay_alone.total, seconds(30), "the rest is for requests");
        let hour = budget(Platform::Unknown, None, Some(seconds(3_600)), None);
        assert_eq!(hour.finish(), seconds(20));
        let container = budget(Platform::Container, None, delay, timeout);
        assert_eq!(container.total, seconds(10));
        let caution = container.caution().unwrap();
        for name in [
            "APP_STOP_TIMEOUT",
            "APP_DRAIN_DELAY",
            "APP_DRAIN_TIMEOUT",
            "39.5s",
        ] {
            assert!(caution.contains(name), "{caution}");
        }
    }

    #[test]
    fn phases_that_fit_cause_no_warning() {
        let ten = Some(seconds(10));
        let warned = |delay, timeout| budget(Platform::Container, ten, delay, timeout).caution();
        assert_eq!(warned(Some(seconds(2)), Some(seconds(4))), None);
        assert_eq!(warned(Some(seconds(0)), None), None);
        assert_eq!(warned(None, Some(seconds(0))), None);
        assert!(warned(Some(seconds(2)), Some(seconds(8))).is_some());
        assert!(warned(ten, None).is_some());
    }
}
