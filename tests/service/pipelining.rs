//! Clients that send more than they are answered, and clients that do not read.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::connections::{closed, wait_for};
use crate::in_process::TestService;
use crate::process::Process;
use crate::raw::Raw;

/// As much as actix reads in one go.
const READ: usize = 131_072;

/// The most that a connection may cost.
const MAX_KIB: u64 = 1024;

fn request(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

fn start(vars: &[(&str, &str)]) -> (Process, Client) {
    let mut all = vec![
        ("APP_WORKERS", "2"),
        ("LOG_LEVEL", "warn,demo_service::server=info"),
    ];
    all.extend(vars);
    let process = Process::start(&all);
    let client = process.client();
    assert_eq!(client.get("/visits").status, 200);
    (process, client)
}

/// The highest memory for each connection within a second, in KiB.
fn cost(process: &Process, before: u64, connections: usize) -> u64 {
    let start = Instant::now();
    let mut most = 0;
    while start.elapsed() < Duration::from_secs(1) {
        most = most.max(process.resident_kib());
        thread::sleep(Duration::from_millis(10));
    }
    most.saturating_sub(before) / connections as u64
}

#[test]
fn requests_that_wait_behind_another_cost_no_memory() {
    const CONNECTIONS: usize = 20;
    for target in ["/visits", "/hello", "/nope"] {
        let (process, client) = start(&[]);
        let before = process.resident_kib();
        let all = request(target).repeat(READ / request(target).len());
        let mut clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| Raw::connect(client.address))
            .collect();
        for connection in &mut clients {
            connection.flood(all.as_bytes());
        }
        let cost = cost(&process, before, CONNECTIONS);
        assert!(cost < MAX_KIB, "{cost} KiB for each connection to {target}");
        assert_eq!(client.get("/hello").status, 200);
    }
}

#[test]
fn pipelined_requests_are_all_answered_in_their_order() {
    let service = TestService::start(&[("APP_CHAOS", "on")]);
    let mut connection = Raw::connect(service.client.address);
    let chunked = "POST /visits HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
                   5\r\n\r\n\r\n0\r\n3;x=y\r\nabc\r\n0\r\nTrailer: x\r\n\r\n";
    let sized = "POST /-/chaos/swallow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n\r\n\r\n\r\n\r\n";
    let round = [
        &*request("/hello"),
        chunked,
        &request("/-/chaos/delay/3"),
        sized,
        "\r\n",
        &request("/nope"),
        "HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ];
    let all = round.concat().repeat(200);
    let statuses = [
        (200, true),
        (200, true),
        (200, true),
        (200, true),
        (404, true),
        (200, false),
    ];
    thread::scope(|scope| {
        let mut writer = connection.writer();
        scope.spawn(move || {
            writer.send(all);
        });
        for round in 0..200 {
            for (status, has_body) in statuses {
                let answer = connection.try_answer(has_body).unwrap();
                assert_eq!(answer.status, status, "round {round}: {answer:?}");
            }
        }
    });
    assert_eq!(connection.request("GET", "/hello").answer().status, 200);
}

#[test]
fn a_client_that_does_not_read_costs_little_and_is_closed() {
    const CONNECTIONS: u16 = 20;
    for target in ["/-/metrics", "/hello"] {
        let (process, client) = start(&[("APP_WRITE_TIMEOUT", "2s")]);
        let before = process.resident_kib();
        // 9 MB of requests, so that answers fill the kernel's buffers.
        let all = request(target).repeat(300_000);
        let mut clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| Raw::connect(client.address))
            .collect();
        for _ in 0..20 {
            for connection in &mut clients {
                connection.flood(all.as_bytes());
            }
            thread::sleep(Duration::from_millis(10));
        }
        let cost = cost(&process, before, usize::from(CONNECTIONS));
        assert!(cost < MAX_KIB, "{cost} KiB for each connection to {target}");
        let count = i64::from(CONNECTIONS);
        wait_for(&client, &closed("write_timeout"), |closed| closed == count);
    }
}

#[test]
fn a_client_that_reads_slowly_gets_all_of_its_answers() {
    let service = TestService::start(&[("APP_WRITE_TIMEOUT", "1s")]);
    let mut connection = Raw::connect(service.client.address);
    let requests = 2_000;
    thread::scope(|scope| {
        let mut writer = connection.writer();
        scope.spawn(move || {
            writer.send(request("/-/metrics").repeat(requests));
        });
        for number in 0..requests {
            // Longer than the timeout in all, and never as long at once.
            if number % 100 == 0 {
                thread::sleep(Duration::from_millis(200));
            }
            assert_eq!(connection.answer().status, 200, "{number}");
        }
    });
}

/// 100 would make the client send an unwanted body.
#[test]
fn a_request_that_is_refused_is_not_told_to_continue() {
    let service = TestService::start(&[("APP_MAX_BODY", "10"), ("APP_CHAOS", "on")]);
    for (line, framing, status) in [
        ("POST /-/chaos/swallow", "Content-Length: 11", 413),
        ("POST /visits", "Content-Length: 11", 413),
        ("POST /nope", "Content-Length: 5", 404),
        ("POST /nope", "Transfer-Encoding: chunked", 404),
        ("POST /hello", "Content-Length: 5", 405),
        ("POST /hello", "Transfer-Encoding: chunked", 405),
        ("PUT /-/log-level", "Content-Length: 5", 403),
    ] {
        let mut connection = Raw::connect(service.client.address);
        let head = format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\n{framing}\r\nExpect: 100-continue\r\n\r\n"
        );
        let answer = connection.send(head).answer();
        assert_eq!(answer.status, status, "{line} {framing}");
        assert!(connection.is_closed(), "{line}: the body may follow or not");
    }
}

#[test]
fn a_body_that_is_read_is_asked_for() {
    let service = TestService::start(&[("APP_CHAOS", "on")]);
    let mut connection = Raw::connect(service.client.address);
    for (framing, body) in [
        ("Content-Length: 5", "hello"),
        ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"),
    ] {
        let head = format!(
            "POST /-/chaos/swallow HTTP/1.1\r\nHost: localhost\r\n{framing}\r\nExpect: 100-continue\r\n\r\n"
        );
        assert_eq!(
            connection.send(&head).try_answer(false).unwrap().status,
            100
        );
        assert_eq!(connection.send(body).answer().status, 200, "{framing}");
    }
    // Some clients do not wait.
    let head = "POST /-/chaos/swallow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\
                Expect: 100-continue\r\n\r\nhello";
    connection.send(head);
    let mut statuses = vec![connection.try_answer(false).unwrap().status];
    if statuses == [100] {
        statuses.push(connection.answer().status);
    }
    assert_eq!(statuses.last(), Some(&200));
    assert_eq!(connection.request("GET", "/hello").answer().status, 200);
}
