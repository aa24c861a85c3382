use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use environ::Secret;
use rustix::process::Signal;
use serde_json::Value;

use crate::client::{Answer, Client};
use crate::in_process::TestService;
use crate::postgres_server::PostgresServer;
use crate::process::Process;

/// Goes in as a password; must come out nowhere.
const CANARY: &str = "hunter2-canary";

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_secs(20);

fn visits(answer: &Answer) -> i64 {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["visits"].as_i64().unwrap()
}

/// Makes the tables, and roles that may use them and make none.
fn migrate(server: &PostgresServer, roles: &[&str]) {
    let url = server.admin_url();
    let ended = Process::run(&["migrate"], &[("APP_DB_URL", &url)]);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    for role in roles {
        server.execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{CANARY}'; GRANT SELECT, UPDATE ON visits TO {role}"
        ));
    }
}

#[test]
fn instances_that_start_at_once_migrate_once() {
    let server = PostgresServer::start();
    let url = server.admin_url();
    let vars = [("APP_DB_URL", &*url), ("APP_DRAIN_DELAY", "0s")];
    let processes: Vec<_> = (0..4).map(|_| Process::start(&vars)).collect();
    for process in &processes {
        visits(&process.client().send("POST", "/visits"));
    }
    assert_eq!(visits(&processes[0].client().get("/visits")), 4);
    for process in processes {
        process.signal(Signal::TERM);
        let ended = process.wait();
        assert_eq!(ended.code, Some(0));
        assert!(!ended.stdout.contains("is away"), "{}", ended.stdout);
    }
    let migrations = server.execute("SELECT version, success FROM _sqlx_migrations");
    assert_eq!(migrations, "1|t\n");
}

#[test]
fn a_password_that_is_wrong_is_69_and_not_shown() {
    let server = PostgresServer::start();
    let process = Process::start(&[
        ("APP_DB_URL", &*server.url("postgres", CANARY)),
        ("APP_START_TIMEOUT", "500ms"),
        ("LOG_LEVEL", "trace,sqlx=trace"),
    ]);
    let ended = process.wait();
    assert_eq!(ended.code, Some(69));
    let failure = "cannot use the database (see APP_DB_URL, or `db_url` among the secrets): \
                   error returned from database: password authentication failed for user \\\"postgres\\\"";
    assert!(ended.stdout.contains(failure), "{}", ended.stdout);
    assert!(!ended.stdout.contains(CANARY), "{}", ended.stdout);
}

/// What one client saw of an outage.
#[derive(Default)]
struct Seen {
    ok: AtomicUsize,
    away: AtomicUsize,
    stop: AtomicBool,
}

impl Seen {
    fn ask(&self, client: &Client, method: &str) {
        while !self.stop.load(Ordering::Relaxed) {
            let answer = client.send(method, "/visits");
            match answer.status {
                200 => self.ok.fetch_add(1, Ordering::Relaxed),
                503 => self.away.fetch_add(1, Ordering::Relaxed),
                _ => panic!("{answer:?}"),
            };
            assert!(!format!("{answer:?}").contains(CANARY), "{answer:?}");
        }
    }

    fn wait_for_more(count: &AtomicUsize) {
        let (before, start) = (count.load(Ordering::Relaxed), Instant::now());
        while count.load(Ordering::Relaxed) < before + 10 {
            assert!(start.elapsed() < DEADLINE, "there are no more");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

#[test]
fn a_restart_of_the_database_is_an_outage_and_no_more() {
    let server = PostgresServer::start();
    migrate(&server, &["app"]);
    let process = Process::start(&[
        ("APP_DB_URL", &*server.url("app", CANARY)),
        ("APP_DB_MIGRATE", "no"),
        ("APP_DB_ACQUIRE_TIMEOUT", "100ms"),
        ("APP_DRAIN_DELAY", "0s"),
        ("LOG_LEVEL", "trace,sqlx=trace"),
    ]);
    let client = process.client();
    let seen = Seen::default();
    thread::scope(|scope| {
        for method in ["GET", "POST", "GET", "POST"] {
            let client = Client::new(client.address);
            let seen = &seen;
            scope.spawn(move || seen.ask(&client, method));
        }
        scope.spawn(|| {
            let client = Client::new(client.address);
            while !seen.stop.load(Ordering::Relaxed) {
                for path in ["/-/healthy", "/-/ready"] {
                    assert_eq!(client.get(path).status, 200, "{path}");
                }
            }
        });
        Seen::wait_for_more(&seen.ok);
        server.stop();
        process.line("the database is away");
        Seen::wait_for_more(&seen.away);
        server.start_again();
        process.line("the database is back");
        Seen::wait_for_more(&seen.ok);
        seen.stop.store(true, Ordering::Relaxed);
    });
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    for change in ["the database is away", "the database is back"] {
        let count = ended.stdout.matches(&format!("\"{change}\"")).count();
        assert_eq!(count, 1, "{change}");
    }
    assert!(!ended.stdout.contains(CANARY), "the password is not logged");
}

/// Two roles take turns, and each is locked out after its turn.
#[test]
fn no_request_fails_while_passwords_change() {
    let server = PostgresServer::start();
    let roles = ["app_a", "app_b"];
    migrate(&server, &roles);
    let service = TestService::start(&[
        ("APP_DB_URL", &server.url(roles[0], CANARY)),
        ("APP_DB_MIGRATE", "no"),
        ("APP_WORKERS", "2"),
    ]);
    let seen = Seen::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    thread::scope(|scope| {
        for _ in 0..6 {
            let client = Client::new(service.client.address);
            let seen = &seen;
            scope.spawn(move || seen.ask(&client, "POST"));
        }
        for turn in 1..=10 {
            let (old, new) = (roles[(turn + 1) % 2], roles[turn % 2]);
            let password = format!("{CANARY}-{turn}");
            server.execute(&format!("ALTER ROLE {new} LOGIN PASSWORD '{password}'"));
            let url = Secret::new(server.url(new, &password));
            let database = &service.state.database;
            runtime.block_on(async {
                let retired = database.rotate(&url).await.unwrap();
                assert!(!format!("{retired:?}{database:?}").contains(CANARY));
                tokio::time::timeout(DEADLINE, retired.close())
                    .await
                    .unwrap();
            });
            server.execute(&format!("ALTER ROLE {old} NOLOGIN PASSWORD NULL"));
            wait_until_gone(&server, old);
            Seen::wait_for_more(&seen.ok);
        }
        seen.stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(seen.away.into_inner(), 0);
    let added = i64::try_from(seen.ok.into_inner()).unwrap();
    assert_eq!(visits(&service.client.get("/visits")), added);
}

/// The server notices a little later than the client that a connection is closed.
fn wait_until_gone(server: &PostgresServer, role: &str) {
    let query = format!("SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}'");
    let start = Instant::now();
    while server.execute(&query) != "0\n" {
        assert!(start.elapsed() < DEADLINE, "{role} is still connected");
    }
}
