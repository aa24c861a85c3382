//! A collector that is dead, slow, refuses, and is back again: no request notices.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::collector::{Answer, Collector};
use crate::process::Process;

const REQUESTS: u64 = 300;

fn start(endpoint: &str, more: &[(&str, &str)]) -> Process {
    let mut vars = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "10"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "400"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "50"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "20"),
        ("APP_LOG_LEVEL", "info"),
    ];
    vars.extend(more);
    Process::start(&vars)
}

/// Requests that all succeed.
fn ask(client: &Client) {
    for _ in 0..REQUESTS {
        assert_eq!(client.get("/hello").status, 200);
    }
}

/// Returns the numbers of exported and dropped spans.
fn counts(client: &Client) -> [u64; 2] {
    let metrics = client.get("/-/metrics").body;
    ["exported", "dropped"].map(|outcome| {
        let name = format!("demo_service_otel_spans_total{{outcome=\"{outcome}\"}} ");
        let found = metrics.lines().find_map(|line| line.strip_prefix(&*name));
        found
            .unwrap_or_else(|| panic!("{metrics}"))
            .parse()
            .unwrap()
    })
}

fn wait_until(client: &Client, is_so: impl Fn([u64; 2]) -> bool) -> [u64; 2] {
    let start = Instant::now();
    loop {
        let counts = counts(client);
        if is_so(counts) {
            return counts;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{counts:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_dead_collector_costs_a_counter() {
    let dead = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", dead.local_addr().unwrap());
    drop(dead);
    let process = start(&endpoint, &[("APP_DRAIN_DELAY", "0s")]);
    let client = process.client();
    let before = process.resident_kib();
    ask(&client);
    // All but those in the queue and in a batch.
    let [exported, dropped] = wait_until(&client, |[_, dropped]| dropped >= REQUESTS - 70);
    assert_eq!(exported, 0);
    assert!(dropped >= REQUESTS - 70);
    assert!(
        process.resident_kib() < before + 8 * 1024,
        "memory is bounded"
    );
    let line = process.line("spans are dropped: the collector does not accept them");
    assert_eq!(line["level"], "WARN");
    let stopped = Instant::now();
    process.signal(rustix::process::Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        stopped.elapsed() < Duration::from_secs(5),
        "{:?}",
        stopped.elapsed()
    );
    let told = ended.stdout.matches("spans are dropped").count();
    assert_eq!(told, 1, "an outage is told once: {}", ended.stdout);
}

#[test]
fn a_slow_collector_slows_no_request() {
    let collector = Collector::start(Answer::Late(Duration::from_millis(300)));
    let process = start(&collector.endpoint(), &[]);
    let client = process.client();
    let begun = Instant::now();
    ask(&client);
    // Each batch of 20 takes 300 ms: 4.5 s for all, if requests waited.
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
    let [exported, dropped] = wait_until(&client, |[exported, dropped]| {
        exported > 0 && exported + dropped >= REQUESTS
    });
    assert!(dropped > 0, "{exported} {dropped}");
}

#[test]
fn a_refusing_collector_gets_the_spans_once_it_accepts_again() {
    let collector = Collector::start(Answer::Status(503));
    let process = start(
        &collector.endpoint(),
        &[("OTEL_EXPORTER_OTLP_TIMEOUT", "20000")],
    );
    let client = process.client();
    client.get("/hello");
    thread::sleep(Duration::from_millis(300));
    assert_eq!((counts(&client), collector.spans()), ([0, 0], Vec::new()));
    collector.answer(Answer::Status(200));
    let spans = collector.wait_for(|spans| !spans.is_empty());
    assert_eq!(spans[0].name, "GET /hello");
    wait_until(&client, |[exported, dropped]| exported > 0 && dropped == 0);
}

#[test]
fn an_outage_is_logged_at_its_end_too() {
    let collector = Collector::start(Answer::Status(400));
    let process = start(&collector.endpoint(), &[]);
    let client = process.client();
    client.get("/hello");
    let line = process.line("spans are dropped: the collector does not accept them");
    assert_eq!(line["reason"], "status 400");
    collector.answer(Answer::Status(200));
    client.get("/hello");
    process.line("the collector accepts spans again");
    let [exported, dropped] = wait_until(&client, |[exported, _]| exported > 0);
    assert!(dropped > 0, "{exported} {dropped}");
}
