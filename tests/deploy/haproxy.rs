//! The shipped HAProxy, with addresses of the test.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::component::component;

const SHIPPED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../demo-service/deploy/haproxy/haproxy.cfg"
);

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_secs(30);

/// Returns a free address of its own to each caller. The address stays free: nobody
/// connects from there, as they do from a port of 127.0.0.1 that was free.
pub(crate) fn address() -> SocketAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let [_, high, low, _] = std::process::id().to_le_bytes();
    let host = Ipv4Addr::new(127, low.max(1), high, NEXT.fetch_add(1, Ordering::Relaxed));
    let free = TcpListener::bind((host, 0)).unwrap();
    free.local_addr().unwrap()
}

/// Gives the configuration that is shipped, with `public` for its port and
/// `servers` for its three.
pub(crate) fn shipped(public: SocketAddr, servers: &[SocketAddr]) -> String {
    let mut config = fs::read_to_string(SHIPPED).unwrap();
    let mut replace = |from: &str, to: &str| {
        assert!(config.contains(from), "{from} is not in {SHIPPED}");
        config = config.replace(from, to);
    };
    replace("bind :8080", &format!("bind {public}"));
    for (port, server) in (8001..=8003).zip(servers) {
        replace(&format!("127.0.0.1:{port}"), &server.to_string());
    }
    replace(
        "stats socket /run/haproxy/admin.sock",
        "stats socket unix@admin.sock",
    );
    config
}

/// A release of HAProxy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Release {
    /// 2.6, the oldest release that the shipped configuration is for: that of Debian 12.
    Oldest,
    /// 3.2 or newer: that of Debian's next release.
    Newest,
}

impl Release {
    fn program(self) -> PathBuf {
        match self {
            Self::Oldest => PathBuf::from("/usr/sbin/haproxy"),
            Self::Newest => component("bin/haproxy-newest"),
        }
    }
}

/// A running HAProxy, ended when it is dropped.
pub(crate) struct Haproxy {
    child: Child,
    dir: TempDir,
}

/// HAProxy's counters of a server.
#[derive(Debug)]
pub(crate) struct ServerStats {
    pub(crate) status: String,
    pub(crate) sessions: u64,
    pub(crate) failed_checks: u64,
}

impl Haproxy {
    pub(crate) fn start(config: &str) -> Self {
        Self::start_release(Release::Oldest, config)
    }

    pub(crate) fn start_release(release: Release, config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("haproxy.cfg"), config).unwrap();
        let child = Command::new(release.program())
            .args(["-db", "-f", "haproxy.cfg"])
            .current_dir(&dir)
            .stdin(Stdio::null())
            .stdout(fs::File::create(dir.path().join("log")).unwrap())
            .stderr(fs::File::create(dir.path().join("messages")).unwrap())
            .spawn()
            .unwrap();
        Self { child, dir }
    }

    /// Waits until a server has this status.
    pub(crate) fn wait_for(&self, server: &str, status: &str) -> ServerStats {
        let start = Instant::now();
        loop {
            if let Some(stats) = self.stats(server)
                && stats.status == status
            {
                return stats;
            }
            assert!(
                start.elapsed() < DEADLINE,
                "{server} does not get {status}: {}",
                self.messages()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Returns its counters of a server, once HAProxy runs.
    fn stats(&self, server: &str) -> Option<ServerStats> {
        let text = ask(&self.dir.path().join("admin.sock"), "show stat")?;
        let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let names = rows.next()?;
        let row = rows.find(|row| row[0] == "app" && row[1] == server)?;
        let field = |name: &str| {
            let index = names.iter().position(|this| *this == name).unwrap();
            row[index]
        };
        Some(ServerStats {
            status: field("status").to_owned(),
            sessions: field("stot").parse().unwrap(),
            failed_checks: field("chkfail").parse().unwrap(),
        })
    }

    /// Its log lines about servers that come and go.
    pub(crate) fn messages(&self) -> String {
        fs::read_to_string(self.dir.path().join("messages")).unwrap()
    }
}

fn ask(socket: &Path, question: &str) -> Option<String> {
    let mut socket = UnixStream::connect(socket).ok()?;
    writeln!(socket, "{question}").ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).ok()?;
    Some(answer)
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that says `DOWN` must not end a drain.
#[test]
fn the_state_header_of_a_client_is_deleted() {
    let config = fs::read_to_string(SHIPPED).unwrap();
    let rule = "http-request del-header X-Haproxy-Server-State";
    assert!(config.lines().any(|line| line.trim() == rule));
}

/// Or the tests with both releases would be the same test twice.
#[test]
fn the_releases_are_two() {
    let version = |release: Release| {
        let said = Command::new(release.program()).arg("-v").output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        let version = said.split(' ').nth(2).unwrap();
        let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap());
        [(); 2].map(|()| numbers.next().unwrap())
    };
    assert_eq!(version(Release::Oldest), [2, 6]);
    assert!(version(Release::Newest) >= [3, 2]);
}

/// The suite `swarm` runs it with the newest alone.
#[test]
fn the_configuration_of_the_stack_is_valid_for_both_releases() {
    let config = Path::new(SHIPPED).with_file_name("../swarm/haproxy.cfg");
    for release in [Release::Oldest, Release::Newest] {
        let checked = Command::new(release.program())
            .args(["-c", "-dW", "-f"])
            .arg(&config)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{release:?}: {said}");
    }
}

#[test]
fn haproxy_gives_up_its_rights_and_limits_its_connections() {
    let config = fs::read_to_string(SHIPPED).unwrap();
    for line in [
        "user haproxy",
        "group haproxy",
        "chroot /var/lib/haproxy",
        "maxconn 8000",
    ] {
        assert!(config.lines().any(|this| this.trim() == line), "{line}");
    }
}
