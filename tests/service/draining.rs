//! A drain that nothing but its clients knows of: there is no balancer.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::connections::open;
use crate::metrics::counts;
use crate::process::Process;
use crate::raw::Raw;

/// Longer than anything should take.
const DEADLINE: Duration = Duration::from_secs(20);

const POST: &str = "POST /visits HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\
                    Connection: close\r\n\r\nhello";

/// The result of a request.
enum Asked {
    Answered,
    /// Nobody listens: the client knows that nothing was done.
    Refused,
    Lost(String),
}

/// Posts on a new connection.
fn post(address: SocketAddr) -> Asked {
    let mut stream = match TcpStream::connect_timeout(&address, DEADLINE) {
        Ok(stream) => stream,
        Err(err) if err.kind() == ErrorKind::ConnectionRefused => return Asked::Refused,
        Err(err) => return Asked::Lost(format!("connect: {err}")),
    };
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    if let Err(err) = stream.write_all(POST.as_bytes()) {
        return Asked::Lost(format!("send: {err}"));
    }
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        Ok(_) if answer.starts_with("HTTP/1.1 200 ") => Asked::Answered,
        read => Asked::Lost(format!("{read:?} after {answer:?}")),
    }
}

#[test]
fn no_request_is_reset_when_a_service_without_a_balancer_stops() {
    const CLIENTS: usize = 50;
    for delay in ["0s", "500ms"] {
        let vars = [
            ("APP_DRAIN_DELAY", delay),
            ("APP_WORKERS", "2"),
            (
                "LOG_LEVEL",
                "warn,demo_service::drain=info,demo_service::server=info",
            ),
        ];
        let process = Process::start_unprivileged(&vars);
        let address = process.client().address;
        let answered = Arc::new(AtomicU64::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let answered = Arc::clone(&answered);
                thread::spawn(move || {
                    loop {
                        match post(address) {
                            Asked::Answered => answered.fetch_add(1, Ordering::Relaxed),
                            Asked::Refused => return None,
                            Asked::Lost(why) => return Some(why),
                        };
                    }
                })
            })
            .collect();
        while answered.load(Ordering::Relaxed) < 1_000 {
            thread::sleep(Duration::from_millis(1));
        }
        process.signal(Signal::TERM);
        let lost: Vec<_> = clients
            .into_iter()
            .filter_map(|client| client.join().unwrap())
            .collect();
        assert_eq!(lost, [""; 0], "after {delay}");
        let drained = process.line("drained");
        assert_eq!(drained["cut"], 0, "{drained}");
        // Counted means answered: each of them, and nothing else.
        assert_eq!(
            drained["answered"],
            answered.load(Ordering::Relaxed),
            "{drained}"
        );
        assert_eq!(process.wait().code, Some(0));
    }
}

/// Connections that the kernel has accepted for a service that has no place for them.
#[test]
fn requests_in_the_backlog_are_answered_before_the_listener_is_closed() {
    let vars = [
        ("APP_DRAIN_DELAY", "0s"),
        ("APP_WORKERS", "1"),
        ("APP_MAX_CONNECTIONS", "2"),
        ("APP_CHAOS", "on"),
    ];
    let process = Process::start_unprivileged(&vars);
    let address = process.client().address;
    let mut slow = [(); 2].map(|()| Raw::connect(address));
    for connection in &mut slow {
        connection.request("GET", "/-/chaos/delay/700");
    }
    process.texts("misbehaving", "700");
    let mut queued: Vec<_> = (0..20).map(|_| Raw::connect(address)).collect();
    for connection in &mut queued {
        connection.request("GET", "/hello");
    }
    process.signal(Signal::TERM);
    for connection in slow.iter_mut().chain(&mut queued) {
        let answer = connection.answer();
        assert_eq!(
            (answer.status, answer.header("connection")),
            (200, Some("close"))
        );
    }
    assert_eq!(process.line("drained")["unaccepted"], 0);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    assert!(!ended.stdout.contains("accepting"), "{}", ended.stdout);
}

