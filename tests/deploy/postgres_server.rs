//! A PostgreSQL of a test's own, in a directory that goes with it.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::app::eventually;

/// Not 127.0.0.1: a client of that may be given our port while we are down.
const HOST: &str = "127.0.0.2";

const SUPERUSER: &str = "postgres";
const PASSWORD: &str = "of-the-superuser";

/// A server on a free port, stopped when it is dropped.
pub(crate) struct PostgresServer {
    dir: TempDir,
    port: u16,
}

impl PostgresServer {
    /// Makes a database, `app`, and starts a server for it, in which roles have
    /// passwords.
    pub(crate) fn start() -> Self {
        let server = Self::new();
        let password = server.dir.path().join("password");
        fs::write(&password, PASSWORD).unwrap();
        fs::set_permissions(&password, fs::Permissions::from_mode(0o755)).unwrap();
        // Of a client without optimisation, SCRAM takes half a second of work.
        run(program("initdb")
            .args(["--no-sync", "--auth=password", "-U", SUPERUSER])
            .arg("-D")
            .arg(server.dir.path().join("data"))
            .arg("--pwfile")
            .arg(&password));
        server.start_again();
        server.execute_in("postgres", "CREATE DATABASE app");
        server
    }

    /// Takes a directory and a port.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        if rustix::process::geteuid().is_root() {
            run(Command::new("chown").arg("postgres").arg(dir.path()));
        }
        let free = TcpListener::bind((HOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        Self { dir, port }
    }

    /// Starts it, on the same port, after [`stop`](Self::stop).
    pub(crate) fn start_again(&self) {
        let dir = self.dir.path().display();
        let options = format!(
            "-p {} -c listen_addresses={HOST} -c unix_socket_directories={dir} -c fsync=off",
            self.port
        );
        let log = self.dir.path().join("log");
        let mut start = self.pg_ctl("start");
        start.arg("-l").arg(&log).args(["-o", &options]);
        let started = start.stdout(Stdio::null()).status().unwrap();
        assert!(started.success(), "{}", fs::read_to_string(&log).unwrap());
    }

    /// Stops it: connections are cut.
    pub(crate) fn stop(&self) {
        run(self.pg_ctl("stop").args(["-m", "fast"]));
    }

    /// The URL of the database `app`, for a role.
    pub(crate) fn url(&self, role: &str, password: &str) -> String {
        self.url_of("app", role, password)
    }

    /// The URL of the database `app`, for the role that may do everything.
    pub(crate) fn admin_url(&self) -> String {
        self.url(SUPERUSER, PASSWORD)
    }

    /// The role that may do everything, and its password.
    pub(crate) fn superuser() -> (&'static str, &'static str) {
        (SUPERUSER, PASSWORD)
    }

    /// The host and port of the server.
    pub(crate) fn address(&self) -> (&'static str, u16) {
        (HOST, self.port)
    }

    /// The URL of the database `app` by way of another address.
    pub(crate) fn url_through(address: SocketAddr) -> String {
        format!("postgres://{SUPERUSER}:{PASSWORD}@{address}/app")
    }

    /// Starts a server that follows this one, and can only be read.
    pub(crate) fn start_standby(&self) -> Self {
        let standby = Self::new();
        let primary = self.url_of("postgres", SUPERUSER, PASSWORD);
        run(program("pg_basebackup")
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .args(["--dbname", &primary])
            .arg("--pgdata")
            .arg(standby.dir.path().join("data")));
        standby.start_again();
        standby
    }

    /// Lets clients encrypt, by a certificate for `localhost` that nobody else trusts.
    pub(crate) fn enable_tls(&self) {
        let data = self.dir.path().join("data");
        let (key, certificate) = (data.join("server.key"), data.join("server.crt"));
        let mut openssl = program_at(Path::new("/usr/bin/openssl"));
        openssl
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            ])
            .args([
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
            ])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate);
        run(&mut openssl);
        self.execute("ALTER SYSTEM SET ssl = on");
        self.execute("SELECT pg_reload_conf()");
        self.wait_until(
            "SELECT count(*) FROM pg_settings WHERE name = 'ssl' AND setting = 'on'",
            |count| count > 0,
        );
    }

    /// Waits until the standby has all that is written.
    pub(crate) fn wait_for_standby(&self) {
        let behind = "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= \
                      pg_current_wal_lsn()";
        self.wait_until(behind, |count| count > 0);
    }

    /// Waits until somebody has locked the table.
    pub(crate) fn wait_for_lock(&self) {
        let held = "SELECT count(*) FROM pg_locks WHERE relation = 'visits'::regclass AND \
                    mode = 'AccessExclusiveLock' AND granted";
        self.wait_until(held, |count| count > 0);
    }

    /// Waits until somebody waits for a lock.
    pub(crate) fn wait_for_blocked(&self) {
        self.wait_until("SELECT count(*) FROM pg_locks WHERE NOT granted", |count| {
            count > 0
        });
    }

    /// Waits until the number that a query returns is right.
    pub(crate) fn wait_until(&self, query: &str, is_so: impl Fn(u64) -> bool) {
        eventually(query, || is_so(self.execute(query).trim().parse().unwrap()));
    }

    /// The number of backends that serve neither `psql` nor a standby.
    pub(crate) fn backends_of_clients(&self) -> usize {
        let backends = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = \
                        'client backend' AND application_name <> 'psql'";
        self.execute_in("postgres", backends)
            .trim()
            .parse()
            .unwrap()
    }

    /// Executes statements in the database `app`, as the role that may do
    /// everything. Gives what they answer, a row a line.
    pub(crate) fn execute(&self, statements: &str) -> String {
        self.execute_in("app", statements)
    }

    fn execute_in(&self, database: &str, statements: &str) -> String {
        let url = self.url_of(database, SUPERUSER, PASSWORD);
        let mut psql = program("psql");
        psql.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", &url])
            .args(["-c", statements]);
        run(&mut psql)
    }

    fn url_of(&self, database: &str, role: &str, password: &str) -> String {
        let port = self.port;
        format!("postgres://{role}:{password}@{HOST}:{port}/{database}")
    }

    fn pg_ctl(&self, verb: &str) -> Command {
        let mut command = program("pg_ctl");
        command.args([verb, "-w", "-s", "-D"]);
        command.arg(self.dir.path().join("data"));
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let _ = self.pg_ctl("stop").args(["-m", "immediate"]).output();
    }
}

/// A program of PostgreSQL, which does not run as root.
fn program(name: &str) -> Command {
    program_at(&programs().join(name))
}

fn program_at(path: &Path) -> Command {
    if rustix::process::geteuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command.current_dir("/");
        command
    } else {
        Command::new(path)
    }
}

/// Where Debian keeps the programs of the latest version that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let version = versions
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| bin(*version).join("initdb").exists())
        .max();
    bin(version.expect("PostgreSQL is not installed; run ./tests/run"))
}

fn bin(version: u32) -> PathBuf {
    Path::new("/usr/lib/postgresql").join(format!("{version}/bin"))
}

/// Runs a command to its end. Returns its output.
fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}{complained}");
    said
}
