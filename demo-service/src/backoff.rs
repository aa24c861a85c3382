//! How long to wait before trying again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

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
    /// Gives the next pause.
    pub(crate) fn pause(&mut self) -> Duration {
        let whole = self.0;
        self.0 = (whole * 2).min(LONGEST);
        // Every `RandomState` has another key.
        let random = RandomState::new().hash_one(()) % 1_000;
        whole / 2 + whole.mul_f64(f64::from(u16::try_from(random).unwrap_or(0)) / 2_000.0)
    }
}
