//! What a Vault gives for a time, and when to do something about it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use tokio::time::Instant;

use super::error::VaultErrorKind;

/// How long something that a Vault gave is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    /// Empty for a token, which is its own lease.
    pub(super) id: String,
    /// Nothing means forever.
    pub(super) ttl: Duration,
    pub(super) renewable: bool,
    /// The number of the token that took it, with which it ends.
    pub(super) token: u64,
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
    pub(super) fn at(now: Instant, expires: Option<Instant>, stale: bool) -> Self {
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
pub(super) enum Action {
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
pub(super) struct Schedule {
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
pub(super) const GAP: Duration = Duration::from_secs(1);
/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// What is valid for longer than ten years is valid for ten years: a clock must
/// be able to show the end.
const LONGEST_TTL: Duration = Duration::from_secs(10 * 365 * 86_400);

impl Schedule {
    /// Begins with something that was just obtained. `jitter` gives a number
    /// from 0 to 1.
    pub(super) fn new(now: Instant, lease: &Lease, jitter: fn() -> f64) -> Self {
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
    pub(super) fn next(&self) -> Option<(Instant, Action)> {
        self.next
    }

    pub(super) fn expires(&self) -> Option<Instant> {
        self.expires
    }

    /// Whether what is held will end with something that it depends on, and a
    /// replacement is planned for that.
    pub(super) fn is_doomed(&self) -> bool {
        self.doomed
    }

    pub(super) fn health(&self, now: Instant) -> Health {
        let stale = self.failures > 0;
        Health::at(now, self.expires, stale)
    }

    /// Another one is held since `asked`, when it was asked for.
    pub(super) fn obtained(&mut self, asked: Instant, lease: &Lease) {
        if asked - self.obtained >= self.granted / 2 {
            self.gone = 0;
        }
        self.granted = lease.ttl.min(LONGEST_TTL);
        self.obtained = asked;
        self.doomed = false;
        self.renewed(asked, lease);
    }

    /// What is held is good for so long, as the Vault said when it was asked.
    pub(super) fn renewed(&mut self, asked: Instant, lease: &Lease) {
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
    pub(super) fn failed(&mut self, now: Instant, action: Action, kind: VaultErrorKind) {
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
    pub(super) fn suspected(&mut self, now: Instant) {
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
    pub(super) fn doomed(&mut self, now: Instant) {
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

/// A number from 0 to 1. The seed of a hash map is random enough to spread
/// requests.
pub(super) fn jitter() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(random >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(seconds: u64, renewable: bool) -> Lease {
        Lease {
            id: String::new(),
            ttl: Duration::from_secs(seconds),
            renewable,
            token: 0,
        }
    }

    fn after(start: Instant, schedule: &Schedule) -> Option<(f64, Action)> {
        let (at, action) = schedule.next()?;
        let seconds = (at - start).as_secs_f64();
        Some(((seconds * 10.0).round() / 10.0, action))
    }

    #[test]
    fn a_lease_is_renewed_after_two_thirds_or_a_little_earlier() {
        let now = Instant::now();
        let late = Schedule::new(now, &lease(90, true), || 0.0);
        assert_eq!(after(now, &late), Some((60.0, Action::Renew)));
        let early = Schedule::new(now, &lease(90, true), || 1.0);
        assert_eq!(after(now, &early), Some((51.0, Action::Renew)));
    }

    #[test]
    fn what_cannot_be_renewed_is_replaced() {
        let now = Instant::now();
        let schedule = Schedule::new(now, &lease(90, false), || 0.0);
        assert_eq!(after(now, &schedule), Some((60.0, Action::Obtain)));
    }

    #[test]
    fn what_has_no_end_is_left_alone() {
        let now = Instant::now();
        let schedule = Schedule::new(now, &lease(0, false), || 0.0);
        assert_eq!(after(now, &schedule), None);
        let later = now + Duration::from_secs(1_000_000);
        assert_eq!(schedule.health(later), Health::Fresh);
    }

    #[test]
    fn what_is_not_renewed_for_its_whole_time_is_replaced_when_a_third_is_left() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
        let early = start + Duration::from_secs(10);
        schedule.renewed(early, &lease(80, true));
        assert_eq!(after(start, &schedule), Some((60.0, Action::Obtain)));
        let late = start + Duration::from_secs(70);
        schedule.renewed(late, &lease(20, true));
        assert_eq!(after(late, &schedule), Some((1.0, Action::Obtain)));
    }

    #[test]
    fn what_lasts_longer_than_a_clock_shows_is_kept_all_the_same() {
        let now = Instant::now();
        let schedule = Schedule::new(now, &lease(u64::MAX, true), || 1.0);
        assert!(schedule.next().is_some());
        assert_eq!(schedule.health(now), Health::Fresh);
    }

    #[test]
    fn a_renewal_that_is_refused_ends_with_a_replacement_before_the_end() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
        while let Some((at, Action::Renew)) = schedule.next() {
            schedule.failed(at, Action::Renew, VaultErrorKind::Denied);
        }
        assert_eq!(after(start, &schedule), Some((75.0, Action::Obtain)));
    }

    #[test]
    fn a_failed_renewal_waits_and_never_replaces_what_is_still_good() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
        let mut waits = Vec::new();
        let mut now = start;
        while let Some((at, Action::Renew)) = schedule.next() {
            waits.push((at - now).as_secs());
            now = at;
            assert_eq!(
                schedule.health(now) == Health::Fresh,
                schedule.failures == 0
            );
            schedule.failed(now, Action::Renew, VaultErrorKind::Unreachable);
        }
        assert_eq!(waits, [60, 1, 2, 4, 8]);
        assert_eq!(after(start, &schedule), Some((90.0, Action::Obtain)));
        let (end, _) = schedule.next().unwrap();
        assert_eq!(schedule.health(end), Health::Expired);
    }

    #[test]
    fn a_lease_that_is_gone_is_replaced_although_it_should_last() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
        let now = start + Duration::from_secs(60);
        schedule.failed(now, Action::Renew, VaultErrorKind::LeaseGone);
        assert_eq!(after(now, &schedule), Some((1.0, Action::Obtain)));
        assert_eq!(schedule.health(now), Health::Expired);
    }

    /// The bound that the manual states, for every time to live and every
    /// failure.
    #[test]
    fn a_vault_that_always_fails_is_asked_ten_times_in_the_first_minute_at_most() {
        let kinds = [
            VaultErrorKind::Unreachable,
            VaultErrorKind::Denied,
            VaultErrorKind::LeaseGone,
            VaultErrorKind::Throttled,
        ];
        for (kind, ttl) in kinds
            .iter()
            .flat_map(|kind| [1, 10, 3_600].map(|ttl| (*kind, ttl)))
        {
            let start = Instant::now();
            let mut schedule = Schedule::new(start, &lease(ttl, true), || 1.0);
            let first = schedule.next().unwrap().0;
            let mut minutes = [0; 10];
            while let Some((at, action)) = schedule.next() {
                let minute = (at - first).as_secs() / 60;
                let Some(count) = minutes.get_mut(usize::try_from(minute).unwrap()) else {
                    break;
                };
                *count += 1;
                schedule.failed(at, action, kind);
            }
            assert!(minutes[0] <= 10, "{kind:?}, {ttl} s: {minutes:?}");
            assert!(minutes[1..].iter().all(|count| *count <= 5), "{minutes:?}");
        }
    }

    /// Each one is good when it is given, and gone when it is to be renewed.
    #[test]
    fn what_is_gone_again_and_again_is_replaced_later_and_later() {
        let mut now = Instant::now();
        let mut schedule = Schedule::new(now, &lease(600, true), || 1.0);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let obtained = now;
            schedule.suspected(now);
            let (at, action) = schedule.next().unwrap();
            assert_eq!(action, Action::Renew);
            schedule.failed(at, action, VaultErrorKind::LeaseGone);
            let (at, action) = schedule.next().unwrap();
            assert_eq!(action, Action::Obtain);
            schedule.obtained(at, &lease(600, true));
            waits.push((at - obtained).as_secs());
            now = at;
        }
        assert_eq!(waits, [2, 3, 5, 9, 17, 33, 61, 61]);
    }

    #[test]
    fn who_is_suspected_is_asked_at_once_and_not_again_while_that_fails() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
        let now = start + Duration::from_secs(10);
        schedule.suspected(now);
        assert_eq!(after(now, &schedule), Some((0.0, Action::Renew)));
        for wait in [1.0, 2.0, 4.0] {
            let (at, action) = schedule.next().unwrap();
            schedule.failed(at, action, VaultErrorKind::Unreachable);
            schedule.suspected(at);
            assert_eq!(after(at, &schedule), Some((wait, Action::Renew)));
        }
    }

    /// What cannot be asked for is replaced on suspicion, but not each time.
    #[test]
    fn suspicion_of_what_cannot_be_renewed_is_followed_later_and_later() {
        let mut now = Instant::now();
        let unasked = Lease {
            id: "lease".to_owned(),
            ..lease(600, false)
        };
        let mut schedule = Schedule::new(now, &unasked, || 0.0);
        let mut waits = Vec::new();
        for _ in 0..7 {
            schedule.suspected(now);
            let (at, action) = schedule.next().unwrap();
            assert_eq!(action, Action::Obtain);
            waits.push((at - now).as_secs());
            schedule.obtained(at, &unasked);
            now = at;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60]);
    }

    #[test]
    fn what_is_doomed_is_replaced_but_not_sooner_than_a_failure_allows() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
        let now = start + Duration::from_secs(10);
        schedule.doomed(now);
        assert_eq!(after(now, &schedule), Some((0.0, Action::Obtain)));
        for wait in [1.0, 2.0, 4.0] {
            let (at, action) = schedule.next().unwrap();
            schedule.failed(at, action, VaultErrorKind::Denied);
            schedule.doomed(at);
            assert_eq!(after(at, &schedule), Some((wait, Action::Obtain)));
        }
    }
}
