//! Secrets that are replaced under load: the password of a real PostgreSQL, and the token of
//! operators.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::app::eventually;
use crate::client::Client;
use crate::load::{Connections, Load};
use crate::postgres_server::PostgresServer;
use crate::process::Process;
use crate::raw::Raw;

/// Begins each password and each token; must come out nowhere.
const CANARY: &str = "hunter2-canary";

const REFUSED: &str = "the new configuration is refused: the former values stay in effect";

/// A service with its secrets in a directory, and its database.
struct Reloaded {
    server: PostgresServer,
    secrets: TempDir,
    process: Process,
    client: Client,
}

impl Reloaded {
    fn start(roles: &[&str]) -> Self {
        Self::start_with(roles, &[])
    }

    /// Starts as the first of `roles`, which may use the tables and make none.
    fn start_with(roles: &[&str], vars: &[(&str, &str)]) -> Self {
        let server = database(roles);
        let secrets = tempfile::tempdir().unwrap();
        replace(secrets.path(), "db_url", &server.url(roles[0], CANARY));
        replace(secrets.path(), "admin_token", &token(0));
        let mut all = vec![
            ("APP_SECRETS", "dir"),
            ("APP_SECRETS_DIR_PATH", secrets.path().to_str().unwrap()),
            ("APP_DB_MIGRATE", "no"),
            ("APP_DRAIN_DELAY", "0s"),
            ("APP_WORKERS", "2"),
        ];
        all.extend(vars);
        let process = Process::start(&all);
        let client = process.client();
        Self {
            server,
            secrets,
            process,
            client,
        }
    }

    fn replace(&self, name: &str, text: &str) {
        replace(self.secrets.path(), name, text);
    }

    fn change(&self, token: &str) -> u16 {
        change(&self.client, token)
    }

    /// Returns the number of reloads with an outcome.
    fn reloads(&self, outcome: &str) -> u64 {
        let config: Value = serde_json::from_str(&self.client.get("/-/config").body).unwrap();
        config["reloads"][outcome].as_u64().unwrap()
    }

    /// Stops, and returns all output.
    fn stop(self) -> String {
        self.process.signal(Signal::TERM);
        let ended = self.process.wait();
        assert_eq!(ended.code, Some(0));
        let output = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!output.contains(CANARY), "a secret is in the log");
        output
    }
}

/// Returns the answer to a change that is sent with a token.
pub(crate) fn change(client: &Client, token: &str) -> u16 {
    let body = r#"{"level":"info","ttl":"1s"}"#;
    let length = body.len();
    let request = format!(
        "PUT /-/log-level HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    let mut connection = Raw::connect(client.address);
    connection.send(request).answer().status
}

/// Returns a server with tables, and roles that may use these.
fn database(roles: &[&str]) -> PostgresServer {
    let server = PostgresServer::start();
    let url = server.admin_url();
    let ended = Process::run(&["migrate"], &[("APP_DB_URL", &url)]);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    for role in roles {
        server.execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{CANARY}'; \
             GRANT SELECT, UPDATE ON visits TO {role}"
        ));
    }
    server
}

fn token(turn: usize) -> String {
    format!("{CANARY}-token-{turn}")
}

/// Replaces a file as tools do: by a rename.
fn replace(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(".new"), text).unwrap();
    fs::rename(dir.join(".new"), dir.join(name)).unwrap();
}

