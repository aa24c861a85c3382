//! A `PgBouncer` of a test's own, between the service and a PostgreSQL.

use std::fmt::Write as _;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::app::eventually;
use crate::postgres_server::PostgresServer;

/// Not 127.0.0.1: a client of that address may be given our port while we are down.
const HOST: &str = "127.0.0.2";

/// A pooler on a free port, stopped when it is dropped.
pub(crate) struct PgBouncer {
    _dir: TempDir,
    port: u16,
    process: Child,
}

impl PgBouncer {
    /// Starts a pooler in front of a server, with more lines of configuration.
    pub(crate) fn start(server: &PostgresServer, settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let free = TcpListener::bind((HOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let users = dir.path().join("users");
        let (user, password) = PostgresServer::superuser();
        fs::write(&users, format!("\"{user}\" \"{password}\"\n")).unwrap();
        let (host, server_port) = server.address();
        let mut config = format!(
            "[databases]\n\
             app = host={host} port={server_port}\n\
             [pgbouncer]\n\
             listen_addr = {HOST}\n\
             listen_port = {port}\n\
             unix_socket_dir =\n\
             auth_type = plain\n\
             auth_file = {}\n",
            users.display()
        );
        for (name, value) in settings {
            writeln!(config, "{name} = {value}").unwrap();
        }
        let path = dir.path().join("pgbouncer.ini");
        fs::write(&path, config).unwrap();
        for path in [&users, &path] {
            fs::set_permissions(path, PermissionsExt::from_mode(0o644)).unwrap();
        }
        let log = fs::File::create(dir.path().join("log")).unwrap();
        let mut command = Command::new("/usr/sbin/pgbouncer");
        if rustix::process::geteuid().is_root() {
            // It does not run as root.
            command.args(["-u", "postgres"]);
        }
        let process = command
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        let bouncer = Self {
            _dir: dir,
            port,
            process: process.expect("pgbouncer is not installed; run ./tests/run"),
        };
        eventually("PgBouncer listens", || {
            TcpStream::connect((HOST, port)).is_ok()
        });
        bouncer
    }

    /// The URL of the database `app` through the pooler.
    pub(crate) fn url(&self) -> String {
        let (user, password) = PostgresServer::superuser();
        format!("postgres://{user}:{password}@{HOST}:{}/app", self.port)
    }

    /// The host and port of the pooler.
    pub(crate) fn address(&self) -> String {
        format!("{HOST}:{}", self.port)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.process), Signal::KILL);
        let _ = self.process.wait();
    }
}
