//! `std::sync` as loom has it, with the timed wait that loom lacks.

pub(crate) use loom::sync::{Arc, Mutex, MutexGuard};
pub(crate) use std::sync::{LockResult, PoisonError};

pub(crate) mod atomic {
    pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};
}

use std::time::Duration;

/// A wait of this length never ends by its timeout; a shorter wait ends at once. Time itself is
/// not modelled.
const LONG: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct Condvar(loom::sync::Condvar);

/// Whether a wait ended by its timeout.
pub(crate) struct TimedOut(bool);

impl TimedOut {
    pub(crate) fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }

    pub(crate) fn wait<'g, T>(&self, guard: MutexGuard<'g, T>) -> LockResult<MutexGuard<'g, T>> {
        self.0.wait(guard)
    }

    pub(crate) fn wait_timeout_while<'g, T>(
        &self,
        mut guard: MutexGuard<'g, T>,
        timeout: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'g, T>, TimedOut)> {
        while condition(&mut guard) {
            if timeout < LONG {
                return Ok((guard, TimedOut(true)));
            }
            guard = self.0.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        Ok((guard, TimedOut(false)))
    }
}
