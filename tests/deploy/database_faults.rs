//! The service and a PostgreSQL that is slow, fails over, or is behind a network that
//! loses connections.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::app::eventually;
use crate::client::{Answer, Client};
use crate::pgbouncer_server::PgBouncer;
use crate::postgres_server::PostgresServer;
use crate::process::Process;
use crate::tcp_proxy::TcpProxy;

const MAX_CONNECTIONS: usize = 4;

/// A service that does not wait long, for a database with tables.
fn serve(url: &str, vars: &[(&str, &str)]) -> Process {
    let database = [
        ("APP_DB_URL", url),
        ("APP_DB_MAX_CONNECTIONS", "4"),
        ("APP_DB_ACQUIRE_TIMEOUT", "2s"),
        ("APP_DB_QUERY_TIMEOUT", "500ms"),
        ("APP_DRAIN_DELAY", "0s"),
    ];
    Process::start(&[&database, vars].concat())
}

fn visits(answer: &Answer) -> i64 {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["visits"].as_i64().unwrap()
}

/// Adds visits from many clients while something happens. Returns all answers.
fn add_while(address: std::net::SocketAddr, clients: usize, what: impl FnOnce()) -> Vec<Answer> {
    let (stop, answers) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let client = Client::new(address);
                while !stop.load(Ordering::Relaxed) {
                    let answer = client.send("POST", "/visits");
                    answers.lock().unwrap().push(answer);
                }
            });
        }
        what();
        stop.store(true, Ordering::Relaxed);
    });
    answers.into_inner().unwrap()
}

fn with_status(answers: &[Answer], status: u16) -> usize {
    let found = answers.iter().filter(|answer| answer.status == status);
    found.count()
}

/// Holds a lock on the table for a time, and returns the highest number of backends of
/// the service meanwhile.
fn lock_table(server: &PostgresServer, time: Duration) -> usize {
    let most = AtomicUsize::new(0);
    thread::scope(|scope| {
        let seconds = time.as_secs();
        let lock = format!(
            "BEGIN; LOCK TABLE visits IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({seconds}); COMMIT"
        );
        let locked = scope.spawn(move || server.execute(&lock));
        while !locked.is_finished() {
            most.fetch_max(server.backends_of_clients(), Ordering::Relaxed);
            thread::sleep(Duration::from_millis(50));
        }
    });
    most.into_inner()
}

/// Stops a service, and returns its log.
fn log_of(process: Process) -> String {
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    ended.stdout
}

fn assert_has(log: &str, message: &str) {
    assert_eq!(count(log, message), 1, "{message}: {log}");
}

fn count(log: &str, message: &str) -> usize {
    log.matches(&format!("\"message\":\"{message}\"")).count()
}

#[test]
fn a_lock_takes_no_backend_beyond_the_pool_and_its_visits_are_surely_not_counted() {
    let server = PostgresServer::start();
    let process = serve(&server.admin_url(), &[]);
    let client = process.client();
    let mut most = 0;
    let answers = add_while(client.address, 40, || {
        most = lock_table(&server, Duration::from_secs(6));
        eventually("a visit is counted", || {
            client.send("POST", "/visits").status == 200
        });
    });
    assert!(most <= MAX_CONNECTIONS + 1, "{most} backends");
    for answer in &answers {
        let retry = (answer.status == 503).then_some("1");
        assert!([200, 503].contains(&answer.status), "{answer:?}");
        assert_eq!(answer.header("retry-after"), retry, "{answer:?}");
    }
    assert!(with_status(&answers, 503) > 0, "the lock was felt");
    let added = with_status(&answers, 200);
    let counted: usize = server
        .execute("SELECT count FROM visits")
        .trim()
        .parse()
        .unwrap();
    assert_eq!(counted, added + 1);

    thread::sleep(Duration::from_millis(1100));
    visits(&client.send("POST", "/visits"));
    let log = log_of(process);
    assert_has(&log, "the database is slow");
    assert_has(&log, "the database answers in time again");
    assert_has(&log, "the connection pool is exhausted");
    assert_has(&log, "the connection pool has free connections again");
    assert_eq!(count(&log, "the database is unavailable"), 0, "{log}");
    let cause = "canceling statement due to lock timeout (code 55P03)";
    assert!(log.contains(cause), "{log}");
    let cause = "the pool is exhausted: 4 of 4 connections are in use";
    assert!(log.contains(cause), "{log}");
}

