//! When to fetch the snapshot of a remote store again.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

const MIN_RETRY: Duration = Duration::from_secs(1);

/// When to fetch the snapshot of a remote store again: at an interval, with jitter, so that a
/// thousand instances do not ask at once. It knows no clock and no runtime: the caller passes
/// the time and the outcome.
///
/// After a failure the next fetch comes after a second, and after pauses that double up to the
/// interval. Keep the snapshot meanwhile.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use environ::watch::Refresh;
///
/// let now = Instant::now();
/// let mut refresh = Refresh::new(Duration::from_secs(60), now);
/// let wait = refresh.next_wait(now);
/// assert!(wait > Duration::from_secs(53) && wait <= Duration::from_secs(60));
/// refresh.failed(now + wait);
/// assert!(refresh.next_wait(now + wait) <= Duration::from_secs(1));
/// ```
///
/// With a [`Newest`](crate::secrets::Newest) and a document of a Vault:
///
/// ```text
/// loop {
///     sleep(refresh.next_wait(Instant::now())).await;
///     match vault.kv2("secret", "app").await {
///         Ok(document) => {
///             store.replace(document);
///             refresh.fetched(Instant::now());
///         }
///         Err(err) => {
///             refresh.failed(Instant::now());
///             // log `err`, once for each change
///         }
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refresh {
    interval: Duration,
    next: Instant,
    failures: u32,
    /// Returns another number for each instance of a program.
    random: RandomState,
}

impl Refresh {
    /// Starts after a fetch at `now`. An interval below a second counts as a second.
    #[must_use]
    pub fn new(interval: Duration, now: Instant) -> Self {
        let mut refresh = Self {
            interval: interval.max(MIN_RETRY),
            next: now,
            failures: 0,
            random: RandomState::new(),
        };
        refresh.fetched(now);
        refresh
    }

    /// Returns the time until the next fetch.
    #[must_use]
    pub fn next_wait(&self, now: Instant) -> Duration {
        self.next.saturating_duration_since(now)
    }

    /// Records a fetch that succeeded: the next comes after the interval, or up to a tenth
    /// of the interval earlier.
    pub fn fetched(&mut self, now: Instant) {
        self.failures = 0;
        self.plan(now, self.interval, 10);
    }

    /// Records a fetch that failed: the next comes after a pause, or up to half of the pause
    /// earlier.
    pub fn failed(&mut self, now: Instant) {
        let pause = MIN_RETRY.saturating_mul(1 << self.failures.min(16));
        self.failures += 1;
        self.plan(now, pause.min(self.interval), 2);
    }

    /// Plans a fetch after `pause`, or up to `pause / part` earlier.
    fn plan(&mut self, now: Instant, pause: Duration, part: u32) {
        let random = u32::try_from(self.random.hash_one(now) % 1_000).unwrap_or_default();
        let early = pause / part / 1_000 * random;
        self.next = now + pause.saturating_sub(early);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Refresh;

    const INTERVAL: Duration = Duration::from_secs(60);

    #[test]
    fn instances_fetch_at_an_interval_and_not_at_once() {
        let now = Instant::now();
        let mut waits: Vec<_> = (0..100)
            .map(|_| Refresh::new(INTERVAL, now).next_wait(now))
            .collect();
        waits.sort_unstable();
        assert!(
            waits[0] >= INTERVAL * 9 / 10 && waits[99] <= INTERVAL,
            "{waits:?}"
        );
        assert!(waits[99] > waits[0] + Duration::from_secs(2), "{waits:?}");
    }

    #[test]
    fn pauses_after_failures_double_up_to_the_interval() {
        let mut now = Instant::now();
        let mut refresh = Refresh::new(INTERVAL, now);
        for max in [1, 2, 4, 8, 16, 32, 60, 60] {
            refresh.failed(now);
            let (wait, max) = (refresh.next_wait(now), Duration::from_secs(max));
            assert!(wait >= max / 2 && wait <= max, "{wait:?}, {max:?}");
            now += wait;
        }
        refresh.fetched(now);
        assert!(refresh.next_wait(now) >= INTERVAL * 9 / 10);
    }

    #[test]
    fn no_interval_makes_a_hot_loop() {
        let now = Instant::now();
        let refresh = Refresh::new(Duration::ZERO, now);
        assert!(refresh.next_wait(now) >= Duration::from_millis(900));
        // Nor does a long one overflow.
        let wait = Refresh::new(Duration::from_secs(1 << 32), now).next_wait(now);
        assert!(wait > Duration::from_secs(1 << 31));
    }
}
