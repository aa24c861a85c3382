//! All hostile clients at once, while good clients are served. A suite of its own, because
//! liveness is timed: nothing else may run meanwhile.
//!
//! The run takes ten seconds, and ten minutes with
//! `HOSTILE_SECONDS=600 cargo test --release -p tests --test hostile`. The service has a
//! memory cgroup of 256 MiB for itself if the test may create one, and may not have more
//! resident in any case.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

#[path = "../service/client.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod client;
#[path = "../service/process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod process;
#[path = "../service/raw.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod raw;

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use environ::{Process as Environment, Source};
use rustix::process::Signal;

use crate::client::Client;
use crate::process::Process;
use crate::raw::Raw;

const SECONDS: u64 = 10;

/// How many clients of each hostile kind there are.
const HOSTILE: usize = 12;

/// How many good clients there are: half of them keep their connection.
const GOOD: usize = 50;

const MEMORY: u64 = 256 * 1024 * 1024;

/// How long liveness may take.
const ALIVE: Duration = Duration::from_secs(1);

/// How many late answers in a row end a container, unless its manifest says otherwise. In the
/// short run, which shares the machine with whatever else it does, fewer are no fault.
const FAILURE_THRESHOLD: usize = 3;

/// How often a good client asks: the load is to go on, not to be high.
const PAUSE: Duration = Duration::from_millis(20);

/// The kinds of hostile clients. Each holds its connection for as long as the service lets
/// it, and comes again once the connection is closed.
const KINDS: [(&str, Attack); 6] = [
    ("many requests at once", |address, run| {
        hold_unread(address, run, "GET /visits", 4_096);
    }),
    ("a line end behind an answer", |address, _| {
        hold_half(address, "\r\n");
    }),
    ("half a head behind an answer", |address, _| {
        hold_half(address, "GET /hello HTTP/1.1\r\nHost:");
    }),
    ("large answers that nobody reads", |address, run| {
        hold_unread(address, run, "GET /-/metrics", 3_000);
    }),
    ("small answers that nobody reads", |address, run| {
        hold_unread(address, run, "GET /hello", 30_000);
    }),
    ("a TLS hello", |address, _| {
        let hello = b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03";
        Raw::connect(address).send(hello).is_closed();
    }),
];

type Attack = fn(SocketAddr, &Run);

/// Sends requests for as long as the service takes any, and reads nothing.
fn hold_unread(address: SocketAddr, run: &Run, line: &str, requests: usize) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nonblocking(true).unwrap();
    let all = format!("{line} HTTP/1.1\r\nHost: x\r\n\r\n").repeat(requests);
    let mut rest = all.as_bytes();
    // The service resets the connection, which fails the write or is seen by the look.
    while run.goes_on() && !matches!(stream.peek(&mut [0]), Ok(0)) {
        match stream.write(rest) {
            Ok(sent) => rest = &rest[sent..],
            Err(err) if err.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
        if stream.take_error().unwrap().is_some() {
            return;
        }
        thread::sleep(PAUSE);
    }
}

/// Begins something behind an answer, and waits for the end.
fn hold_half(address: SocketAddr, begun: &str) {
    let mut connection = Raw::connect(address);
    connection.request("GET", "/hello").try_answer(true);
    connection.send(begun).try_answer(true);
    connection.is_closed();
}

/// The run, as all its threads see it.
#[derive(Default)]
struct Run {
    has_ended: AtomicBool,
    answered: AtomicU64,
    probed: AtomicU64,
    attacks: [AtomicU64; KINDS.len()],
}

impl Run {
    fn goes_on(&self) -> bool {
        !self.has_ended.load(Ordering::Relaxed)
    }
}

