//! The shipped Caddy, with addresses of the test.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::component::component;
use crate::haproxy::address;

const SHIPPED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../demo-service/deploy/caddy/Caddyfile"
);

/// How long Caddy may take to listen.
const DEADLINE: Duration = Duration::from_secs(30);

/// A running Caddy, ended when it is dropped.
pub(crate) struct Caddy {
    child: Child,
    address: SocketAddr,
    dir: TempDir,
}

impl Caddy {
    /// Starts it before these three servers, and waits until it listens.
    pub(crate) fn start(servers: &[SocketAddr]) -> Self {
        let (dir, address) = (tempfile::tempdir().unwrap(), address());
        fs::write(dir.path().join("Caddyfile"), shipped(address, servers)).unwrap();
        let child = Command::new(component("bin/caddy"))
            .arg("run")
            .env_clear()
            .env("HOME", dir.path())
            .current_dir(&dir)
            .stdin(Stdio::null())
            .stderr(fs::File::create(dir.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let caddy = Self {
            child,
            address,
            dir,
        };
        caddy.wait();
        caddy
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    fn wait(&self) {
        let start = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(start.elapsed() < DEADLINE, "{}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Returns its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }
}

/// Returns the configuration that is shipped, with `public` for its port and `servers` for its
/// three.
fn shipped(public: SocketAddr, servers: &[SocketAddr]) -> String {
    let mut config = fs::read_to_string(SHIPPED).unwrap();
    let mut replace = |from: &str, to: &str| {
        assert!(config.contains(from), "{from} is not in {SHIPPED}");
        config = config.replace(from, to);
    };
    let (host, port) = (public.ip(), public.port());
    replace(
        "http://:8080 {",
        &format!("http://:{port} {{\n\tbind {host}"),
    );
    for (port, server) in (8001..=8003).zip(servers) {
        replace(&format!("127.0.0.1:{port}"), &server.to_string());
    }
    config
}

impl Drop for Caddy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
