//! Every operator endpoint against every way in.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::os::unix::fs::PermissionsExt;

use crate::client::Answer;
use crate::process::Process;
use crate::raw::Raw;
use crate::spellings::{GUARDED, HIDDEN, METRICS, PROBES};

const TOKEN: &str = "the-token-of-operators";

/// An address of this host that is no loopback address. No packet is sent.
fn own_address() -> IpAddr {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    socket.connect(("192.0.2.1", 9)).unwrap();
    let address = socket.local_addr().unwrap().ip();
    assert!(
        !address.is_loopback(),
        "this host has no address but loopback"
    );
    address
}

/// A service with the settings of a row of the table, and with a token unless it has none.
pub(crate) struct Service {
    _process: Process,
    port: u16,
    operators: Option<SocketAddr>,
    _dir: tempfile::TempDir,
}

impl Service {
    pub(crate) fn start(has_token: bool, vars: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        fs::write(&path, TOKEN).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        let trusted = format!("127.0.0.0/8,{}", own_address());
        let mut all = vec![("APP_HOST", "0.0.0.0"), ("APP_CHAOS", "on")];
        all.push(("APP_TRUSTED_PROXIES", &trusted));
        all.push(("APP_HEARTBEAT_INTERVAL", "100ms"));
        if has_token {
            all.push(("APP_ADMIN_TOKEN_FILE", path.to_str().unwrap()));
        }
        all.extend(vars);
        let process = Process::start(&all);
        let port = process.client().address.port();
        let has_listener = vars.iter().any(|(name, _)| *name == "APP_ADMIN_LISTEN");
        let operators = has_listener.then(|| {
            let address = process.line("listening for operators")["address"].clone();
            address.as_str().unwrap().parse().unwrap()
        });
        let heartbeat = || {
            Raw::connect((Ipv4Addr::LOCALHOST, port).into())
                .request("GET", "/__heartbeat__")
                .answer()
        };
        while operators.is_none() && heartbeat().status != 200 {}
        Self {
            _process: process,
            port,
            operators,
            _dir: dir,
        }
    }

    /// Asks for `path` by a way in, with these lines in the head.
    fn ask(&self, way: Way, path: &str, lines: &str) -> Answer {
        self.send(way, "GET", path, lines, "")
    }

    /// Sends a request by a way in, with these lines in the head.
    pub(crate) fn send(
        &self,
        way: Way,
        method: &str,
        path: &str,
        lines: &str,
        body: &str,
    ) -> Answer {
        let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
        let (address, host, more) = match way {
            Way::Public => ((own_address(), self.port).into(), "app.example", ""),
            Way::PublicByAddress => ((own_address(), self.port).into(), "127.0.0.1", ""),
            Way::Loopback => ((loopback, self.port).into(), "localhost", ""),
            Way::Admin => (self.operators.unwrap(), "localhost", ""),
            Way::Proxy(more) => ((loopback, self.port).into(), "localhost", more),
            Way::RemoteProxy(more) => ((own_address(), self.port).into(), "localhost", more),
            Way::SilentProxy(host) => ((loopback, self.port).into(), host, ""),
        };
        let length = match body.len() {
            0 => String::new(),
            length => format!("Content-Length: {length}\r\n"),
        };
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}{lines}{length}\r\n{body}");
        Raw::connect(address).send(request).answer()
    }
}

