//! What load balancers know of this instance.
//!
//! HAProxy tells, with `http-check send-state`, in a header of each check what it
//! made of those before:
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

/// The header by which HAProxy says what it knows.
pub const HEADER: &str = "x-haproxy-server-state";

/// Who has not checked for so long does not check any more.
const MEMORY: Duration = Duration::from_mins(1);

/// What a balancer does with new requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It sends them here: `UP`, or `UP 1/2` while checks fail.
    Up,
    /// It sends none, since checks fail: `DOWN`, or `DOWN 1/2` while they pass.
    Down,
    /// It sends none, as `http-check disable-on-404` has it: `NOLB`.
    NoLb,
}

/// What a balancer says of a server, which is this instance.
///
/// A server that was put into drain by hand is still called `UP`, and one in
/// maintenance is not checked: both are `DOWN` here only when checks fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerState {
    /// What it does with new requests.
    pub standing: Standing,
    /// The balancer's own name, which is its host's unless it is given one.
    pub node: String,
    /// What the balancer calls this instance: the backend's name, and the server's.
    pub name: String,
    /// How many requests it has here.
    pub sessions: u32,
    /// How many requests wait at the balancer for their turn here.
    pub queued: u32,
}

impl ServerState {
    /// Reads the header's value; gives none if it is not what HAProxy sends.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split("; ");
        let standing = match parts.next()?.split(' ').next()? {
            "UP" => Standing::Up,
            "DOWN" => Standing::Down,
            "NOLB" => Standing::NoLb,
            _ => return None,
        };
        let fields: BTreeMap<_, _> = parts.filter_map(|part| part.split_once('=')).collect();
        let (sessions, _of_all_servers) = fields.get("scur")?.split_once('/')?;
        Some(Self {
            standing,
            node: (*fields.get("node")?).to_owned(),
            name: (*fields.get("name")?).to_owned(),
            sessions: sessions.parse().ok()?,
            queued: fields.get("qcur")?.parse().ok()?,
        })
    }

    /// Whether the balancer has no request here and sends no more.
    #[must_use]
    pub fn has_let_go(&self) -> bool {
        self.standing != Standing::Up && self.sessions == 0 && self.queued == 0
    }
}

impl fmt::Display for ServerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standing = match self.standing {
            Standing::Up => "UP",
            Standing::Down => "DOWN",
            Standing::NoLb => "NOLB",
        };
        write!(
            f,
            "{} {} {standing} scur={} qcur={}",
            self.node, self.name, self.sessions, self.queued
        )
    }
}

/// Who asks whether this instance is ready, and what they said last.
#[derive(Debug, Default)]
pub struct Balancers {
    seen: Mutex<Seen>,
    changed: Notify,
}

impl Balancers {
    /// Takes note of a check by `peer`, which said `state`, or nothing that can be
    /// believed.
    pub fn checked(&self, peer: IpAddr, state: Option<ServerState>) {
        self.with(|seen| seen.checked(Instant::now(), peer, state));
        self.changed.notify_waiters();
    }

    /// Resolves when everybody who asks has said, from now on, that they have no
    /// request here and send no more.
    ///
    /// Never, if nobody asks, or somebody who does not say.
    pub async fn let_go(&self) {
        let since = Instant::now();
        loop {
            let changed = self.changed.notified();
            if self.with(|seen| seen.have_let_go(since, Instant::now())) {
                return;
            }
            changed.await;
        }
    }

    /// Gives what each said last.
    #[must_use]
    pub fn last_words(&self) -> Vec<ServerState> {
        self.with(|seen| {
            seen.states
                .values()
                .map(|(_, state)| state.clone())
                .collect()
        })
    }

    fn with<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A balancer's host, its name, and what it calls this instance: one that checks
/// through two backends has to let go in both.
type Checker = (IpAddr, String, String);

#[derive(Debug, Default)]
struct Seen {
    states: BTreeMap<Checker, (Instant, ServerState)>,
    /// When somebody asked last who did not say what they make of it.
    silent: Option<Instant>,
}

impl Seen {
    fn checked(&mut self, now: Instant, peer: IpAddr, state: Option<ServerState>) {
        self.states
            .retain(|_, (at, _)| now.duration_since(*at) < MEMORY);
        match state {
            Some(state) => {
                let checker = (peer, state.node.clone(), state.name.clone());
                self.states.insert(checker, (now, state));
            }
            None => self.silent = Some(now),
        }
    }

