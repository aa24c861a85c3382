//! The fetches of a remote store since the start.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::error::SecretsError;

/// The fetches of a remote store since the start. A clone shows the same fetches.
#[derive(Clone, Debug)]
pub(crate) struct Fetches {
    /// The name in logs and metrics.
    pub(super) name: &'static str,
    last: Arc<Mutex<Last>>,
}

/// The result of the fetches so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last {
    /// The time of the last fetch that succeeded.
    pub(super) obtained: Instant,
    /// The kind of the failure since then.
    pub(super) failure: Option<&'static str>,
    pub(super) succeeded: u64,
    pub(super) failed: u64,
}

impl Fetches {
    /// Starts after the first fetch.
    pub(super) fn new(name: &'static str) -> Self {
        let last = Last {
            obtained: Instant::now(),
            failure: None,
            succeeded: 1,
            failed: 0,
        };
        let last = Arc::new(Mutex::new(last));
        Self { name, last }
    }

    /// Records a fetch that succeeded. Returns whether the fetch before failed.
    pub(super) fn succeed(&self) -> bool {
        let mut last = self.lock();
        last.obtained = Instant::now();
        last.succeeded += 1;
        last.failure.take().is_some()
    }

    /// Records a fetch that failed. Returns whether the fetch before did not fail so.
    pub(super) fn fail(&self, err: &SecretsError) -> bool {
        let mut last = self.lock();
        last.failed += 1;
        last.failure.replace(err.kind()) != Some(err.kind())
    }

    pub(super) fn last(&self) -> Last {
        *self.lock()
    }

    /// Returns whether the last fetch failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.lock().failure.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
