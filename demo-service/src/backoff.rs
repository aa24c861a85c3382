//! How long to wait before trying again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

/// Pauses that double, each cut at random by half at most: instances that failed
/// together do not come back together.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Backoff {
    /// Gives the next pause of somebody who gives up at `deadline`: after it, there is
    /// as much time left for a try. `None` if there is none for both.
    pub(crate) fn pause_before(&mut self, deadline: Instant) -> Option<Duration> {
        let left = deadline.saturating_duration_since(Instant::now());
        let pause = self.pause().min(left / 2);
        (pause >= FIRST / 2).then_some(pause)
    }

    /// Gives the next pause.
    pub(crate) fn pause(&mut self) -> Duration {
        let whole = self.0;
        self.0 = (whole * 2).min(LONGEST);
        // Every `RandomState` has another key.
        let random = RandomState::new().hash_one(()) % 1_000;
        whole / 2 + whole.mul_f64(f64::from(u16::try_from(random).unwrap_or(0)) / 2_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Time stands still, but for the pauses.
    #[tokio::test(start_paused = true)]
    async fn somebody_who_gives_up_tries_until_shortly_before() {
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
