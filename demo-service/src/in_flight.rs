//! Requests in flight, and how each ended.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts requests by their end, so that a drain can report them.
#[derive(Debug, Default)]
pub struct Requests {
    begun: AtomicU64,
    answered: AtomicU64,
    abandoned: AtomicU64,
}

impl Requests {
    /// Counts a request as in flight until its guard is answered or dropped.
    pub(crate) fn begin(&self) -> InFlight<'_> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        InFlight {
            requests: self,
            answered: false,
        }
    }

    /// Returns the number of requests that began.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Returns the number of requests that were answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Acquire)
    }

    /// Returns the number of requests in flight.
    pub(crate) fn in_flight(&self) -> u64 {
        // Read before `begun`, so that a request that ends in between counts as in flight. A
        // thread that sees the end of a request sees its beginning, too, because of `Acquire`;
        // an older `begun` would hide a request of another worker from a drain.
        let ended = self.answered() + self.abandoned();
        self.begun().saturating_sub(ended)
    }

    /// Returns the number of requests that were dropped before they were answered.
    pub(crate) fn abandoned(&self) -> u64 {
        self.abandoned.load(Ordering::Acquire)
    }
}

/// A request in flight. It counts as abandoned if the guard is dropped.
#[derive(Debug)]
pub(crate) struct InFlight<'a> {
    requests: &'a Requests,
    answered: bool,
}

impl InFlight<'_> {
    /// Counts the request as answered.
    pub(crate) fn answer(mut self) {
        self.answered = true;
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let count = if self.answered {
            &self.requests.answered
        } else {
            &self.requests.abandoned
        };
        count.fetch_add(1, Ordering::Release);
    }
}
