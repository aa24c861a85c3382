//! The load balancers that check this instance, and the end of their requests.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::haproxy::ServerState;

/// A load balancer that has not checked for so long is forgotten.
const FORGET_AFTER: Duration = Duration::from_mins(1);

/// More load balancers are not told apart: they count as a client that checks without a
/// state, so that the drain waits for its whole delay.
const MAX_LOAD_BALANCERS: usize = 64;

/// Checks of one client are assumed to be no further apart, and no closer.
const MAX_INTERVAL: Duration = FORGET_AFTER;
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// A client that has missed so many of its own checks has gone.
const MISSED_CHECKS: u32 = 3;

/// More clients are not told apart.
const MAX_CLIENTS: usize = 64;

/// The load balancers that check, each with the last state that it sent.
#[derive(Debug, Default)]
pub(crate) struct LoadBalancers {
    checks: Mutex<Checks>,
    changed: Notify,
}

impl LoadBalancers {
    /// Records a check by `peer`, with the state that it sent if that is trusted.
    pub(crate) fn checked(&self, peer: IpAddr, state: Option<ServerState>) {
        self.with(|checks| checks.checked(Instant::now(), peer, state));
        self.changed.notify_waiters();
    }

    /// Resolves when every load balancer that checks has sent, from now on, that it has
    /// no request here and sends no more.
    ///
    /// Never resolves if no load balancer checks, or if a client checks without a state.
    pub(crate) async fn drained(&self) {
        let since = Instant::now();
        loop {
            let changed = self.changed.notified();
            if self.with(|checks| checks.are_drained(since, Instant::now())) {
                return;
            }
            changed.await;
        }
    }

    /// Returns whether a client goes on asking for readiness, so that a load balancer may
    /// notice that the service is not ready any more.
    pub(crate) fn is_asked(&self) -> bool {
        self.with(|checks| checks.is_asked(Instant::now()))
    }

    /// Returns the last state of each load balancer.
    #[must_use]
    pub(crate) fn last_states(&self) -> Vec<ServerState> {
        self.with(|checks| {
            checks
                .states
                .values()
                .map(|(_, state)| state.clone())
                .collect()
        })
    }