#[test]
fn all_hostile_clients_at_once_harm_no_good_one() {
    let long = Environment.get("HOSTILE_SECONDS");
    let threshold = if long.is_some() { 1 } else { FAILURE_THRESHOLD };
    let seconds = long.map_or(SECONDS, |text| text.to_str().unwrap().parse().unwrap());
    let process = Process::start(&[
        ("APP_WORKERS", "2"),
        ("APP_HEAD_TIMEOUT", "2s"),
        ("APP_WRITE_TIMEOUT", "2s"),
        ("APP_DRAIN_DELAY", "0s"),
        (
            "LOG_LEVEL",
            "error,demo_service::connections=info,demo_service::server=info",
        ),
    ]);
    let client = process.client();
    let cgroup = Cgroup::of(&process);
    let run = Run::default();
    let mut wrong = Vec::new();
    thread::scope(|scope| {
        let (run, client) = (&run, &client);
        let mut watchers = vec![scope.spawn(move || probe(client, run, threshold))];
        for number in 0..GOOD {
            watchers.push(scope.spawn(move || ask(client, run, number % 2 == 0)));
        }
        for kind in 0..KINDS.len() {
            for _ in 0..HOSTILE {
                scope.spawn(move || attack(client, run, kind));
            }
        }
        let end = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < end {
            let resident = process.resident_kib() * 1024;
            if resident >= MEMORY {
                wrong.push(format!("{resident} bytes are resident"));
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        run.has_ended.store(true, Ordering::Relaxed);
        wrong.extend(
            watchers
                .into_iter()
                .flat_map(|watcher| watcher.join().unwrap()),
        );
    });
    assert_eq!(wrong, [""; 0]);
    for ((what, _), attacks) in KINDS.iter().zip(&run.attacks) {
        let attacks = attacks.load(Ordering::Relaxed);
        assert!(attacks >= HOSTILE as u64, "{what}: {attacks} attacks");
    }
    let answered = run.answered.load(Ordering::Relaxed);
    assert!(
        answered > 50 * seconds,
        "{answered} requests of good clients"
    );
    assert!(run.probed.load(Ordering::Relaxed) > seconds);
    let counts = counts(&client);
    for reason in ["bad_request", "head_timeout", "write_timeout"] {
        let labels = format!("listener=\"service\",reason=\"{reason}\"");
        let count = counts[&format!("http_connections_closed_total{{{labels}}}")];
        assert!(count > 0, "{reason}: {counts:#?}");
    }
    cgroup.assert_none_killed();
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    assert!(!ended.stdout.contains("\"ERROR\""), "{}", ended.stdout);
}

fn probe(client: &Client, run: &Run, threshold: usize) -> Vec<String> {
    let (mut wrong, mut late) = (Vec::new(), Vec::new());
    while run.goes_on() {
        let start = Instant::now();
        let answer = Client::new(client.address).try_send("GET", "/-/healthy");
        let time = start.elapsed();
        match answer {
            Ok(answer) if answer.status == 200 && time < ALIVE => late.clear(),
            Ok(answer) if answer.status == 200 => late.push(format!("liveness after {time:?}")),
            other => wrong.push(format!("liveness after {time:?}: {other:?}")),
        }
        if late.len() == threshold {
            wrong.append(&mut late);
        }
        run.probed.fetch_add(1, Ordering::Relaxed);
        thread::sleep(PAUSE);
    }
    wrong
}

fn ask(client: &Client, run: &Run, is_kept: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut kept = None;
    while run.goes_on() {
        let mut connection = kept.take().unwrap_or_else(|| Raw::connect(client.address));
        match connection.request("GET", "/visits").try_answer(true) {
            Some(answer) if answer.status == 200 => {}
            other => wrong.push(format!("a good client got {other:?}")),
        }
        run.answered.fetch_add(1, Ordering::Relaxed);
        kept = is_kept.then_some(connection);
        thread::sleep(PAUSE);
    }
    wrong
}

fn attack(client: &Client, run: &Run, kind: usize) {
    while run.goes_on() {
        KINDS[kind].1(client.address, run);
        run.attacks[kind].fetch_add(1, Ordering::Relaxed);
    }
}

/// The samples that are whole numbers.
fn counts(client: &Client) -> BTreeMap<String, u64> {
    let text = client.get("/-/metrics").body;
    let samples = text.lines().filter_map(|line| {
        let (name, value) = line.rsplit_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    });
    samples.collect()
}

/// A memory cgroup with the service in it, where there can be one.
struct Cgroup(Option<PathBuf>);

impl Cgroup {
    fn of(process: &Process) -> Self {
        let v1 = Path::new("/sys/fs/cgroup/memory");
        let (root, limit) = if v1.exists() {
            (v1, "memory.limit_in_bytes")
        } else {
            (Path::new("/sys/fs/cgroup"), "memory.max")
        };
        let path = root.join(format!("demo-service-{}", process.pid()));
        let make = || {
            fs::create_dir(&path)?;
            fs::write(path.join(limit), MEMORY.to_string())?;
            fs::write(path.join("cgroup.procs"), process.pid().to_string())
        };
        match make() {
            Ok(()) => Self(Some(path)),
            Err(err) => {
                let kind = err.kind();
                let may_not = [
                    ErrorKind::PermissionDenied,
                    ErrorKind::ReadOnlyFilesystem,
                    ErrorKind::NotFound,
                ];
                assert!(may_not.contains(&kind), "{err}");
                let _ = fs::remove_dir(&path);
                Self(None)
            }
        }
    }

    fn assert_none_killed(&self) {
        let Some(path) = &self.0 else { return };
        let events = fs::read_to_string(path.join("memory.events"))
            .or_else(|_| fs::read_to_string(path.join("memory.oom_control")))
            .unwrap();
        let killed = events.lines().find(|line| line.starts_with("oom_kill "));
        assert_eq!(killed, Some("oom_kill 0"), "{events}");
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = fs::remove_dir(path);
        }
    }
}
