//! A drain that nothing but its clients knows of: there is no balancer.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::connections::open;
use crate::metrics::counts;
use crate::process::Process;
use crate::raw::Raw;

/// Longer than anything should take.
const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn a_client_that_does_not_read_holds_no_drain_up() {
    for target in ["/-/metrics", "/hello"] {
        let vars = [("APP_DRAIN_DELAY", "0s"), ("APP_DRAIN_TIMEOUT", "1h")];
        let process = Process::start(&vars);
        let address = process.client().address;
        let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").repeat(300_000);
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
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s"), ("APP_DRAIN_TIMEOUT", "1h")]);
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
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s"), ("APP_CHAOS", "on")]);
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
