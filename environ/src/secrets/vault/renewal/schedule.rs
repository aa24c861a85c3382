//! What a Vault gives for a time, and when to do something about it.

#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::time::Instant;

use super::handle::Need;
use crate::secrets::vault::client::error::VaultErrorKind;

/// Why an answer without one is not taken.
pub(crate) const NO_LEASE: &str = "the answer says nothing of a lease";

/// How long something that a Vault gave is valid.
#[derive(Debug)]
pub(crate) struct Lease {
    /// Empty for a token, which is its own lease.
    pub(crate) id: String,
    /// Nothing means forever.
    pub(crate) ttl: Duration,
    pub(crate) renewable: bool,
    /// The number of the token that took it, with which it ends.
    pub(crate) token: u64,
    /// Keeps that token from being given back before it.
    pub(crate) needs: Option<Need>,
}

impl Lease {
    /// Whether asking for more time tells if it is still good.
    fn can_be_asked(&self) -> bool {
        self.renewable || self.id.is_empty()
    }
}

/// Whether what is held is good, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It is good, and the Vault said so when it was asked last.
    Fresh,
    /// It is good, but the Vault could not be asked again.
    Stale,
    /// It has run out.
    Expired,
}

impl Health {
    /// All of them, from good to bad.
    pub const ALL: [Self; 3] = [Self::Fresh, Self::Stale, Self::Expired];

    pub(crate) fn at(now: Instant, expires: Option<Instant>, stale: bool) -> Self {
        if expires.is_some_and(|expires| expires <= now) {
            Self::Expired
        } else if stale {
            Self::Stale
        } else {
            Self::Fresh
        }
    }

    /// Names it in one word, for metrics and pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Expired => "expired",
        }
    }
}

/// What to ask a Vault for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// More time for what is held.
    Renew,
    /// Another one instead of it.
    Obtain,
}

/// When to ask for what. It knows no clock and no network: whoever drives it
/// tells the time, and how the last request ended.
///
/// - A lease is renewed after two thirds of its time, a little earlier at random,
///   so that a thousand instances do not ask at once.
/// - What cannot be renewed, or not for its whole time, is replaced when a third
///   of that is left.
/// - A failure is answered by waiting, twice as long each time. What is held is
///   good until it runs out, and nothing new is asked for before, since each new
///   one is a user in a database. But one whose renewal is refused is replaced
///   shortly before it ends, and one that is gone at once; if the next one is gone
///   too, later and later, up to a tenth of its time.
/// - Whatever happens, requests are [`GAP`] apart.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// Its whole time, as it was first granted.
    granted: Duration,
    can_be_asked: bool,
    expires: Option<Instant>,
    obtained: Instant,
    asked: Instant,
    failures: u32,
    /// How many were gone one after the other, long before their time.
    gone: u32,
    doomed: bool,
    next: Option<(Instant, Action)>,
    jitter: fn() -> f64,
}

/// The least time between two requests, and the first wait after a failure.
pub(crate) const GAP: Duration = Duration::from_secs(1);
/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// What is valid for longer than ten years is valid for ten years: a clock must
/// be able to show the end.
const LONGEST_TTL: Duration = Duration::from_secs(10 * 365 * 86_400);

impl Schedule {
    /// Begins with something that was just obtained. `jitter` gives a number
    /// from 0 to 1.
    pub(crate) fn new(now: Instant, lease: &Lease, jitter: fn() -> f64) -> Self {
        let mut schedule = Self {
            granted: Duration::ZERO,
            can_be_asked: false,
            expires: None,
            obtained: now,
            asked: now,
            failures: 0,
            gone: 0,
            doomed: false,
            next: None,
            jitter,
        };
        schedule.obtained(now, lease);
        schedule
    }

    /// When to ask for what, if ever.
    pub(crate) fn next(&self) -> Option<(Instant, Action)> {
        self.next
    }

    /// Since when what is held is held.
    pub(crate) fn since(&self) -> Instant {
        self.obtained
    }

    pub(crate) fn expires(&self) -> Option<Instant> {
        self.expires
    }

    /// Whether what is held will end with something that it depends on, and a
    /// replacement is planned for that.
    pub(crate) fn is_doomed(&self) -> bool {
        self.doomed
    }

    pub(crate) fn health(&self, now: Instant) -> Health {
        let stale = self.failures > 0;
        Health::at(now, self.expires, stale)
    }

    /// Another one is held since `asked`, when it was asked for.
    pub(crate) fn obtained(&mut self, asked: Instant, lease: &Lease) {
        if asked - self.obtained >= self.granted / 2 {
            self.gone = 0;
        }
        self.granted = lease.ttl.min(LONGEST_TTL);
        self.obtained = asked;
        self.doomed = false;
        self.renewed(asked, lease);
    }

    /// What is held is good for so long, as the Vault said when it was asked.
    pub(crate) fn renewed(&mut self, asked: Instant, lease: &Lease) {
        self.asked = asked;
        self.failures = 0;
        self.can_be_asked = lease.can_be_asked();
        if lease.ttl.is_zero() {
            (self.expires, self.next) = (None, None);
            return;
        }
        let ttl = lease.ttl.min(LONGEST_TTL);
        let expires = asked + ttl;
        self.expires = Some(expires);
        let is_whole = ttl >= self.granted.mul_f64(0.9);
        let action = if lease.renewable && is_whole {
            Action::Renew
        } else {
            Action::Obtain
        };
        let early = self.granted.mul_f64(0.1 * (self.jitter)());
        let third = (self.granted / 3 + early).min(ttl);
        self.plan(expires - third, action);
    }

    /// A request failed.
    pub(crate) fn failed(&mut self, now: Instant, action: Action, kind: VaultErrorKind) {
        self.asked = now;
        let wait = GAP.saturating_mul(1 << self.failures.min(16));
        let wait = wait.min(LONGEST_WAIT).mul_f64(1.0 - (self.jitter)() / 2.0);
        self.failures += 1;
        if action == Action::Renew && kind == VaultErrorKind::LeaseGone {
            self.expires = Some(now);
            self.plan(now, Action::Obtain);
            self.gone += 1;
            return;
        }
        // Who refuses now will refuse later, and a new one may be given all the same.
        let spare = if kind.is_transient() {
            Duration::ZERO
        } else {
            self.granted / 6
        };
        let end = self.expires.map(|expires| expires - spare);
        match (action, end) {
            (Action::Renew, Some(end)) if now + wait >= end => self.plan(end, Action::Obtain),
            _ => self.plan(now + wait, action),
        }
    }

    /// Somebody suspects that what is held is not good any more. While it cannot
    /// be asked for, that changes nothing.
    pub(crate) fn suspected(&mut self, now: Instant) {
        if self.failures > 0 || self.doomed {
            return;
        }
        if self.can_be_asked {
            return self.plan(now, Action::Renew);
        }
        self.plan(now, Action::Obtain);
        self.gone += 1;
    }

    /// What is held will end with something that it depends on.
    pub(crate) fn doomed(&mut self, now: Instant) {
        self.doomed = true;
        let at = match self.next {
            Some((at, _)) if self.failures > 0 => at,
            _ => now,
        };
        self.plan(at, Action::Obtain);
    }

    /// Not before it is decent.
    fn plan(&mut self, at: Instant, action: Action) {
        let longest = (self.granted / 10).max(GAP);
        let apart = match action {
            Action::Renew => GAP,
            Action::Obtain => GAP.saturating_mul(1 << self.gone.min(16)).min(longest),
        };
        self.next = Some((at.max(self.asked + apart), action));
    }
}