    fn have_let_go(&self, since: Instant, now: Instant) -> bool {
        let remembered = |at: Instant| now.duration_since(at) < MEMORY;
        let mut states = self.states.values().filter(|(at, _)| remembered(*at));
        let mut any = false;
        let all = states.all(|(at, state)| {
            any = true;
            *at >= since && state.has_let_go()
        });
        any && all && !self.silent.is_some_and(remembered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn said(standing: &str, node: &str, sessions: u32) -> ServerState {
        let rest = "address=127.0.5.1; port=8101; name=app/app1";
        let header =
            format!("{standing}; {rest}; node={node}; weight=1/3; scur={sessions}/7; qcur=0");
        ServerState::parse(&header).unwrap()
    }

    /// As HAProxy 2.6.12 sent them.
    #[test]
    fn what_haproxy_sends_is_read() {
        let rest =
            "address=127.0.5.1; port=8101; name=app/app1; node=vm; weight=1/0; scur=2/7; qcur=1";
        for (words, standing) in [
            ("UP", Standing::Up),
            ("UP 1/2", Standing::Up),
            ("DOWN", Standing::Down),
            ("DOWN 1/2", Standing::Down),
            ("NOLB", Standing::NoLb),
            ("NOLB 1/2", Standing::NoLb),
        ] {
            let state = ServerState::parse(&format!("{words}; {rest}")).unwrap();
            let expected = ServerState {
                standing,
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
    fn what_haproxy_does_not_send_is_not_read() {
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
    fn a_balancer_lets_go_when_it_sends_no_more_and_has_nothing_here() {
        for (standing, sessions, expected) in [
            ("UP", 0, false),
            ("UP 1/2", 0, false),
            ("DOWN", 0, true),
            ("DOWN", 1, false),
            ("DOWN 1/2", 0, true),
            ("NOLB", 0, true),
            ("NOLB", 2, false),
        ] {
            let state = said(standing, "lb1", sessions);
            assert_eq!(state.has_let_go(), expected, "{state}");
        }
    }

    #[test]
    fn all_who_check_have_to_let_go() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut seen = Seen::default();
        assert!(!seen.have_let_go(start, at(0)), "nobody has said anything");

        seen.checked(at(1), PEER, Some(said("UP", "lb1", 0)));
        seen.checked(at(1), PEER, Some(said("UP", "lb2", 0)));
        seen.checked(at(3), PEER, Some(said("DOWN", "lb1", 0)));
        assert!(!seen.have_let_go(at(2), at(3)), "lb2 still sends");
        seen.checked(at(4), PEER, Some(said("DOWN", "lb2", 1)));
        assert!(
            !seen.have_let_go(at(2), at(4)),
            "lb2 still has a request here"
        );
        seen.checked(at(5), PEER, Some(said("DOWN", "lb2", 0)));
        assert!(seen.have_let_go(at(2), at(5)));
    }

    #[test]
    fn what_was_said_before_does_not_count() {
        let start = Instant::now();
        let mut seen = Seen::default();
        seen.checked(start, PEER, Some(said("DOWN", "lb1", 0)));
        let since = start + Duration::from_secs(1);
        assert!(!seen.have_let_go(since, since));
    }

    #[test]
    fn one_that_is_gone_is_not_waited_for() {
        let start = Instant::now();
        let mut seen = Seen::default();
        seen.checked(start, PEER, Some(said("UP", "gone", 0)));
        let later = start + MEMORY;
        seen.checked(later, PEER, Some(said("DOWN", "lb1", 0)));
        assert!(seen.have_let_go(later, later));
    }

    /// Kubernetes, or a balancer that does not send its state: nobody knows when
    /// it has noticed.
    #[test]
    fn one_that_does_not_say_is_waited_for() {
        let start = Instant::now();
        let mut seen = Seen::default();
        seen.checked(start, PEER, None);
        seen.checked(start, PEER, Some(said("DOWN", "lb1", 0)));
        assert!(!seen.have_let_go(start, start));
        let later = start + MEMORY;
        seen.checked(later, PEER, Some(said("DOWN", "lb1", 0)));
        assert!(seen.have_let_go(later, later));
    }
}
