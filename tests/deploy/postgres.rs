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

/// A table is being made, and nobody sees it yet.
#[test]
fn a_visit_while_the_service_starts_is_503_and_never_500() {
    let server = PostgresServer::start();
    let url = server.admin_url();
    let vars = [("APP_DB_URL", &*url), ("APP_DRAIN_DELAY", "1s")];
    thread::scope(|scope| {
        let making = scope.spawn(|| {
            server.execute("BEGIN; CREATE TABLE visits (); SELECT pg_sleep(3); ROLLBACK");
        });
        server.wait_until(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
            |count| count > 0,
        );
        let process = Process::start(&vars);
        let client = process.starting_client();
        let mut refused = 0;
        while !making.is_finished() {
            for method in ["POST", "GET"] {
                let answer = client.send(method, "/visits");
                if answer.status == 200 {
                    continue;
                }
                assert_eq!(answer.status, 503, "{answer:?}");
                assert_eq!(answer.header("retry-after"), Some("1"));
                let detail = "\"the service is starting\"";
                assert!(answer.body.contains(detail), "{}", answer.body);
                refused += 1;
            }
        }
        assert!(refused > 10, "{refused}");
        making.join().unwrap();
        let client = process.client();
        visits(&client.send("POST", "/visits"));
    });
}

/// No waiting helps, and each attempt may bring an account closer to being locked.
#[test]
fn what_a_database_refuses_is_78_at_once_with_the_remedy() {
    let server = PostgresServer::start();
    server.execute(&format!("CREATE ROLE poor LOGIN PASSWORD '{CANARY}'"));
    for (url, refusal, remedy) in [
        (
            server.url("postgres", CANARY),
            "password authentication failed for user \"postgres\" (code 28P01)",
            "check the user and the password",
        ),
        (
            server.admin_url().replace("/app", "/nowhere"),
            "database \"nowhere\" does not exist",
            "make the database, or check its name",
        ),
        (
            server.url("poor", CANARY),
            "permission denied for schema public (code 42501)",
            "give the user the right; or migrate as another, and set APP_DB_MIGRATE to false",
        ),
    ] {
        let vars = [("APP_DB_URL", &*url), ("LOG_LEVEL", "trace,sqlx=trace")];
        let ended = Process::start(&vars).wait();
        assert_eq!(ended.code, Some(78), "{ended:?}");
        let failure = "demo-service: cannot use the database (see APP_DB_URL, or `db_url` among \
                       the secrets): ";
        assert!(ended.stderr.starts_with(failure), "{}", ended.stderr);
        assert!(ended.stderr.contains(refusal), "{}", ended.stderr);
        let remedy = format!("; {remedy}\n");
        assert!(ended.stderr.ends_with(&remedy), "{}", ended.stderr);
        assert!(!format!("{ended:?}").contains(CANARY), "{ended:?}");
    }
}

/// A client may repeat a request after a 503 without harm.
#[test]
fn a_visit_that_waits_for_a_lock_too_long_is_503_and_not_counted() {
    let server = PostgresServer::start();
    let service = TestService::start(&[
        ("APP_DB_URL", &server.admin_url()),
        ("APP_DB_QUERY_TIMEOUT", "500ms"),
    ]);
    let client = &service.client;
    thread::scope(|scope| {
        let locked = scope.spawn(|| {
            server.execute("BEGIN; LOCK TABLE visits; SELECT pg_sleep(4); COMMIT");
        });
        server.wait_for_lock();
        for method in ["POST", "GET"] {
            let answer = client.send(method, "/visits");
            assert_eq!(
                (answer.status, answer.header("retry-after")),
                (503, Some("1"))
            );
            let detail = "\"the database is slow\"";
            assert!(answer.body.contains(detail), "{}", answer.body);
        }
        locked.join().unwrap();
    });
    assert_eq!(visits(&client.get("/visits")), 0);
}

/// PostgreSQL sends the row of an `UPDATE` before it commits.
#[test]
fn a_visit_whose_commit_fails_is_not_answered_200() {
    let server = PostgresServer::start();
    let service = TestService::start(&[("APP_DB_URL", &server.admin_url())]);
    server.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ \
             BEGIN RAISE EXCEPTION 'not today'; END $$; \
         CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON visits \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let answer = service.client.send("POST", "/visits");
    assert_ne!(answer.status, 200, "{answer:?}");
    assert_eq!(visits(&service.client.get("/visits")), 0);
}

/// A client's view of an outage.
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
                // It broke in the middle of a statement.
                504 if method == "POST" => 0,
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

/// As the role `app`, which does not wait long.
fn serve(server: &PostgresServer, vars: &[(&str, &str)]) -> Process {
    let url = server.url("app", CANARY);
    let database = [
        ("APP_DB_URL", &*url),
        ("APP_DB_MIGRATE", "no"),
        ("APP_DB_ACQUIRE_TIMEOUT", "1s"),
    ];
    Process::start(&[&database, vars].concat())
}

#[test]
fn an_outage_says_why_there_is_no_connection() {
    let server = PostgresServer::start();
    migrate(&server, &["app"]);
    let process = serve(&server, &[("APP_HEARTBEAT_INTERVAL", "1h")]);
    let client = process.client();
    assert_eq!(visits(&client.get("/visits")), 0);
    server.stop();
    assert_eq!(client.get("/visits").status, 503);
    let why = process.line("the database is unavailable");
    let why = why["error"].as_str().unwrap();
    assert!(why.contains("Connection refused"), "{why}");
}

#[test]
fn a_restart_of_the_database_is_an_outage_and_no_more() {
    let server = PostgresServer::start();
    migrate(&server, &["app"]);
    let vars = [("APP_DRAIN_DELAY", "0s"), ("LOG_LEVEL", "trace,sqlx=trace")];
    let process = serve(&server, &vars);
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
        process.line("the database is unavailable");
        Seen::wait_for_more(&seen.away);
        server.start_again();
        process.line("the database is available again");
        Seen::wait_for_more(&seen.ok);
        seen.stop.store(true, Ordering::Relaxed);
    });
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    for change in [
        "the database is unavailable",
        "the database is available again",
    ] {
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