/// The pooler has fewer connections to the server than the service has to the pooler.
#[test]
fn a_lock_behind_pgbouncer_is_slow_and_not_away() {
    let server = PostgresServer::start();
    let settings = [("pool_mode", "transaction"), ("default_pool_size", "2")];
    let pooler = PgBouncer::start(&server, &settings);
    let process = serve(&pooler.url(), &[]);
    let client = process.client();
    let mut most = 0;
    let answers = add_while(client.address, 20, || {
        most = lock_table(&server, Duration::from_secs(4));
        eventually("a visit is counted", || {
            client.send("POST", "/visits").status == 200
        });
    });
    assert!(most <= 2, "{most} backends");
    let added = with_status(&answers, 200);
    assert_eq!(added + with_status(&answers, 503), answers.len());
    let counted: usize = server
        .execute("SELECT count FROM visits")
        .trim()
        .parse()
        .unwrap();
    assert_eq!(counted, added + 1);
    let log = log_of(process);
    assert_has(&log, "the database is slow");
    assert_eq!(count(&log, "the database is unavailable"), 0, "{log}");
}

/// No limit of the server ends a commit that waits for a standby.
#[test]
fn a_commit_that_hangs_keeps_its_place_and_is_no_503() {
    let server = PostgresServer::start();
    let process = serve(&server.admin_url(), &[("APP_HEARTBEAT_INTERVAL", "1h")]);
    let client = process.client();
    visits(&client.send("POST", "/visits"));
    let synchronous = |names: &str| {
        server.execute(&format!(
            "ALTER SYSTEM SET synchronous_standby_names = '{names}'"
        ));
        server.execute("SELECT pg_reload_conf()");
    };
    synchronous("nobody");
    eventually("the commit hangs", || {
        client.send("POST", "/visits").status == 504
    });
    let mut most = 0;
    let answers = add_while(client.address, 20, || {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(6) {
            most = most.max(server.backends_of_clients());
            thread::sleep(Duration::from_millis(50));
        }
    });
    assert!(most <= MAX_CONNECTIONS + 1, "{most} backends");
    for answer in &answers {
        let retry = (answer.status == 503).then_some("1");
        assert!([503, 504].contains(&answer.status), "{answer:?}");
        assert_eq!(answer.header("retry-after"), retry, "{answer:?}");
        if answer.status == 504 {
            let detail = "\"the database did not answer, and the visit is counted or not\"";
            assert!(answer.body.contains(detail), "{}", answer.body);
        }
    }
    synchronous("");
    eventually("places are free again", || {
        client.send("POST", "/visits").status == 200
    });
}

/// The server has ended the statement, and nobody hears of it.
#[test]
fn a_statement_whose_connection_died_gives_its_place_back() {
    let server = PostgresServer::start();
    let proxy = TcpProxy::start(server.address());
    let vars = [
        ("APP_DB_MAX_CONNECTIONS", "1"),
        ("APP_HEARTBEAT_INTERVAL", "1h"),
    ];
    let process = serve(&PostgresServer::url_through(proxy.address()), &vars);
    let client = process.client();
    thread::scope(|scope| {
        let locked = scope.spawn(|| lock_table(&server, Duration::from_secs(2)));
        server.wait_for_lock();
        let answer = scope.spawn(|| client.send("POST", "/visits"));
        server.wait_for_blocked();
        proxy.forget();
        assert_eq!(answer.join().unwrap().status, 504);
        locked.join().unwrap();
    });
    eventually("the place is free again", || {
        client.send("POST", "/visits").status == 200
    });
}