/// The backlog has half of the time until the release of all resources.
#[test]
fn requests_that_never_get_a_place_are_counted_as_cut() {
    let vars = [
        ("APP_STOP_TIMEOUT", "3s"),
        ("APP_WORKERS", "1"),
        ("APP_MAX_CONNECTIONS", "1"),
        ("APP_CHAOS", "on"),
    ];
    let process = Process::start_unprivileged(&vars);
    let address = process.client().address;
    let mut slow = Raw::connect(address);
    slow.request("GET", "/-/chaos/delay/20000");
    process.texts("misbehaving", "20000");
    let mut queued: Vec<_> = (0..3).map(|_| Raw::connect(address)).collect();
    for connection in &mut queued {
        connection.request("GET", "/hello");
    }
    let mut silent = Raw::connect(address);
    process.signal(Signal::TERM);
    let ended = process.wait();
    let log = ended.log();
    let report = log.last().unwrap();
    assert_eq!(
        (&report["cut"], &report["unaccepted"], ended.code),
        (&4.into(), &3.into(), Some(75)),
        "{report}"
    );
    assert!(slow.is_closed() && silent.is_closed());
    assert!(!ended.stdout.contains("accepting"), "{}", ended.stdout);
}

#[test]
fn a_client_that_does_not_read_holds_no_drain_up() {
    for target in ["/-/metrics", "/hello"] {
        let vars = [("APP_DRAIN_DELAY", "0s"), ("APP_DRAIN_TIMEOUT", "1h")];
        let process = Process::start_unprivileged(&vars);
        let address = process.client().address;
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(300_000);
        let mut clients: Vec<_> = (0..5).map(|_| Raw::connect(address)).collect();
        let start = Instant::now();
        while counts(&process.client())[&open("blocked")] < 5 {
            for client in &mut clients {
                client.flood(request.as_bytes());
            }
            assert!(start.elapsed() < DEADLINE, "they read");
        }
        let start = Instant::now();
        process.signal(Signal::TERM);
        let drained = process.line("drained");
        assert!(
            start.elapsed() < DEADLINE,
            "{:?}: {drained}",
            start.elapsed()
        );
        assert_eq!(
            (&drained["cut"], &drained["unread"]),
            (&0.into(), &5.into()),
            "{drained}"
        );
        assert_eq!(process.wait().code, Some(0));
    }
}

#[test]
fn idle_clients_and_half_a_head_hold_no_drain_up() {
    let process =
        Process::start_unprivileged(&[("APP_DRAIN_DELAY", "0s"), ("APP_DRAIN_TIMEOUT", "1h")]);
    let address = process.client().address;
    let mut idle = Raw::connect(address);
    assert_eq!(idle.request("GET", "/hello").answer().status, 200);
    let mut half = Raw::connect(address);
    half.send("GET /hello HTTP/1.1\r\n");
    let mut silent = Raw::connect(address);
    let start = Instant::now();
    process.signal(Signal::TERM);
    let drained = process.line("drained");
    assert!(start.elapsed() < Duration::from_secs(5), "{drained}");
    assert!(drained["finish_ms"].as_u64().unwrap() < 1_000, "{drained}");
    assert!(idle.is_closed() && silent.is_closed());
    assert_eq!(half.answer().status, 408);
    assert_eq!(process.wait().code, Some(0));
}

/// The rest of an answer that a client reads is sent.
#[test]
fn an_answer_that_is_being_read_is_finished() {
    let process = Process::start_unprivileged(&[("APP_DRAIN_DELAY", "0s"), ("APP_CHAOS", "on")]);
    let mut client = Raw::connect(process.client().address);
    client.request("GET", "/-/chaos/delay/1500");
    process.text("misbehaving");
    process.signal(Signal::TERM);
    assert_eq!(client.answer().body, "waited 1500 ms");
    assert!(client.is_closed());
    let drained = process.line("drained");
    assert!(drained["finish_ms"].as_u64().unwrap() < 5_000, "{drained}");
    assert_eq!(
        (&drained["cut"], &drained["unread"]),
        (&0.into(), &0.into())
    );
}
