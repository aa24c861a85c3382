//! Credentials that change while requests are served. SQLite has none, so here it
//! is the same file under another spelling; PostgreSQL is asked for real in
//! `tests/deploy`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use demo_service::config::AppConfig;
use demo_service::database::{Database, DatabaseError};
use environ::{EnvConfig, Secret};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::client::Client;
use crate::in_process::TestService;
use crate::metrics::counts;

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_secs(20);

fn url(dir: &TempDir) -> Secret<String> {
    Secret::new(format!("sqlite:{}/db?mode=rwc", dir.path().display()))
}

async fn start(database: &Database) {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    database.start(deadline, true).await.unwrap();
}

async fn open(dir: &TempDir) -> Database {
    let vars = [("APP_DB_ACQUIRE_TIMEOUT", "20s")];
    let config = AppConfig::from_source(vars).unwrap();
    let database = Database::open(&url(dir), &config.db).unwrap();
    start(&database).await;
    database
}

#[test]
fn no_request_fails_while_credentials_rotate() {
    let dir = tempfile::tempdir().unwrap();
    let url = url(&dir);
    let service = TestService::start(&[("APP_DB_URL", url.expose()), ("APP_WORKERS", "2")]);
    let stop = AtomicBool::new(false);
    let added = AtomicUsize::new(0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let client = Client::new(service.client.address);
                while !stop.load(Ordering::Relaxed) {
                    let answer = client.send("POST", "/visits");
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    added.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        runtime.block_on(async {
            for _ in 0..50 {
                let before = added.load(Ordering::Relaxed);
                let retired = service.state.database.rotate(&url).await.unwrap();
                timeout(DEADLINE, retired.close()).await.unwrap();
                // Some are served by the new connections before those retire too.
                while added.load(Ordering::Relaxed) < before + 6 {
                    sleep(Duration::from_millis(1)).await;
                }
            }
        });
        stop.store(true, Ordering::Relaxed);
    });
    let visits = service.client.get("/visits").body;
    let expected = json!({"visits": added.load(Ordering::Relaxed)});
    assert_eq!(serde_json::from_str::<Value>(&visits).unwrap(), expected);
}

#[tokio::test]
async fn old_connections_are_closed_when_the_last_is_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let database = open(&dir).await;
    let in_use = database.acquire().await.unwrap();
    let retired = database.rotate(&url(&dir)).await.unwrap();
    let closing = tokio::spawn(retired.close());
    for visits in 1..=20 {
        assert_eq!(database.add_visit().await.unwrap(), visits);
    }
    assert!(!closing.is_finished(), "a connection is still in use");
    drop(in_use);
    timeout(DEADLINE, closing).await.unwrap().unwrap();
}

/// The request has the old pool in its hand when that is closed.
#[tokio::test]
async fn a_request_that_waits_for_an_old_connection_gets_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let database = open(&dir).await;
    let the_only_one = database.acquire().await.unwrap();
    let waiting = tokio::spawn({
        let database = database.clone();
        async move { database.visits().await }
    });
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    let retired = database.rotate(&url(&dir)).await.unwrap();
    assert!(!waiting.is_finished(), "the old connection is in use");
    let closing = tokio::spawn(retired.close());
    let visits = timeout(DEADLINE, waiting).await.unwrap().unwrap();
    assert_eq!(visits.unwrap(), 0);
    assert!(!closing.is_finished(), "the old connection is still in use");
    drop(the_only_one);
    timeout(DEADLINE, closing).await.unwrap().unwrap();
}

#[tokio::test]
async fn credentials_that_do_not_work_leave_those_before_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let database = open(&dir).await;
    assert_eq!(database.add_visit().await.unwrap(), 1);
    let nowhere = Secret::new("sqlite:/nowhere/at/all".to_owned());
    let refused = database.rotate(&nowhere).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "unable to open database file (code 14); check that the file is there, or its \
         directory if the URL ends in `?mode=rwc`, and who may use it"
    );
    let no_url = Secret::new("hunter2".to_owned());
    let refused = database.rotate(&no_url).await.unwrap_err();
    assert_eq!(refused.to_string(), "the URL is refused: it is not a URL");
    assert_eq!(database.add_visit().await.unwrap(), 2);
}

/// A database in memory is gone with its connection. Here the machine is so busy
/// that requests do give up.
#[tokio::test]
async fn whoever_gives_up_waiting_for_a_connection_does_not_close_it() {
    let vars = [("APP_DB_ACQUIRE_TIMEOUT", "1ms")];
    let config = AppConfig::from_source(vars).unwrap();
    let url = Secret::new("sqlite::memory:".to_owned());
    let database = Database::open(&url, &config.db).unwrap();
    start(&database).await;
    let busy = Arc::new(());
    for _ in 0..8 {
        let busy = Arc::downgrade(&busy);
        thread::spawn(move || while busy.strong_count() > 0 {});
    }
    let (mut added, mut gave_up) = (0, 0);
    let start = Instant::now();
    while gave_up < 20 && start.elapsed() < DEADLINE {
        match database.add_visit().await {
            Ok(visits) => {
                added += 1;
                assert_eq!(visits, added);
            }
            Err(DatabaseError::Exhausted { .. }) => gave_up += 1,
            Err(err) => panic!("{err}"),
        }
    }
}

