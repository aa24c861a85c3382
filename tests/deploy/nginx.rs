//! The shipped nginx, with addresses of the test.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::haproxy::address;

const SHIPPED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../demo-service/deploy/nginx/nginx.conf"
);

/// How long nginx may take to listen.
const DEADLINE: Duration = Duration::from_secs(30);

/// A running nginx, ended when it is dropped.
pub(crate) struct Nginx {
    child: Child,
    address: SocketAddr,
    dir: TempDir,
}

impl Nginx {
    /// Starts it before these three servers, and waits until it listens.
    pub(crate) fn start(servers: &[SocketAddr]) -> Self {
        let (dir, address) = (tempfile::tempdir().unwrap(), address());
        fs::write(dir.path().join("nginx.conf"), shipped(address, servers)).unwrap();
        let child = Command::new("/usr/sbin/nginx")
            .arg("-p")
            .arg(dir.path())
            .args(["-c", "nginx.conf", "-e", "stderr"])
            .stdin(Stdio::null())
            .stderr(fs::File::create(dir.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let nginx = Self {
            child,
            address,
            dir,
        };
        nginx.wait();
        nginx
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

    fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }
}

/// Gives the configuration that is shipped, with `public` for its port and `servers` for
/// its three.
fn shipped(public: SocketAddr, servers: &[SocketAddr]) -> String {
    let mut config = fs::read_to_string(SHIPPED).unwrap();
    let mut replace = |from: &str, to: &str| {
        assert!(config.contains(from), "{from} is not in {SHIPPED}");
        config = config.replace(from, to);
    };
    replace("listen 8080;", &format!("listen {public};"));
    for (port, server) in (8001..=8003).zip(servers) {
        replace(&format!("127.0.0.1:{port}"), &server.to_string());
    }
    config
}

impl Drop for Nginx {
    /// Its workers live on if it is killed.
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}
