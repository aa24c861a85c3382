//! Connections that clients hold: the time that they have, the places that they take, and
//! the numbers that tell.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, prlimit};

use crate::client::Client;
use crate::in_process::TestService;
use crate::metrics::counts;
use crate::process::{Process, with_limit};
use crate::raw::Raw;

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_secs(20);

/// Waits until a sample has a value.
pub(crate) fn wait_for(client: &Client, sample: &str, is_so: impl Fn(i64) -> bool) -> i64 {
    let start = Instant::now();
    loop {
        let counts = counts(client);
        let count = *counts
            .get(sample)
            .unwrap_or_else(|| panic!("no {sample} in {counts:#?}"));
        if is_so(count) {
            return count;
        }
        assert!(
            start.elapsed() < DEADLINE,
            "{sample} is {count}: {counts:#?}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

pub(crate) fn closed(reason: &str) -> String {
    format!("http_connections_closed_total{{listener=\"service\",reason=\"{reason}\"}}")
}

pub(crate) fn open(activity: &str) -> String {
    format!("http_connections{{listener=\"service\",activity=\"{activity}\"}}")
}

fn refused(status: u16) -> String {
    format!("http_heads_refused_total{{listener=\"service\",status=\"{status}\"}}")
}

/// An answered request, and a connection that is kept.
fn kept(client: &Client) -> Raw {
    let mut connection = Raw::connect(client.address);
    assert_eq!(connection.request("GET", "/hello").answer().status, 200);
    connection
}

#[test]
fn every_head_on_a_kept_connection_has_its_time() {
    let service = TestService::start(&[("APP_HEAD_TIMEOUT", "300ms")]);
    for begun in ["\r\n", "G", "GET /hello HTTP/1.1\r\nHost: localhost\r\n"] {
        for answered in [1, 3] {
            let mut connection = kept(&service.client);
            for _ in 1..answered {
                assert_eq!(connection.request("GET", "/hello").answer().status, 200);
            }
            // Longer than a head may take: only an idle connection has that time.
            thread::sleep(Duration::from_millis(400));
            let start = Instant::now();
            let answer = connection.send(begun).answer();
            assert_eq!((answer.status, &*answer.body), (408, ""), "{begun:?}");
            assert_eq!(answer.header("connection"), Some("close"));
            assert!(connection.is_closed(), "{begun:?}");
            assert!(start.elapsed() >= Duration::from_millis(250), "{begun:?}");
        }
    }
    wait_for(&service.client, &closed("head_timeout"), |count| count == 6);
    wait_for(&service.client, &refused(408), |count| count == 6);
}

#[test]
fn a_head_that_drips_gains_no_time() {
    let service = TestService::start(&[("APP_HEAD_TIMEOUT", "500ms")]);
    let mut connection = kept(&service.client);
    let start = Instant::now();
    connection.deadline(Duration::from_millis(50));
    connection.send("GET /hello HTTP/1.1\r\n");
    let answer = loop {
        if let Some(answer) = connection.send("X: x\r\n").try_answer(true) {
            break answer;
        }
        assert!(start.elapsed() < DEADLINE, "the connection is open");
    };
    assert_eq!(answer.status, 408);
}

#[test]
fn an_idle_connection_is_closed_without_a_word() {
    let service = TestService::start(&[("APP_KEEP_ALIVE", "300ms")]);
    let mut connection = kept(&service.client);
    thread::sleep(Duration::from_millis(200));
    assert_eq!(connection.request("GET", "/hello").answer().status, 200);
    let start = Instant::now();
    assert!(connection.is_closed());
    assert!(start.elapsed() >= Duration::from_millis(250));
    wait_for(&service.client, &closed("keep_alive"), |count| count == 1);
}

#[test]
fn no_connection_is_kept_if_none_is_to_be() {
    let service = TestService::start(&[("APP_KEEP_ALIVE", "0s")]);
    let mut connection = Raw::connect(service.client.address);
    let answer = connection.request("GET", "/hello").answer();
    assert_eq!(
        (answer.status, answer.header("connection")),
        (200, Some("close"))
    );
    assert!(connection.is_closed());
}

/// The kernel resets a connection that is closed with unread bytes, and the client may lose its
/// answer.
#[test]
fn bytes_behind_the_last_request_do_not_reset_the_connection() {
    let service = TestService::start(&[]);
    // More than actix reads at once, and less than the kernel takes.
    let more = "x".repeat(60_000);
    for (head, status) in [
        (
            "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close",
            200,
        ),
        ("GET /hello HTTP/1.1\r\nHost: one\r\nHost: two", 400),
    ] {
        let mut connection = Raw::connect(service.client.address);
        let sent = connection.send(format!("{head}\r\n\r\n{more}"));
        assert_eq!(sent.answer().status, status);
        assert!(connection.is_ended(), "{status}");
    }
}

#[test]
fn connections_are_measured_by_what_they_do() {
    let vars = [("APP_CHAOS", "on"), ("APP_HEAD_TIMEOUT", "1h")];
    let service = TestService::start(&vars);
    let client = &service.client;
    let _idle: Vec<_> = (0..3).map(|_| kept(client)).collect();
    let _receiving: Vec<_> = (0..2)
        .map(|_| {
            let mut connection = kept(client);
            connection.send("GET /");
            connection
        })
        .collect();
    let mut answering = Raw::connect(client.address);
    answering.request("GET", "/-/chaos/hang");
    wait_for(client, &open("receiving"), |count| count == 2);
    // The scrape itself is one, too.
    wait_for(client, &open("answering"), |count| count == 2);
    wait_for(client, &open("idle"), |count| count == 3);
    wait_for(client, &open("blocked"), |count| count == 0);
    drop(answering);
    let mut last = Raw::connect(client.address);
    last.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!(last.answer().status, 200);
    wait_for(client, &closed("answered"), |count| count == 1);
}

#[test]
fn an_operators_own_listener_has_the_same_limits_and_its_own_counts() {
    let vars = [
        ("APP_ADMIN_LISTEN", "127.0.0.1:0"),
        ("APP_HEAD_TIMEOUT", "300ms"),
    ];
    let service = TestService::start(&vars);
    let operators = service.operators.as_ref().unwrap();
    let mut connection = Raw::connect(operators.address);
    assert_eq!(connection.request("GET", "/-/healthy").answer().status, 200);
    assert_eq!(connection.send("\r\n").answer().status, 408);
    let sample = "http_heads_refused_total{listener=\"operators\",status=\"408\"}";
    wait_for(operators, sample, |count| count == 1);
    wait_for(operators, &refused(408), |count| count == 0);
}

/// Idle connections, and connections that never end their head.
#[test]
fn liveness_is_answered_while_clients_hold_every_place() {
    for begun in ["", "G"] {
        let vars = [
            ("APP_MAX_CONNECTIONS", "20"),
            ("APP_KEEP_ALIVE", "1h"),
            ("APP_HEAD_TIMEOUT", "1h"),
        ];
        let service = TestService::start(&vars);
        let client = &service.client;
        let mut held: Vec<_> = (0..20).map(|_| kept(client)).collect();
        for connection in &mut held {
            connection.send(begun);
        }
        let start = Instant::now();
        let mut probe = Raw::connect(client.address);
        assert_eq!(
            probe.request("GET", "/-/healthy").answer().status,
            200,
            "{begun:?}"
        );
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{:?}",
            start.elapsed()
        );
        assert!(wait_for(client, &closed("full"), |count| count > 0) <= 20);
    }
}

/// Without a file, `accept` fails for as long as the clients stay.
#[test]
fn liveness_is_answered_while_clients_hold_every_file() {
    let vars = [
        ("PORT", "0"),
        ("LOG_FORMAT", "json"),
        ("APP_WORKERS", "2"),
        ("APP_KEEP_ALIVE", "1h"),
    ];
    let process = Process::of(&mut with_limit("-n 100", "", &vars));
    let client = process.client();
    let warned = process.line(
        "fewer connections than APP_MAX_CONNECTIONS can be open: the limit of open files is too low; \
         raise `LimitNOFILE=` of the unit, or `ulimit -Hn`, or lower the variable",
    );
    assert_eq!(warned["open_files"], 100, "{warned}");
    let places = warned["max_connections"].as_u64().unwrap();
    assert!((20..100).contains(&places), "{warned}");
    let mut held: Vec<_> = (0..100).map(|_| Raw::connect(client.address)).collect();
    let mut probe = Raw::connect(client.address);
    assert_eq!(probe.request("GET", "/-/healthy").answer().status, 200);
    for client in &mut held {
        client.request("GET", "/hello");
    }
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert!(!ended.stdout.contains("accepting"), "{}", ended.stdout);
}

#[test]
fn no_place_is_taken_from_a_request_that_is_answered() {
    let vars = [("APP_MAX_CONNECTIONS", "2"), ("APP_CHAOS", "on")];
    let service = TestService::start(&vars);
    let mut slow = [(); 2].map(|()| Raw::connect(service.client.address));
    for connection in &mut slow {
        connection.request("GET", "/-/chaos/delay/2500");
    }
    let mut third = Raw::connect(service.client.address);
    third
        .request("GET", "/hello")
        .deadline(Duration::from_millis(1800));
    assert!(third.try_answer(true).is_none(), "it waits");
    for connection in &mut slow {
        assert_eq!(connection.answer().status, 200);
    }
    third.deadline(DEADLINE);
    assert_eq!(
        third.answer().status,
        200,
        "once one of them is idle for a second"
    );
}

#[test]
fn clients_that_speak_no_http_are_counted_and_told_of_once_a_minute() {
    const CLIENTS: usize = 500;
    let process = Process::start(&[("APP_WORKERS", "2"), ("LOG_LEVEL", "info")]);
    let client = process.client();
    for _ in 0..CLIENTS {
        let mut connection = Raw::connect(client.address);
        let hello = b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03";
        assert_eq!(connection.send(hello).answer().status, 400);
        assert!(connection.is_closed());
    }
    wait_for(&client, &closed("bad_request"), |count| count == 500);
    wait_for(&client, &refused(400), |count| count == 500);
    process.line("clients refused or given up");
    process.signal(Signal::INT);
    process.signal(Signal::INT);
    let mut by_level = BTreeMap::<_, usize>::new();
    let log = process.wait().log();
    for line in &log {
        *by_level.entry(line["level"].as_str().unwrap()).or_default() += 1;
    }
    assert!(!by_level.contains_key("ERROR"), "{log:#?}");
    let told = log
        .iter()
        .filter(|line| line["message"] == "clients refused or given up");
    let told: Vec<_> = told.collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let bad = told[0]["bad_request"].as_u64().unwrap();
    assert!((1..=500).contains(&bad), "{told:?}");
}

#[test]
fn a_connection_that_is_refused_is_told_of_at_debug() {
    let process = Process::start(&[("LOG_LEVEL", "demo_service::connections=debug,info")]);
    let client = process.client();
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "x".repeat(200_000)
    );
    for (bytes, status, reason) in [
        ("HELO x\r\n\r\n", 400, "bad_request"),
        (&*long, 431, "head_too_large"),
    ] {
        let mut connection = Raw::connect(client.address);
        assert_eq!(connection.send(bytes).answer().status, status);
        let line = process.texts(
            "connection closed early",
            &format!("\"reason\":\"{reason}\""),
        );
        assert!(line.contains("\"peer\":\"127.0.0.1:"), "{line}");
        wait_for(&client, &refused(status), |count| count == 1);
    }
}

#[test]
fn connections_that_cannot_be_accepted_are_counted() {
    let process = Process::start(&[("APP_WORKERS", "1")]);
    let client = process.client();
    // Lower than at the start, from which the service knows the limit.
    let none = Rlimit {
        current: Some(3),
        ..getrlimit(Resource::Nofile)
    };
    let pid = Pid::from_raw(process.pid().try_into().unwrap());
    let limit = prlimit(pid, Resource::Nofile, none).unwrap();
    let held = Raw::connect(client.address);
    process.text("Error accepting connection");
    prlimit(pid, Resource::Nofile, limit).unwrap();
    drop(held);
    wait_for(&client, "demo_service_accept_errors_total", |count| {
        count > 0
    });
}
