//! When to look, and when to load again.

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

/// The time between two looks.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// The time without a change after which a change counts as complete, so that a file is not
/// read while it is written, and files that are replaced one after another are read together.
pub(super) const SETTLE_TIME: Duration = Duration::from_millis(250);

/// The time after which files that never settle are loaded all the same.
const MAX_UNSETTLED: Duration = Duration::from_secs(3);

/// The time that values must be gone before they count as removed, because a file that is
/// written in place is empty at first.
const REMOVAL_TIME: Duration = Duration::from_secs(2);

const MIN_RETRY: Duration = Duration::from_secs(1);
const MAX_RETRY: Duration = Duration::from_secs(30);

/// When to look at the stores and files, and when to load the config again.
///
/// A schedule knows no clock and no file: the caller passes the time, a stamp that differs
/// after each change, and the outcome of each load.
///
/// - A look costs a few system calls. Looks are at least [`SETTLE_TIME`] apart, however often
///   the caller asks.
/// - A new stamp is loaded once two looks in a row have seen it, or after [`MAX_UNSETTLED`].
/// - A load that was refused is repeated after a pause that doubles up to [`MAX_RETRY`], and
///   with the next new stamp.
/// - A load that was asked for is made at once.
#[derive(Debug)]
pub(super) struct Schedule {
    /// The stamp at the last load.
    loaded: u64,
    /// A newer stamp, and the time since which the stamps differ from the last load's.
    unsettled: Option<(u64, Instant)>,
    /// The time since which values are gone.
    gone: Option<Instant>,
    next_look: Instant,
    retry: Option<Instant>,
    failures: u32,
    is_asked: bool,
    /// Whether the load that was asked for waits for the end of a change.
    is_deferred: bool,
}

impl Schedule {
    /// Starts after a load at `now` that saw `stamp`.
    pub(super) fn new(now: Instant, stamp: u64) -> Self {
        Self {
            loaded: stamp,
            unsettled: None,
            gone: None,
            next_look: now + POLL_INTERVAL,
            retry: None,
            failures: 0,
            is_asked: false,
            is_deferred: false,
        }
    }

    /// Returns the time until the next look.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        if self.is_asked && !self.is_deferred {
            return Duration::ZERO;
        }
        self.next_look.saturating_duration_since(now)
    }

    /// Plans a load at once.
    pub(super) fn ask(&mut self) {
        self.is_asked = true;
    }

    /// Returns whether the next load was asked for.
    pub(super) fn is_asked(&self) -> bool {
        self.is_asked
    }

    /// Returns whether the config is to be loaded, after a look that saw `stamp`.
    pub(super) fn looked(&mut self, now: Instant, stamp: u64) -> bool {
        if self.is_asked {
            return true;
        }
        self.next_look = now + POLL_INTERVAL;
        if stamp == self.loaded && self.gone.is_none() {
            self.unsettled = None;
            return self.retry.is_some_and(|at| at <= now);
        }
        let (last, since) = self.unsettled.unwrap_or((self.loaded, now));
        self.unsettled = Some((stamp, since));
        let is_settled = stamp == last || now - since >= MAX_UNSETTLED;
        if !is_settled {
            self.next_look = now + SETTLE_TIME;
        }
        is_settled
    }

    /// Returns whether a load is to be ignored because the stamp changed meanwhile: values
    /// may be from before and after the change.
    pub(super) fn is_torn(&mut self, now: Instant, before: u64, after: u64) -> bool {
        let since = self.unsettled.map_or(now, |(_, since)| since);
        if before == after || now - since >= MAX_UNSETTLED {
            return false;
        }
        self.unsettled = Some((after, since));
        self.next_look = now + SETTLE_TIME;
        self.is_deferred = true;
        true
    }

    /// Returns whether a load is to be ignored because values are gone that may come back.
    pub(super) fn may_return(&mut self, now: Instant, is_any_gone: bool) -> bool {
        if !is_any_gone || self.is_asked {
            self.gone = None;
            return false;
        }
        let since = *self.gone.get_or_insert(now);
        let may_return = now - since < REMOVAL_TIME;
        if !may_return {
            self.gone = None;
        }
        may_return
    }

    /// Records a load of `stamp` with its values in effect.
    pub(super) fn loaded(&mut self, now: Instant, stamp: u64) {
        self.ended(now, stamp);
        (self.failures, self.retry) = (0, None);
    }

    /// Records a load of `stamp` that was refused.
    pub(super) fn refused(&mut self, now: Instant, stamp: u64) {
        self.ended(now, stamp);
        let pause = MIN_RETRY.saturating_mul(1 << self.failures.min(16));
        self.failures += 1;
        self.retry = Some(now + pause.min(MAX_RETRY));
    }

    fn ended(&mut self, now: Instant, stamp: u64) {
        self.loaded = stamp;
        (self.unsettled, self.gone) = (None, None);
        (self.is_asked, self.is_deferred) = (false, false);
        self.next_look = now + POLL_INTERVAL;
    }
}