/// Two roles take turns, and each is locked out after its turn. Every other change is found by
/// the service itself.
#[test]
fn a_hundred_replacements_of_the_secrets_fail_no_request() {
    let roles = ["app_a", "app_b"];
    let service = Reloaded::start(&roles);
    let address = service.client.address;
    let load = [Connections::New, Connections::Kept].map(|how| Load::start(address, 3, how));
    let mut slowest = Duration::ZERO;
    for turn in 1..=100 {
        let (old, new) = (roles[(turn + 1) % 2], roles[turn % 2]);
        let password = format!("{CANARY}-{turn}");
        let alter = format!("ALTER ROLE {new} LOGIN PASSWORD '{password}'");
        service.server.execute(&alter);
        let changed = Instant::now();
        service.replace("db_url", &service.server.url(new, &password));
        service.replace("admin_token", &token(turn));
        if turn % 2 == 0 {
            service.process.signal(Signal::HUP);
        }
        eventually("the new token", || service.change(&token(turn - 1)) == 401);
        slowest = slowest.max(changed.elapsed());
        assert_eq!(service.change(&token(turn)), 200);
        service
            .server
            .execute(&format!("ALTER ROLE {old} NOLOGIN PASSWORD NULL"));
        load[1].go_on(5);
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    assert_eq!(service.reloads("refused"), 0);
    let outcomes = load.map(Load::end);
    let output = service.stop();
    assert!(!output.contains("is away"), "{}", away(&output));
    for outcome in outcomes {
        outcome.assert_none_lost(500);
    }
}

/// The server forgets the old password at once, and the service learns the new password within a
/// second. Requests that find all connections busy in between need a new connection.
#[test]
fn the_password_of_the_user_in_use_is_replaced_under_load() {
    let service = Reloaded::start_with(&["app"], &[("APP_DB_ACQUIRE_TIMEOUT", "5s")]);
    let load = Load::start(service.client.address, 1, Connections::Kept);
    for turn in 1..=4 {
        let password = format!("{CANARY}-{turn}");
        thread::scope(|scope| {
            // Visits cannot be added meanwhile, and can be counted.
            let lock = "BEGIN; LOCK TABLE visits IN SHARE MODE; SELECT pg_sleep(2); COMMIT";
            let locked = scope.spawn(|| service.server.execute(lock));
            let held = "SELECT count(*) FROM pg_locks WHERE relation = 'visits'::regclass AND \
                        mode = 'ShareLock' AND granted";
            service.server.wait_until(held, |count| count > 0);
            let client = &service.client;
            let send = |method| scope.spawn(move || client.send(method, "/visits"));
            let adding = [(); 3].map(|()| send("POST"));
            let blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted";
            service.server.wait_until(blocked, |count| count >= 3);
            let alter = format!("ALTER USER app PASSWORD '{password}'");
            service.server.execute(&alter);
            let counting = [(); 4].map(|()| send("GET"));
            thread::sleep(Duration::from_millis(100));
            service.replace("db_url", &service.server.url("app", &password));
            for asked in counting.into_iter().chain(adding) {
                let answer = asked.join().unwrap();
                assert_eq!(answer.status, 200, "turn {turn}: {answer:?}");
            }
            locked.join().unwrap();
        });
        eventually("the new password", || service.reloads("applied") == turn);
    }
    load.end().assert_none_lost(10);
    let output = service.stop();
    assert!(!output.contains("is away"), "{}", away(&output));
}

/// The statements have all connections of the pool, and go on until their own timeout.
#[test]
fn statements_that_hang_at_a_former_server_hold_no_place_at_the_new_server() {
    let service = Reloaded::start_with(
        &["app"],
        &[
            ("APP_DB_MAX_CONNECTIONS", "2"),
            ("APP_DB_QUERY_TIMEOUT", "20s"),
            ("APP_HEARTBEAT_INTERVAL", "1h"),
        ],
    );
    let new = database(&["app"]);
    thread::scope(|scope| {
        let lock = "BEGIN; LOCK TABLE visits IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(6); COMMIT";
        let locked = scope.spawn(|| service.server.execute(lock));
        service.server.wait_for_lock();
        // Two have a connection, and two wait for a connection.
        let ask = |_| scope.spawn(|| service.client.send("POST", "/visits"));
        let hanging: Vec<_> = (0..2).map(ask).collect();
        service
            .server
            .wait_until("SELECT count(*) FROM pg_locks WHERE NOT granted", |count| {
                count == 2
            });
        let waiting: Vec<_> = (0..2).map(ask).collect();
        thread::sleep(Duration::from_millis(200));
        service.replace("db_url", &new.url("app", CANARY));
        eventually("the new server", || service.reloads("applied") == 1);
        let begun = Instant::now();
        for turn in 1..=10 {
            let answer = service.client.send("POST", "/visits");
            assert_eq!(answer.status, 200, "{turn}: {answer:?}");
        }
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "{:?}",
            begun.elapsed()
        );
        for waiting in waiting {
            assert_eq!(waiting.join().unwrap().status, 200);
        }
        assert!(!locked.is_finished(), "the statements hang no longer");
        // The requests in flight keep their connections.
        for hanging in hanging {
            assert_eq!(hanging.join().unwrap().status, 200);
        }
        locked.join().unwrap();
    });
    assert_eq!(new.execute("SELECT count FROM visits").trim(), "12");
    assert_eq!(
        service.server.execute("SELECT count FROM visits").trim(),
        "2"
    );
    service.stop();
}

