//! When to ask a Vault for what.

#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::time::Instant;

use super::lease::Lease;
use super::status::{Answers, Health, Status};
use crate::secrets::vault::client::{VaultError, VaultErrorKind};

/// The shortest time between two requests, and the first wait after a failure.
const MIN_WAIT: Duration = Duration::from_secs(1);
const MAX_WAIT: Duration = Duration::from_secs(30);
/// Ten years. A longer time to live counts as ten years, because an `Instant`
/// cannot show every end.
const MAX_TTL: Duration = Duration::from_secs(10 * 365 * 86_400);

/// When to ask for what. A schedule knows no clock and no network: the caller
/// passes the time and the outcome of each request.
///
/// - A lease is renewed after two thirds of its time, or up to a tenth earlier at
///   random, so that a thousand instances do not ask at once.
/// - A lease that cannot be renewed, or not for its whole time, is rotated when a
///   third of that time is left.
/// - After a failure the wait doubles. The current value stays in use until it
///   expires, and no new value is requested before, because each is a user in a
///   database. Two exceptions: a lease whose renewal is refused is rotated shortly
///   before its end, and a lease that is gone at once. If the next lease is gone
///   as well, the wait doubles, up to a tenth of the lease's time.
/// - Requests are at least [`MIN_WAIT`] apart.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// The whole time to live, as first granted.
    granted: Duration,
    can_be_checked: bool,
    expires: Option<Instant>,
    issued: Instant,
    last_request: Instant,
    failures: u32,
    /// Number of leases in a row that were gone before half of their time.
    gone: u32,
    is_doomed: bool,
    next: Option<(Instant, Action)>,
    jitter: fn() -> f64,
}

/// A request to a Vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Ask for more time for the current value.
    Renew,
    /// Ask for a new value in place of the current value.
    Rotate,
}

impl Schedule {
    /// Starts with a lease that was requested at `asked`. `jitter` returns a
    /// number from 0 to 1.
    pub(crate) fn new(asked: Instant, lease: &Lease, jitter: fn() -> f64) -> Self {
        let mut schedule = Self {
            granted: Duration::ZERO,
            can_be_checked: false,
            expires: None,
            issued: asked,
            last_request: asked,
            failures: 0,
            gone: 0,
            is_doomed: false,
            next: None,
            jitter,
        };
        schedule.rotated(asked, lease);
        schedule
    }

    /// Returns the next request and its time, or `None` if there is no need.
    pub(crate) fn next(&self) -> Option<(Instant, Action)> {
        self.next
    }

    pub(crate) fn expires(&self) -> Option<Instant> {
        self.expires
    }

    /// Returns whether the current lease ends with its token, and its rotation is
    /// planned.
    pub(crate) fn is_doomed(&self) -> bool {
        self.is_doomed
    }

    pub(crate) fn status(
        &self,
        now: Instant,
        failure: Option<VaultError>,
        answers: Answers,
    ) -> Status {
        Status {
            health: Health::at(now, self.expires, self.failures > 0),
            obtained: self.issued.into_std(),
            expires: self.expires.map(Instant::into_std),
            failure,
            answers,
        }
    }

    /// Records a new value that was requested at `asked`.
    pub(crate) fn rotated(&mut self, asked: Instant, lease: &Lease) {
        if asked - self.issued >= self.granted / 2 {
            self.gone = 0;
        }
        self.granted = lease.ttl.min(MAX_TTL);
        self.issued = asked;
        self.is_doomed = false;
        self.renewed(asked, lease);
    }

    /// Records the terms of the current lease, which were requested at `asked`.
    pub(crate) fn renewed(&mut self, asked: Instant, lease: &Lease) {
        self.last_request = asked;
        self.failures = 0;
        self.can_be_checked = lease.can_be_checked();
        if lease.ttl.is_zero() {
            (self.expires, self.next) = (None, None);
            return;
        }
        let ttl = lease.ttl.min(MAX_TTL);
        let expires = asked + ttl;
        self.expires = Some(expires);
        let is_whole = ttl >= self.granted.mul_f64(0.9);
        let action = if lease.renewable && is_whole {
            Action::Renew
        } else {
            Action::Rotate
        };
        let early = self.granted.mul_f64(0.1 * (self.jitter)());
        let third = (self.granted / 3 + early).min(ttl);
        self.plan(expires - third, action);
    }

    /// Records a request that failed.
    pub(crate) fn failed(&mut self, now: Instant, action: Action, kind: VaultErrorKind) {
        self.last_request = now;
        let wait = doubled(self.failures, MAX_WAIT).mul_f64(1.0 - (self.jitter)() / 2.0);
        self.failures += 1;
        if action == Action::Renew && kind == VaultErrorKind::LeaseGone {
            self.expires = Some(now);
            self.plan(now, Action::Rotate);
            self.gone += 1;
            return;
        }
        // A refusal will be repeated, but a new value may be granted all the same.
        let spare = if kind.is_transient() {
            Duration::ZERO
        } else {
            self.granted / 6
        };
        let end = self.expires.map(|expires| expires - spare);
        match (action, end) {
            (Action::Renew, Some(end)) if now + wait >= end => self.plan(end, Action::Rotate),
            _ => self.plan(now + wait, action),
        }
    }

    /// Plans a check at once, because the current value was refused. Changes
    /// nothing while requests fail.
    pub(crate) fn suspected(&mut self, now: Instant) {
        if self.failures > 0 || self.is_doomed {
            return;
        }
        if self.can_be_checked {
            return self.plan(now, Action::Renew);
        }
        self.plan(now, Action::Rotate);
        self.gone += 1;
    }

    /// Plans a rotation at once, because the lease ends with its token.
    pub(crate) fn doomed(&mut self, now: Instant) {
        self.is_doomed = true;
        let at = match self.next {
            Some((at, _)) if self.failures > 0 => at,
            _ => now,
        };
        self.plan(at, Action::Rotate);
    }

    fn plan(&mut self, at: Instant, action: Action) {
        let wait = match action {
            Action::Renew => MIN_WAIT,
            Action::Rotate => doubled(self.gone, (self.granted / 10).max(MIN_WAIT)),
        };
        self.next = Some((at.max(self.last_request + wait), action));
    }
}

/// Returns [`MIN_WAIT`], doubled so many times, up to `max`.
fn doubled(times: u32, max: Duration) -> Duration {
    MIN_WAIT.saturating_mul(1 << times.min(16)).min(max)
}
