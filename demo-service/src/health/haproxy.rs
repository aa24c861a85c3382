//! The load balancers that check this instance.
//!
//! With `http-check send-state`, HAProxy sends its view of this server in a header of
//! each check:
//!
//! ```text
//! X-Haproxy-Server-State: UP 1/2; address=127.0.0.1; port=8001; name=app/app1;
//!     node=lb1; weight=1/3; scur=2/7; qcur=0
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// The header in which HAProxy sends its view.
pub(crate) const HEADER: &str = "x-haproxy-server-state";

/// A load balancer that has not checked for so long is forgotten.
const FORGET_AFTER: Duration = Duration::from_mins(1);

/// Whether a load balancer sends new requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerStatus {
    /// It sends requests: `UP`, or `UP 1/2` while checks fail.
    Up,
    /// It sends none because checks fail: `DOWN`, or `DOWN 1/2` while checks pass.
    Down,
    /// It sends none because of `http-check disable-on-404`: `NOLB`.
    NoLb,
}

/// A load balancer's view of this instance.
///
/// HAProxy reports `UP` for a server in drain by hand, and does not check a server in
/// maintenance: both are `DOWN` here only when checks fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerState {
    /// Whether the load balancer sends new requests.
    pub status: ServerStatus,
    /// The name of the load balancer, by default that of its host.
    pub node: String,
    /// The names of the backend and of the server, as in `app/app1`.
    pub name: String,
    /// The number of its requests in flight here.
    pub sessions: u32,
    /// The number of requests that wait at the load balancer for this server.
    pub queued: u32,
}

impl ServerState {
    /// Parses the value of the header, or returns `None` if HAProxy cannot have sent it.
    #[must_use]
    pub(crate) fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split("; ");
        let status = match parts.next()?.split(' ').next()? {
            "UP" => ServerStatus::Up,
            "DOWN" => ServerStatus::Down,
            "NOLB" => ServerStatus::NoLb,
            _ => return None,
        };
        let fields: BTreeMap<_, _> = parts.filter_map(|part| part.split_once('=')).collect();
        let (sessions, _of_all_servers) = fields.get("scur")?.split_once('/')?;
        Some(Self {
            status,
            node: (*fields.get("node")?).to_owned(),
            name: (*fields.get("name")?).to_owned(),
            sessions: sessions.parse().ok()?,
            queued: fields.get("qcur")?.parse().ok()?,
        })
    }

    /// Returns whether the load balancer has no request here and sends no more.
    #[must_use]
    pub(crate) fn is_drained(&self) -> bool {
        self.status != ServerStatus::Up && self.sessions == 0 && self.queued == 0
    }
}

impl fmt::Display for ServerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.status {
            ServerStatus::Up => "UP",
            ServerStatus::Down => "DOWN",
            ServerStatus::NoLb => "NOLB",
        };
        write!(
            f,
            "{} {} {status} scur={} qcur={}",
            self.node, self.name, self.sessions, self.queued
        )
    }
}

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
}