#[test]
fn connections_and_rotations_are_measured() {
    let dir = tempfile::tempdir().unwrap();
    let url = url(&dir);
    let service = TestService::start(&[("APP_DB_URL", url.expose())]);
    let (client, database) = (&service.client, &service.state.database);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let connections = || {
        let counts = counts(client);
        ["in_use", "idle"]
            .map(|state| counts[&format!("demo_service_database_connections{{state=\"{state}\"}}")])
    };
    let start = Instant::now();
    while connections() != [0, 1] {
        assert!(start.elapsed() < DEADLINE, "{:?}", connections());
        thread::sleep(Duration::from_millis(10));
    }
    let one = runtime.block_on(database.acquire()).unwrap();
    assert_eq!(connections(), [1, 0]);
    runtime.block_on(async {
        drop(one);
        let retired = database.rotate(&url).await.unwrap();
        timeout(DEADLINE, retired.close()).await.unwrap();
        let nowhere = Secret::new("sqlite:/nowhere/at/all".to_owned());
        database.rotate(&nowhere).await.unwrap_err();
        database.rotate(&nowhere).await.unwrap_err();
    });
    let counts = counts(client);
    assert_eq!(
        counts["demo_service_database_rotations_total{outcome=\"ok\"}"],
        1
    );
    assert_eq!(
        counts["demo_service_database_rotations_total{outcome=\"failed\"}"],
        2
    );
    assert_eq!(counts["demo_service_database_max_connections"], 1);
}

#[tokio::test]
async fn a_closed_database_stays_closed() {
    let dir = tempfile::tempdir().unwrap();
    let database = open(&dir).await;
    database.close().await;
    let closed = |err| matches!(err, DatabaseError::Closed);
    assert!(database.visits().await.is_err_and(closed));
    assert!(database.rotate(&url(&dir)).await.is_err_and(closed));
}

#[test]
fn an_outage_is_a_503_and_not_the_end_of_readiness_unless_asked_for() {
    for (checks, ready) in [("", (200, "yep")), ("database", (503, "database"))] {
        let vars = [
            ("APP_DB_ACQUIRE_TIMEOUT", "50ms"),
            ("APP_HEARTBEAT_INTERVAL", "100ms"),
            ("APP_READY_CHECKS", checks),
        ];
        let service = TestService::start(&vars);
        let client = &service.client;
        let heartbeat = || {
            let answer = client.get("/__heartbeat__");
            let mut report: Value = serde_json::from_str(&answer.body).unwrap();
            let age = report["details"]["database"]["age_seconds"].take();
            assert!(age.as_u64().unwrap() < 20, "{age}");
            (answer.status, report)
        };
        let report = |status, state| {
            json!({
                "status": status,
                "checks": {"database": status},
                "details": {"database": {"state": state, "age_seconds": null}},
            })
        };
        let wait_for = |path, status| {
            while client.get(path).status != status {
                thread::sleep(Duration::from_millis(10));
            }
        };
        wait_for("/__heartbeat__", 200);
        assert_eq!(heartbeat(), (200, report("ok", "ok")));

        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let the_only_one = runtime.block_on(service.state.database.acquire()).unwrap();
        wait_for("/__heartbeat__", 503);
        assert_eq!(heartbeat(), (503, report("error", "failed")));
        for method in ["GET", "POST"] {
            let answer = client.send(method, "/visits");
            assert_eq!(answer.status, 503);
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
        let answer = client.get("/-/ready");
        assert_eq!((answer.status, &*answer.body), ready);
        let metric = format!("\ndemo_service_ready {}\n", u8::from(ready.0 == 200));
        let metrics = client.get("/-/metrics").body;
        assert!(metrics.contains(&metric), "{metrics}");
        assert_eq!(client.get("/-/healthy").status, 200);

        runtime.block_on(async {
            drop(the_only_one);
            while client.get("/visits").status != 200 {
                sleep(Duration::from_millis(10)).await;
            }
        });
        wait_for("/__heartbeat__", 200);
        assert_eq!(client.get("/-/ready").status, 200);
    }
}

#[test]
fn a_check_that_there_is_not_is_refused() {
    let refused = AppConfig::from_source([("APP_READY_CHECKS", "database,vualt")]).unwrap_err();
    assert_eq!(
        refused.to_string().lines().nth(1),
        Some(
            "  APP_READY_CHECKS  \"database,vualt\": element 2, \"vualt\", is not one of: \
             database, secrets"
        )
    );
}
