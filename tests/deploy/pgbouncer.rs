//! The service behind `PgBouncer`, in each of its pool modes.

use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Answer, Client};
use crate::pgbouncer_server::PgBouncer;
use crate::postgres_server::PostgresServer;
use crate::process::Process;

/// How long clients ask.
const LOAD: Duration = Duration::from_secs(4);

fn visits(answer: &Answer) -> i64 {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["visits"].as_i64().unwrap()
}

/// Starts a pooler with as many connections to the server as the mode can share.
fn pooler(server: &PostgresServer, mode: &str) -> PgBouncer {
    let size = if mode == "session" { "24" } else { "3" };
    let settings = [
        ("pool_mode", mode),
        ("default_pool_size", size),
        ("ignore_startup_parameters", "extra_float_digits"),
    ];
    PgBouncer::start(server, &settings)
}

/// Two instances and twelve clients, each of which adds a visit and then reads.
#[test]
fn every_visit_behind_pgbouncer_is_counted_and_reading_adds_none() {
    for mode in ["session", "transaction", "statement"] {
        let server = PostgresServer::start();
        let pooler = pooler(&server, mode);
        let url = pooler.url();
        // Between sessions, PgBouncer makes no more than three connections a second.
        let vars = [
            ("APP_DB_URL", &*url),
            ("APP_DB_ACQUIRE_TIMEOUT", "20s"),
            ("APP_DRAIN_DELAY", "0s"),
        ];
        let instances: Vec<_> = (0..2).map(|_| Process::start(&vars)).collect();
        let addresses: Vec<_> = instances
            .iter()
            .map(|instance| instance.client().address)
            .collect();
        let (begun, added) = (AtomicI64::new(0), AtomicI64::new(0));
        thread::scope(|scope| {
            for client in 0..12 {
                let client = Client::new(addresses[client % 2]);
                let (begun, added) = (&begun, &added);
                scope.spawn(move || {
                    let start = Instant::now();
                    while start.elapsed() < LOAD {
                        begun.fetch_add(1, Ordering::SeqCst);
                        visits(&client.send("POST", "/visits"));
                        let least = added.fetch_add(1, Ordering::SeqCst) + 1;
                        let read = visits(&client.get("/visits"));
                        let most = begun.load(Ordering::SeqCst);
                        assert!(
                            (least..=most).contains(&read),
                            "{mode}: {read}, not {least} to {most}"
                        );
                    }
                });
            }
        });
        let counted = server.execute("SELECT count FROM visits");
        assert_eq!(counted, format!("{}\n", added.into_inner()), "{mode}");
    }
}

/// Each instance finds a session in which another one has begun.
#[test]
fn instances_that_start_at_once_behind_pgbouncer_migrate_once() {
    for mode in ["transaction", "statement"] {
        let server = PostgresServer::start();
        let pooler = pooler(&server, mode);
        let url = pooler.url();
        let vars = [("APP_DB_URL", &*url)];
        let instances: Vec<_> = (0..4).map(|_| Process::start(&vars)).collect();
        for instance in &instances {
            visits(&instance.client().send("POST", "/visits"));
        }
        let migrated = Process::run(&["migrate"], &vars);
        assert_eq!(migrated.code, Some(0), "{mode}: {migrated:?}");
        let migrations = server.execute("SELECT version, success FROM _sqlx_migrations");
        assert_eq!(migrations, "1|t\n", "{mode}");
        assert_eq!(server.execute("SELECT count FROM visits"), "4\n", "{mode}");
    }
}