impl Checks {
    fn checked(&mut self, now: Instant, peer: IpAddr, state: Option<ServerState>) {
        self.states
            .retain(|_, (at, _)| now.duration_since(*at) < FORGET_AFTER);
        match state {
            Some(state) => {
                let checker = (peer, state.node.clone(), state.name.clone());
                self.states.insert(checker, (now, state));
            }
            None => self.stateless = Some(now),
        }
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

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn said(status: &str, node: &str, sessions: u32) -> ServerState {
        let rest = "address=127.0.5.1; port=8101; name=app/app1";
        let header =
            format!("{status}; {rest}; node={node}; weight=1/3; scur={sessions}/7; qcur=0");
        ServerState::parse(&header).unwrap()
    }

    /// As HAProxy 2.6.12 sent them.
    #[test]
    fn the_header_of_haproxy_is_parsed() {
        let rest =
            "address=127.0.5.1; port=8101; name=app/app1; node=vm; weight=1/0; scur=2/7; qcur=1";
        for (words, status) in [
            ("UP", ServerStatus::Up),
            ("UP 1/2", ServerStatus::Up),
            ("DOWN", ServerStatus::Down),
            ("DOWN 1/2", ServerStatus::Down),
            ("NOLB", ServerStatus::NoLb),
            ("NOLB 1/2", ServerStatus::NoLb),
        ] {
            let state = ServerState::parse(&format!("{words}; {rest}")).unwrap();
            let expected = ServerState {
                status,
                node: "vm".to_owned(),
                name: "app/app1".to_owned(),
                sessions: 2,
                queued: 1,
            };
            assert_eq!(state, expected, "{words}");
        }
        assert_eq!(
            said("NOLB", "lb1", 3).to_string(),
            "lb1 app/app1 NOLB scur=3 qcur=0"
        );
    }

    #[test]
    fn any_other_header_is_rejected() {
        for header in [
            "",
            "DOWN",
            "down; name=app/app1; node=vm; scur=0/0; qcur=0",
            "no check; name=app/app1; node=vm; scur=0/0; qcur=0",
            "DOWN; name=app/app1; scur=0/0; qcur=0",
            "DOWN; node=vm; scur=0/0; qcur=0",
            "DOWN; name=app/app1; node=vm; scur=0; qcur=0",
            "DOWN; name=app/app1; node=vm; scur=-1/0; qcur=0",
            "DOWN; name=app/app1; node=vm; scur=0/0",
        ] {
            assert_eq!(ServerState::parse(header), None, "{header:?}");
        }
    }

    #[test]
    fn a_load_balancer_is_drained_when_it_sends_no_more_and_has_nothing_here() {
        for (status, sessions, expected) in [
            ("UP", 0, false),
            ("UP 1/2", 0, false),
            ("DOWN", 0, true),
            ("DOWN", 1, false),
            ("DOWN 1/2", 0, true),
            ("NOLB", 0, true),
            ("NOLB", 2, false),
        ] {
            let state = said(status, "lb1", sessions);
            assert_eq!(state.is_drained(), expected, "{state}");
        }
    }

    #[test]
    fn every_load_balancer_has_to_be_drained() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut checks = Checks::default();
        assert!(
            !checks.are_drained(start, at(0)),
            "nobody has said anything"
        );

        checks.checked(at(1), PEER, Some(said("UP", "lb1", 0)));
        checks.checked(at(1), PEER, Some(said("UP", "lb2", 0)));
        checks.checked(at(3), PEER, Some(said("DOWN", "lb1", 0)));
        assert!(!checks.are_drained(at(2), at(3)), "lb2 still sends");
        checks.checked(at(4), PEER, Some(said("DOWN", "lb2", 1)));
        assert!(
            !checks.are_drained(at(2), at(4)),
            "lb2 still has a request here"
        );
        checks.checked(at(5), PEER, Some(said("DOWN", "lb2", 0)));
        assert!(checks.are_drained(at(2), at(5)));
    }

    #[test]
    fn earlier_states_do_not_count() {
        let start = Instant::now();
        let mut checks = Checks::default();
        checks.checked(start, PEER, Some(said("DOWN", "lb1", 0)));
        let since = start + Duration::from_secs(1);
        assert!(!checks.are_drained(since, since));
    }

    #[test]
    fn a_load_balancer_that_is_gone_is_not_waited_for() {
        let start = Instant::now();
        let mut checks = Checks::default();
        checks.checked(start, PEER, Some(said("UP", "gone", 0)));
        let later = start + FORGET_AFTER;
        checks.checked(later, PEER, Some(said("DOWN", "lb1", 0)));
        assert!(checks.are_drained(later, later));
    }

    /// Kubernetes, or a load balancer that does not send its state, may still send
    /// requests.
    #[test]
    fn a_check_without_a_state_is_waited_for() {
        let start = Instant::now();
        let mut checks = Checks::default();
        checks.checked(start, PEER, None);
        checks.checked(start, PEER, Some(said("DOWN", "lb1", 0)));
        assert!(!checks.are_drained(start, start));
        let later = start + FORGET_AFTER;
        checks.checked(later, PEER, Some(said("DOWN", "lb1", 0)));
        assert!(checks.are_drained(later, later));
    }
}