    fn with<T>(&self, look: impl FnOnce(&mut Checks) -> T) -> T {
        look(&mut self.checks.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The address and name of a load balancer, and its name for this instance: a load
/// balancer that checks through two backends has to be drained in both.
type Checker = (IpAddr, String, String);

#[derive(Debug, Default)]
struct Checks {
    states: BTreeMap<Checker, (Instant, ServerState)>,
    /// The last check without a state.
    stateless: Option<Instant>,
    /// Each client that asks for readiness; `None` stands for all that have no place.
    clients: BTreeMap<Option<IpAddr>, Rhythm>,
}

/// The last check of a client, and the time between two of its checks.
#[derive(Clone, Copy, Debug)]
struct Rhythm {
    last: Instant,
    interval: Duration,
}

impl Rhythm {
    /// Several probers may share an address, so a short gap halves the interval at most.
    fn checked(self, now: Instant) -> Self {
        let gap = now.duration_since(self.last);
        let interval = gap.max(self.interval / 2);
        Self {
            last: now,
            interval: interval.clamp(MIN_INTERVAL, MAX_INTERVAL),
        }
    }

    fn goes_on(&self, now: Instant) -> bool {
        now.duration_since(self.last) < self.interval * MISSED_CHECKS
    }
}

impl Checks {
    fn checked(&mut self, now: Instant, peer: IpAddr, state: Option<ServerState>) {
        self.asked(now, peer);
        self.states
            .retain(|_, (at, _)| now.duration_since(*at) < FORGET_AFTER);
        let Some(state) = state else {
            self.stateless = Some(now);
            return;
        };
        let checker = (peer, state.node.clone(), state.name.clone());
        if self.states.len() < MAX_LOAD_BALANCERS || self.states.contains_key(&checker) {
            self.states.insert(checker, (now, state));
        } else {
            self.stateless = Some(now);
        }
    }

    fn asked(&mut self, now: Instant, peer: IpAddr) {
        self.clients.retain(|_, rhythm| rhythm.goes_on(now));
        let has_place = self.clients.contains_key(&Some(peer)) || self.clients.len() < MAX_CLIENTS;
        let client = has_place.then_some(peer);
        // A single check says nothing about the next one.
        let first = Rhythm {
            last: now,
            interval: FORGET_AFTER / MISSED_CHECKS,
        };
        let before = self.clients.get(&client);
        let rhythm = before.map_or(first, |before| before.checked(now));
        self.clients.insert(client, rhythm);
    }

    fn is_asked(&self, now: Instant) -> bool {
        self.clients.values().any(|rhythm| rhythm.goes_on(now))
    }

    fn are_drained(&self, since: Instant, now: Instant) -> bool {
        let remembered = |at: Instant| now.duration_since(at) < FORGET_AFTER;
        let mut states = self.states.values().filter(|(at, _)| remembered(*at));
        let mut any = false;
        let all = states.all(|(at, state)| {
            any = true;
            *at >= since && state.is_drained()
        });
        any && all && !self.stateless.is_some_and(remembered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::haproxy::sent;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn every_load_balancer_has_to_be_drained() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut checks = Checks::default();
        assert!(
            !checks.are_drained(start, at(0)),
            "nobody has said anything"
        );

        checks.checked(at(1), PEER, Some(sent("UP", "lb1", 0)));
        checks.checked(at(1), PEER, Some(sent("UP", "lb2", 0)));
        checks.checked(at(3), PEER, Some(sent("DOWN", "lb1", 0)));
        assert!(!checks.are_drained(at(2), at(3)), "lb2 still sends");
        checks.checked(at(4), PEER, Some(sent("DOWN", "lb2", 1)));
        assert!(
            !checks.are_drained(at(2), at(4)),
            "lb2 still has a request here"
        );
        checks.checked(at(5), PEER, Some(sent("DOWN", "lb2", 0)));
        assert!(checks.are_drained(at(2), at(5)));
    }

    #[test]
    fn earlier_states_do_not_count() {
        let start = Instant::now();
        let mut checks = Checks::default();
        checks.checked(start, PEER, Some(sent("DOWN", "lb1", 0)));
        let since = start + Duration::from_secs(1);
        assert!(!checks.are_drained(since, since));
    }

    #[test]
    fn a_load_balancer_that_is_gone_is_not_waited_for() {
        let start = Instant::now();
        let mut checks = Checks::default();
        checks.checked(start, PEER, Some(sent("UP", "gone", 0)));
        let later = start + FORGET_AFTER;
        checks.checked(later, PEER, Some(sent("DOWN", "lb1", 0)));
        assert!(checks.are_drained(later, later));
    }

    /// Returns whether a client that checked at these milliseconds is waited for.
    fn asked_after(checks_at: &[u64], later: u64) -> bool {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut checks = Checks::default();
        for millis in checks_at {
            checks.checked(at(*millis), PEER, None);
        }
        checks.is_asked(at(later))
    }

    #[test]
    fn a_client_that_missed_three_of_its_checks_has_gone() {
        let each = |interval: u64, count: u64| (0..count).map(|i| i * interval).collect::<Vec<_>>();
        assert!(!asked_after(&[], 0), "no client has checked");
        assert!(asked_after(&[0], 59_000), "the interval is not known");
        assert!(!asked_after(&[0], 61_000));
        let every_2s = each(2_000, 10);
        assert!(asked_after(&every_2s, 18_000 + 5_900));
        assert!(!asked_after(&every_2s, 18_000 + 6_100));
        let every_100ms = each(100, 50);
        assert!(asked_after(&every_100ms, 4_900 + 2_900), "1 s at least");
        assert!(!asked_after(&every_100ms, 4_900 + 3_100));
        let once_an_hour = each(3_600_000, 3);
        assert!(!asked_after(&once_an_hour, 7_200_000 + 181_000));
    }

    #[test]
    fn two_probers_of_an_address_are_waited_for() {
        let pairs: Vec<_> = (0..10)
            .flat_map(|i| [i * 10_000, i * 10_000 + 10])
            .collect();
        assert!(asked_after(&pairs, 90_010 + 14_000));
    }

    #[test]
    fn at_most_64_clients_are_told_apart() {
        let start = Instant::now();
        let mut checks = Checks::default();
        for number in 0..10_000_u32 {
            checks.checked(start, IpAddr::V4(number.into()), None);
        }
        assert!(checks.clients.len() <= MAX_CLIENTS + 1);
        assert!(checks.is_asked(start));
    }

    #[test]
    fn at_most_64_load_balancers_are_remembered() {
        let start = Instant::now();
        let mut checks = Checks::default();
        for number in 0..20_000 {
            checks.checked(start, PEER, Some(sent("DOWN", &format!("lb{number}"), 0)));
        }
        assert_eq!(checks.states.len(), 64);
        assert!(
            !checks.are_drained(start, start),
            "a load balancer that is not remembered may still send"
        );
    }

    /// Kubernetes, or a load balancer that does not send its state, may still send
    /// requests.
    #[test]
    fn a_check_without_a_state_is_waited_for() {
        let start = Instant::now();
        let mut checks = Checks::default();
        checks.checked(start, PEER, None);
        checks.checked(start, PEER, Some(sent("DOWN", "lb1", 0)));
        assert!(!checks.are_drained(start, start));
        let later = start + FORGET_AFTER;
        checks.checked(later, PEER, Some(sent("DOWN", "lb1", 0)));
        assert!(checks.are_drained(later, later));
    }
}