/// The new server accepts connections, and never answers.
#[test]
fn a_stop_while_a_new_url_is_tried_is_clean() {
    let service = Reloaded::start_with(
        &["app"],
        &[("APP_DB_CONNECT_TIMEOUT", "1h"), ("APP_STOP_TIMEOUT", "5s")],
    );
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let url = format!("postgres://app:{CANARY}@{address}/app");
    service.replace("db_url", &url);
    let _tried = silent.accept().unwrap();
    service.process.signal(Signal::TERM);
    let ended = service.process.wait_or_kill(Duration::from_secs(5));
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{ended:?}");
    assert!(!ended.stdout.contains("panic"), "{}", ended.stdout);
    assert!(!ended.stdout.contains(REFUSED), "{}", ended.stdout);
    assert_eq!(ended.log().pop().unwrap()["message"], "drained");
}

/// Returns the lines of a log about outages.
fn away(output: &str) -> String {
    let lines = output
        .lines()
        .filter(|line| line.contains("the database is"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The file may be replaced before the password: the service tries again.
#[test]
fn a_password_that_is_changed_after_its_file_is_taken_up() {
    let service = Reloaded::start(&["app"]);
    for turn in 1..=3 {
        let password = format!("{CANARY}-{turn}");
        service.replace("db_url", &service.server.url("app", &password));
        let refused = service.reloads("refused");
        eventually("the refusal", || service.reloads("refused") > refused);
        let alter = format!("ALTER ROLE app PASSWORD '{password}'");
        service.server.execute(&alter);
        eventually("the new password", || service.reloads("applied") == turn);
        assert_eq!(service.client.send("POST", "/visits").status, 200);
    }
    service.stop();
}

#[test]
fn a_wrong_password_keeps_the_pool_and_shows_neither() {
    let service = Reloaded::start(&["app"]);
    let load = Load::start(service.client.address, 4, Connections::Kept);
    load.go_on(20);
    let nowhere = service.server.url("app", CANARY);
    let nowhere = nowhere.strip_suffix("/app").unwrap();
    for (wrong, reason) in [
        (
            service.server.url("app", &format!("{CANARY}-wrong")),
            r#"password authentication failed for user \"app\""#,
        ),
        (
            service.server.url("nobody", CANARY),
            r#"password authentication failed for user \"nobody\""#,
        ),
        (format!("{nowhere}/nowhere"), "does not exist"),
        (
            format!("postgres://app:{CANARY}@127.0.0.1:1/app"),
            "Connection refused",
        ),
    ] {
        // The token is right, and does not take effect either.
        service.replace("admin_token", &token(1));
        service.replace("db_url", &wrong);
        let line = service.process.texts(REFUSED, reason);
        assert!(!line.contains(CANARY), "{line}");
        assert_eq!(service.change(&token(0)), 200);
        let config = service.client.get("/-/config").body;
        assert!(config.contains(reason), "{config}");
        assert!(!config.contains(CANARY), "{config}");
        load.go_on(20);
    }
    load.end().assert_none_lost(100);
    service.stop();
}