/// A way to the service.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// From another address.
    Public,
    /// From another address, by a name that only this host has.
    PublicByAddress,
    /// From this host.
    Loopback,
    /// The operators' listener.
    Admin,
    /// A trusted proxy on this host, with the headers that it adds.
    Proxy(&'static str),
    /// A trusted proxy on another host, with the headers that it adds.
    RemoteProxy(&'static str),
    /// A proxy on this host that adds nothing but the name that its client asked for.
    SilentProxy(&'static str),
}

/// Ways in that are from elsewhere.
pub(crate) const ELSEWHERE: [Way; 14] = [
    Way::Public,
    Way::PublicByAddress,
    Way::SilentProxy("app.example"),
    Way::SilentProxy("203.0.113.5"),
    Way::SilentProxy("[2001:db8::1]:80"),
    Way::SilentProxy("localhost.app.example"),
    Way::Proxy("X-Forwarded-For: 192.0.2.1\r\n"),
    // A client that claims to be this host.
    Way::Proxy("X-Forwarded-For: 127.0.0.1\r\n"),
    Way::Proxy("X-Forwarded-For: \r\n"),
    Way::Proxy("Forwarded: for=127.0.0.1\r\n"),
    Way::Proxy("X-Real-IP: 127.0.0.1\r\n"),
    Way::Proxy("Via: 1.1 proxy\r\n"),
    Way::RemoteProxy("X-Forwarded-For: 192.0.2.1\r\n"),
    // Trust in an address of a client is no trust in the client.
    Way::RemoteProxy("X-Forwarded-For: 127.0.0.1\r\n"),
];

pub(crate) const RIGHT: &str = "Authorization: Bearer the-token-of-operators\r\n";
pub(crate) const WRONG: &str = "Authorization: Bearer the-token-of-strangers\r\n";
const BASIC: &str = "Authorization: Basic the-token-of-operators\r\n";

/// Asserts the status of each path of a group.
fn assert_status(service: &Service, way: Way, lines: &str, paths: &[&str], status: u16) {
    for path in paths {
        let answer = service.ask(way, path, lines);
        assert_eq!(answer.status, status, "{path} by {way:?} with {lines:?}");
        let wants = (status == 401).then_some("Bearer");
        assert_eq!(answer.header("www-authenticate"), wants, "{path}");
        if matches!(status, 401 | 403) {
            assert!(!answer.body.contains("variables"), "{}", answer.body);
        }
    }
}

#[test]
fn operator_endpoints_answer_on_this_host_and_with_the_token() {
    let service = Service::start(true, &[]);
    for way in ELSEWHERE {
        // Of two tokens, a proxy may have looked at either.
        let (first, last) = (format!("{RIGHT}{WRONG}"), format!("{WRONG}{RIGHT}"));
        for lines in ["", WRONG, BASIC, &first, &last] {
            assert_status(&service, way, lines, &PROBES, 200);
            assert_status(&service, way, lines, &METRICS, 401);
            assert_status(&service, way, lines, &GUARDED, 401);
            assert_status(&service, way, lines, &HIDDEN, 404);
        }
        for paths in [&PROBES[..], &METRICS, &GUARDED, &HIDDEN] {
            assert_status(&service, way, RIGHT, paths, 200);
        }
    }
    for lines in ["", RIGHT, WRONG] {
        for paths in [&PROBES[..], &METRICS, &GUARDED, &HIDDEN] {
            assert_status(&service, Way::Loopback, lines, paths, 200);
        }
    }
}

#[test]
fn without_a_token_operator_endpoints_answer_on_this_host_alone() {
    let service = Service::start(false, &[]);
    for way in ELSEWHERE {
        for lines in ["", RIGHT, "Authorization: Bearer \r\n"] {
            assert_status(&service, way, lines, &PROBES, 200);
            assert_status(&service, way, lines, &METRICS, 403);
            assert_status(&service, way, lines, &GUARDED, 403);
            assert_status(&service, way, lines, &HIDDEN, 404);
        }
    }
    for paths in [&PROBES[..], &METRICS, &GUARDED, &HIDDEN] {
        assert_status(&service, Way::Loopback, "", paths, 200);
    }
    let detail = |path: &str| service.ask(Way::Public, path, "").body;
    assert!(detail("/-/metrics").contains("APP_METRICS_OPEN"));
    assert!(detail("/-/config").contains("APP_ADMIN_TOKEN_FILE"));
}

#[test]
fn the_operators_listener_alone_has_operator_endpoints() {
    let service = Service::start(true, &[("APP_ADMIN_LISTEN", "127.0.0.1:0")]);
    for lines in ["", RIGHT, WRONG] {
        for paths in [&PROBES[..], &METRICS, &GUARDED, &HIDDEN] {
            assert_status(&service, Way::Admin, lines, paths, 200);
            for way in ELSEWHERE.into_iter().chain([Way::Loopback]) {
                assert_status(&service, way, lines, paths, 404);
            }
        }
    }
}

/// A switch opens endpoints on the listener that has them, and puts them on no other.
#[test]
fn the_operators_listener_needs_no_token_and_the_switches_open_no_other_listener() {
    let vars = [
        ("APP_ADMIN_LISTEN", "127.0.0.1:0"),
        ("APP_ADMIN_OPEN", "true"),
        ("APP_METRICS_OPEN", "true"),
    ];
    let service = Service::start(false, &vars);
    for paths in [&PROBES[..], &METRICS, &GUARDED, &HIDDEN] {
        for lines in ["", RIGHT] {
            assert_status(&service, Way::Admin, lines, paths, 200);
            for way in [Way::Public, Way::Loopback] {
                assert_status(&service, way, lines, paths, 404);
            }
        }
    }
}

/// A path that is missing in the table is not tested.
#[test]
fn the_table_has_every_path_of_operators() {
    let source = include_str!("../../demo-service/src/http/paths.rs");
    let source = source.split("#[cfg(test)]").next().unwrap();
    let quoted = source.split('"').skip(1).step_by(2);
    let mut paths: Vec<_> = quoted
        .filter(|text| ["/-/", "/_", "/h"].iter().any(|it| text.starts_with(it)))
        .filter(|text| !["/hello", "/-/chaos/", "/__"].contains(text))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let mut table = [&PROBES[..], &METRICS, &GUARDED].concat();
    table.sort_unstable();
    assert_eq!(paths, table);
}

#[test]
fn open_endpoints_answer_every_client() {
    let open = Service::start(false, &[("APP_ADMIN_OPEN", "true")]);
    let metrics = Service::start(false, &[("APP_METRICS_OPEN", "true")]);
    for way in ELSEWHERE {
        assert_status(&open, way, "", &GUARDED, 200);
        assert_status(&open, way, "", &HIDDEN, 200);
        assert_status(&open, way, "", &METRICS, 200);
        assert_status(&metrics, way, "", &METRICS, 200);
        assert_status(&metrics, way, "", &GUARDED, 403);
    }
}

#[test]
fn paths_that_do_not_exist_are_404_for_every_client() {
    let service = Service::start(true, &[]);
    for way in [Way::Public, Way::Loopback] {
        assert_status(
            &service,
            way,
            "",
            &["/-/nope", "/__nope__", "/-/configs"],
            404,
        );
    }
}

/// HTTP/1.0 has no `Host`, and a proxy may speak it.
#[test]
fn a_request_without_a_host_is_from_elsewhere() {
    let service = Service::start(false, &[]);
    let address = (Ipv4Addr::LOCALHOST, service.port).into();
    let ask = |lines: &str| {
        let head = format!("GET /-/config HTTP/1.0\r\n{lines}\r\n");
        Raw::connect(address).send(head).answer().status
    };
    assert_eq!([ask(""), ask("Host: localhost\r\n")], [403, 200]);
    for host in [
        "LOCALHOST",
        "127.0.0.1",
        "127.1.2.3:80",
        "[::1]",
        "[::1]:80",
        "localhost:80",
    ] {
        assert_eq!(ask(&format!("Host: {host}\r\n")), 200, "{host}");
    }
}

/// The host of a target in absolute form counts, and `Host` may be what a proxy looked at.
#[test]
fn a_target_in_absolute_form_names_a_host_too() {
    let open = [("APP_ADMIN_LISTEN", "127.0.0.1:0")];
    let apart = Service::start(false, &open);
    let shared = Service::start(false, &[]);
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    for (address, foreign) in [
        (apart.operators.unwrap(), 421),
        (loopback(shared.port), 403),
    ] {
        for (target, host, status) in [
            ("http://localhost/-/config", "localhost", 200),
            ("http://127.0.0.1:80/-/config", "localhost", 200),
            ("http://evil.example/-/config", "localhost", foreign),
            ("http://localhost/-/config", "evil.example", foreign),
            (
                "http://localhost@evil.example/-/config",
                "localhost",
                foreign,
            ),
            ("http://evil.example/-/ready", "localhost", 200),
        ] {
            let head = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            let answer = Raw::connect(address).send(head).answer();
            assert_eq!(answer.status, status, "{target} {host}");
        }
    }
    let head = "PUT http://localhost:1/-/log-level HTTP/1.1\r\nHost: localhost\r\n\
                Origin: http://localhost\r\nContent-Length: 16\r\n\r\n{\"level\":\"info\"}";
    let answer = Raw::connect(apart.operators.unwrap()).send(head).answer();
    assert_eq!(answer.status, 403);
}

/// RFC 9110, 11.4: one space or more.
#[test]
fn spaces_may_stand_before_the_token() {
    let service = Service::start(true, &[]);
    let address = (Ipv4Addr::LOCALHOST, service.port).into();
    for (token, status) in [
        (format!("Bearer {TOKEN}"), 200),
        (format!("bearer   {TOKEN}"), 200),
        (format!("Bearer{TOKEN}"), 401),
        (format!("Bearer {TOKEN} {TOKEN}"), 401),
        ("Bearer   ".to_owned(), 401),
    ] {
        let head = format!(
            "GET /-/config HTTP/1.1\r\nHost: app.example\r\nAuthorization: {token}\r\n\r\n"
        );
        let answer = Raw::connect(address).send(head).answer();
        assert_eq!(answer.status, status, "{token}");
    }
}
