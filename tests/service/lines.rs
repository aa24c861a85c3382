//! The log never blocks, and counts dropped lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use demo_service::telemetry::Lines;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::client::Client;
use crate::first_minutes::FAKE;
use crate::process::{command, installed};
use crate::raw::Raw;

const DEADLINE: Duration = Duration::from_secs(20);

/// A service with a stdout that the test reads on demand.
pub(crate) struct Unread {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) client: Client,
}

impl Unread {
    pub(crate) fn start(vars: &[(&str, &str)]) -> Self {
        let mut all = vec![("PORT", "0"), ("LOG_FORMAT", "json")];
        all.extend(vars);
        let mut child = command(&installed().join("run-app.sh"), &[], &all)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        let address: SocketAddr = line["address"].as_str().unwrap().parse().unwrap();
        Self {
            child,
            stdout,
            client: Client::new(address),
        }
    }

    /// Reads the next line.
    pub(crate) fn line(&mut self) -> Value {
        json(self.stdout.by_ref().lines().next().unwrap())
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Makes `count` requests of which each logs more than 1 KiB: a pipe holds fifty
    /// such lines, and the queue three thousand.
    fn log_much(&self, count: usize) {
        let path = format!("/{}", "x".repeat(1 << 10));
        for _ in 0..count {
            assert_eq!(self.client.get(&path).status, 404);
        }
    }

    /// Waits for the end, without reading anything.
    fn code(&mut self) -> Option<i32> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(start.elapsed() < DEADLINE, "the process does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn json(line: io::Result<String>) -> Value {
    let line = line.unwrap();
    serde_json::from_str(&line).unwrap_or_else(|err| panic!("{err}: {line}"))
}

#[test]
fn a_log_that_nobody_reads_blocks_nothing_and_what_is_dropped_is_counted() {
    let mut service = Unread::start(&[("APP_WORKERS", "1"), ("APP_DRAIN_DELAY", "0s")]);
    let requests = 6_000;
    service.log_much(requests);
    assert_eq!(service.client.get("/-/healthy").status, 200);

    let mut lines = service.stdout.by_ref().lines().map(json);
    let mut logged = 0;
    let dropped = loop {
        let line = lines.next().unwrap();
        if line["message"] == "request" {
            logged += 1;
        } else if line["message"] != "ready" && line["message"] != FAKE {
            assert_eq!(
                (&line["level"], &line["message"]),
                (
                    &"WARN".into(),
                    &"log lines were dropped: the reader of stdout is too slow".into()
                )
            );
            break line["dropped"].as_u64().unwrap();
        }
    };
    assert!(logged > 400, "the queue holds that many: {logged}");
    assert!(dropped > 500, "and not more: {dropped}");
    assert_eq!(logged + dropped, requests as u64);
}

#[test]
fn what_is_in_the_queue_when_the_service_stops_is_written() {
    let mut service = Unread::start(&[("APP_DRAIN_DELAY", "0s")]);
    service.log_much(100);
    service.signal(Signal::TERM);
    let lines: Vec<Value> = service.stdout.by_ref().lines().map(json).collect();
    let requests = lines.iter().filter(|line| line["message"] == "request");
    assert_eq!(requests.count(), 100);
    assert_eq!(lines.last().unwrap()["message"], "drained");
    assert_eq!(service.code(), Some(0));
}

#[test]
fn a_service_stops_in_order_though_nobody_reads_its_log() {
    let mut service = Unread::start(&[("APP_DRAIN_DELAY", "0s")]);
    service.log_much(100);
    service.signal(Signal::TERM);
    assert_eq!(service.code(), Some(0));
}

/// Requests in flight take all the time that a stop has, and the log takes its share of it.
#[test]
fn a_log_that_nobody_reads_takes_no_time_beyond_the_budget_of_a_stop() {
    let mut service = Unread::start(&[
        ("APP_STOP_TIMEOUT", "5s"),
        ("APP_CHAOS", "on"),
        ("APP_REQUEST_TIMEOUT", "2m"),
    ]);
    service.log_much(100);
    let mut slow = Raw::connect(service.client.address);
    slow.request("GET", "/-/chaos/delay/90000");
    let metrics = || service.client.get("/-/metrics").body;
    while !metrics().contains("http_requests_in_flight 2") {}
    let start = Instant::now();
    service.signal(Signal::TERM);
    assert_eq!(service.code(), Some(75));
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_second_signal_stops_a_service_whose_log_is_stuck() {
    let vars = [("APP_DRAIN_DELAY", "1h"), ("APP_STOP_TIMEOUT", "2h")];
    let mut service = Unread::start(&vars);
    service.log_much(100);
    service.signal(Signal::TERM);
    let start = Instant::now();
    while service.client.get("/-/ready").status == 200 {
        assert!(start.elapsed() < DEADLINE, "the signal is not received");
    }
    service.signal(Signal::TERM);
    assert_eq!(service.code(), Some(143));
}

#[test]
fn a_log_that_was_closed_kills_nothing() {
    let mut service = Unread::start(&[("APP_DRAIN_DELAY", "0s")]);
    service.stdout = BufReader::new(other_stdout());
    service.log_much(100);
    assert_eq!(service.client.get("/hello").body, "Hello World!");
    service.signal(Signal::TERM);
    assert_eq!(service.code(), Some(0));
}

/// The end of a pipe of somebody else.
fn other_stdout() -> ChildStdout {
    let mut other = command::<&str>("true".as_ref(), &[], &[]).spawn().unwrap();
    other.wait().unwrap();
    other.stdout.take().unwrap()
}

#[test]
fn a_disk_that_is_full_kills_nothing() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let port = address.port().to_string();
    let vars = [("PORT", &*port), ("APP_DRAIN_DELAY", "0s")];
    let mut child = command(&installed().join("run-app.sh"), &[], &vars)
        .stdout(File::create("/dev/full").unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let client = Client::new(address);
    let start = Instant::now();
    while client.try_send("GET", "/hello").is_err() {
        assert!(start.elapsed() < DEADLINE, "the service does not listen");
        thread::sleep(Duration::from_millis(10));
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Takes some bytes at a time, and refuses every third write.
#[derive(Clone, Default)]
struct Refusing(Arc<Mutex<(usize, Vec<u8>)>>);

impl Write for Refusing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = self.0.lock().unwrap();
        taken.0 += 1;
        if taken.0.is_multiple_of(3) {
            return Err(ErrorKind::StorageFull.into());
        }
        let some = bytes.len().min(7);
        taken.1.extend_from_slice(&bytes[..some]);
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn where_writing_fails_the_lines_that_get_through_are_whole() {
    let sink = Refusing::default();
    let lines = Lines::default();
    lines.write_to(sink.clone()).unwrap();
    let pushed = 10_000;
    for number in 0..pushed {
        lines.push(format!("line {number}.\n").as_bytes());
        if number % 100 == 0 {
            assert!(lines.flush(DEADLINE));
        }
    }
    // The rest of a line that was begun goes out with the next lines.
    for _ in 0..2 {
        assert!(lines.flush(DEADLINE));
        lines.push(b"\n");
    }
    assert!(lines.flush(DEADLINE));
    let taken = sink.0.lock().unwrap().1.clone();
    let text = String::from_utf8(taken).unwrap();
    let mut written = 0;
    for line in text.lines().filter(|line| !line.is_empty()) {
        let number = line.strip_prefix("line ").and_then(|rest| {
            let number = rest.strip_suffix('.')?;
            number.parse::<u64>().ok()
        });
        assert!(number.is_some_and(|number| number < pushed), "{line:?}");
        written += 1;
    }
    assert!(written > 100, "{written}");
    let empty = text.lines().filter(|line| line.is_empty()).count() as u64;
    assert_eq!(written + empty + lines.dropped(), pushed + 2);
}

#[test]
fn a_panic_flushes_too() {
    let sink = Refusing::default();
    let lines = Lines::default();
    let log = lines.clone();
    let thread = thread::spawn(move || {
        let _flushed = log.flush_at_exit();
        log.push(b"last\n");
        panic!("on purpose");
    });
    lines.write_to(sink.clone()).unwrap();
    assert!(thread.join().is_err());
    assert_eq!(sink.0.lock().unwrap().1, b"last\n");
}
