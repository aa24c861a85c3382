//! The pauses between tries. Only std is used for the jitter: a crate for backoff would add
//! a policy for one loop in three places, and none stops in time before a deadline.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;

const MIN_PAUSE: Duration = Duration::from_millis(100);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// Pauses that double, each shortened at random by at most half, so that instances that
/// failed together do not retry together.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(MIN_PAUSE)
    }
}

impl Backoff {
    /// Returns the next pause of a caller that gives up at `deadline`, such that the time
    /// left for a try is as long, or `None` if there is no time for both.
    pub(crate) fn pause_before(&mut self, deadline: Instant) -> Option<Duration> {
        let left = deadline.saturating_duration_since(Instant::now());
        let pause = self.pause().min(left / 2);
        (pause >= MIN_PAUSE / 2).then_some(pause)
    }

    /// Returns the next pause.
    pub(crate) fn pause(&mut self) -> Duration {
        let whole = self.0;
        self.0 = (whole * 2).min(MAX_PAUSE);
        // Each `RandomState` has a random key.
        let random = RandomState::new().hash_one(()) % 1_000;
        whole / 2 + whole.mul_f64(f64::from(u16::try_from(random).unwrap_or(0)) / 2_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only the pauses advance the clock.
    #[tokio::test(start_paused = true)]
    async fn tries_continue_until_shortly_before_the_deadline() {
        let start = Instant::now();
        let deadline = start + Duration::from_secs(8);
        let (mut backoff, mut pauses) = (Backoff::default(), 0);
        while let Some(pause) = backoff.pause_before(deadline) {
            assert!(Instant::now() + 2 * pause <= deadline);
            tokio::time::sleep(pause).await;
            pauses += 1;
        }
        assert!(start.elapsed() > Duration::from_millis(7_800));
        assert!((8..20).contains(&pauses), "{pauses}");
        assert_eq!(Backoff::default().pause_before(start), None);
    }
}
