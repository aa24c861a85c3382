//! HAProxy's view of this instance.
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

/// The header in which HAProxy sends its view.
pub(crate) const HEADER: &str = "x-haproxy-server-state";

/// The longest header that is parsed, in bytes. HAProxy's own is shorter unless its names
/// are absurd.
const MAX_BYTES: usize = 1024;

/// The longest name of a load balancer, or of this instance, in bytes.
const MAX_NAME_BYTES: usize = 128;

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
        if header.len() > MAX_BYTES {
            return None;
        }
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
            node: name(fields.get("node")?)?,
            name: name(fields.get("name")?)?,
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

/// Returns a name that can be logged.
fn name(name: &str) -> Option<String> {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic());
    (is_plain && name.len() <= MAX_NAME_BYTES).then(|| name.to_owned())
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

/// A state as HAProxy sends it, for tests.
#[cfg(test)]
pub(super) fn sent(status: &str, node: &str, sessions: u32) -> ServerState {
    let rest = "address=127.0.5.1; port=8101; name=app/app1";
    let header = format!("{status}; {rest}; node={node}; weight=1/3; scur={sessions}/7; qcur=0");
    ServerState::parse(&header).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

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
            sent("NOLB", "lb1", 3).to_string(),
            "lb1 app/app1 NOLB scur=3 qcur=0"
        );
    }

    #[test]
    fn names_of_more_than_128_letters_are_rejected() {
        let header = |letters| {
            let name = "n".repeat(letters);
            format!("DOWN; name=app/app1; node={name}; scur=0/0; qcur=0")
        };
        assert!(ServerState::parse(&header(128)).is_some());
        assert_eq!(ServerState::parse(&header(129)), None);
        let many = "; a=b".repeat(20_000);
        assert_eq!(ServerState::parse(&format!("{}{many}", header(3))), None);
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
            let state = sent(status, "lb1", sessions);
            assert_eq!(state.is_drained(), expected, "{state}");
        }
    }
}