/// A proxy in front of a cluster sends connections to the standby, then to the primary.
#[test]
fn a_connection_to_a_standby_is_closed_once_it_says_so() {
    let primary = PostgresServer::start();
    let standby = primary.start_standby();
    let proxy = TcpProxy::start(primary.address());
    let process = serve(
        &PostgresServer::url_through(proxy.address()),
        &[("APP_HEARTBEAT_INTERVAL", "100ms")],
    );
    let client = process.client();
    assert_eq!(visits(&client.send("POST", "/visits")), 1);
    primary.wait_for_standby();
    // Several connections, so that each would have to fail for itself.
    lock_table_while(&primary, || {
        add_at_once(client.address, MAX_CONNECTIONS);
    });

    proxy.switch(standby.address());
    proxy.cut();
    let start = Instant::now();
    let mut refused = 0;
    while start.elapsed() < Duration::from_secs(4) {
        match client.send("POST", "/visits").status {
            503 => refused += 1,
            504 => {}
            status => panic!("{status}"),
        }
        assert_eq!(client.get("/visits").status, 200, "a standby can be read");
        thread::sleep(Duration::from_millis(50));
    }
    assert!(refused > 5, "{refused}");
    process.line("the database is unavailable");

    proxy.switch(primary.address());
    let after: Vec<_> = (0..20)
        .map(|_| client.send("POST", "/visits").status)
        .collect();
    let failed = after.iter().filter(|status| **status != 200).count();
    assert!(failed <= 1, "{after:?}");
    // That may have been the last, and the service says so once a visit is counted again.
    assert_eq!(client.send("POST", "/visits").status, 200);
    process.line("the database is available again");
    let log = log_of(process);
    assert_has(&log, "the database is unavailable");
    assert_has(&log, "the database is available again");
    let cause = "cannot execute UPDATE in a read-only transaction (code 25006)";
    assert!(log.contains(cause), "{log}");
}

/// Holds a lock while something begins that waits for it.
fn lock_table_while(server: &PostgresServer, what: impl FnOnce() + Send) {
    thread::scope(|scope| {
        let locked = scope.spawn(|| lock_table(server, Duration::from_secs(1)));
        server.wait_for_lock();
        what();
        locked.join().unwrap();
    });
}

/// Adds visits at the same time, which takes a connection for each.
fn add_at_once(address: std::net::SocketAddr, clients: usize) {
    thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(move || Client::new(address).send("POST", "/visits"));
        }
    });
}

#[test]
fn connections_that_were_dropped_silently_cost_no_request() {
    let server = PostgresServer::start();
    let proxy = TcpProxy::start(server.address());
    let vars = [
        ("APP_DB_MAX_CONNECTIONS", "10"),
        ("APP_DB_ACQUIRE_TIMEOUT", "2s"),
        ("APP_DB_QUERY_TIMEOUT", "5s"),
        ("APP_HEARTBEAT_INTERVAL", "1h"),
    ];
    let process = serve(&PostgresServer::url_through(proxy.address()), &vars);
    let client = process.client();
    for clients in [1, 10] {
        lock_table_while(&server, || add_at_once(client.address, 10));
        assert!(proxy.accepted() >= 10, "{}", proxy.accepted());
        proxy.forget();
        thread::scope(|scope| {
            for _ in 0..clients {
                scope.spawn(|| {
                    let client = Client::new(client.address);
                    for _ in 0..20 {
                        let start = Instant::now();
                        visits(&client.send("POST", "/visits"));
                        assert!(start.elapsed() < Duration::from_secs(2));
                    }
                });
            }
        });
    }
    let counted = server.execute("SELECT count FROM visits");
    assert_eq!(counted, format!("{}\n", 10 + 20 + 10 + 200));
    let log = log_of(process);
    assert_eq!(count(&log, "the database is unavailable"), 0, "{log}");
}
