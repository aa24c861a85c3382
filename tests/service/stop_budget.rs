//! The time of a stop: no platform kills the service before it has reported.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::client::Client;
use crate::process::{Process, command, installed};
use crate::raw::Raw;

const CUT: &str = "drained, but requests were cut: they took longer than APP_DRAIN_TIMEOUT and \
                   APP_STOP_TIMEOUT allow, or waited for a place (`unaccepted`)";

/// Stops a service as a platform does that kills after `budget` seconds. Returns the exit code
/// and the last line of the log.
fn stop(budget: u64, slow_requests: usize, is_asked: bool) -> (Option<i32>, Value) {
    let vars = [
        ("APP_STOP_TIMEOUT", &*format!("{budget}s")),
        ("APP_CHAOS", "on"),
        ("APP_REQUEST_TIMEOUT", "2m"),
    ];
    let process = Process::start(&vars);
    let client = process.client();
    if is_asked {
        assert_eq!(client.get("/-/ready").status, 200);
    }
    let connect = |_| {
        let mut slow = Raw::connect(client.address);
        slow.request("GET", "/-/chaos/delay/90000");
        slow
    };
    let slow: Vec<_> = (0..slow_requests).map(connect).collect();
    let in_flight = || client.get("/-/metrics").body;
    let wanted = format!("http_requests_in_flight {}", slow_requests + 1);
    let deadline = Instant::now() + Duration::from_secs(20);
    while !in_flight().contains(&wanted) {
        assert!(Instant::now() < deadline, "{wanted}: {}", in_flight());
    }
    process.signal(Signal::TERM);
    let ended = process.wait_or_kill(Duration::from_secs(budget));
    drop(slow);
    let report = ended.log().pop().unwrap();
    (ended.code, report)
}

#[test]
fn a_stop_reports_within_each_budget() {
    let cases = [3, 5, 10, 30].into_iter().flat_map(|budget| {
        let loads = [(0, false), (0, true), (20, false), (20, true)];
        loads.map(|(slow, is_asked)| (budget, slow, is_asked))
    });
    let stops: Vec<_> = cases
        .map(|case @ (budget, slow, is_asked)| {
            (case, thread::spawn(move || stop(budget, slow, is_asked)))
        })
        .collect();
    for ((budget, slow, is_asked), stop) in stops {
        let case = format!("{budget} s, {slow} slow requests, asked: {is_asked}");
        let (code, report) = stop.join().unwrap();
        let (expected, message) = if slow == 0 { (0, "drained") } else { (75, CUT) };
        assert_eq!(code, Some(expected), "{case}: {report}");
        assert_eq!(report["message"], message, "{case}");
        assert_eq!(report["cut"], slow, "{case}");
        assert_eq!(report["stop_timeout_ms"], budget * 1_000, "{case}");
        let ended = if is_asked { "elapsed" } else { "unasked" };
        assert_eq!(report["delay_ended"], ended, "{case}");
        let millis = report["stop_ms"].as_u64().unwrap();
        assert!(millis < budget * 1_000, "{case}: {report}");
        if slow == 0 && !is_asked {
            assert!(millis < 1_500, "{case}: {report}");
        }
    }
}

/// Neither can be interrupted: the operators' listener has a request that never ends, and a
/// worker is blocked.
#[test]
fn a_stop_waits_for_no_operator_and_for_no_blocked_worker() {
    let vars = [
        ("APP_STOP_TIMEOUT", "3s"),
        ("APP_ADMIN_LISTEN", "127.0.0.1:0"),
        ("APP_CHAOS", "on"),
    ];
    for path in ["/-/chaos/hang", "/-/chaos/block/20000"] {
        let process = Process::start(&vars);
        let address = process.line("listening for operators")["address"].clone();
        process.line("ready");
        let mut operator = Raw::connect(address.as_str().unwrap().parse().unwrap());
        operator.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        process.text(if path.ends_with("hang") {
            "misbehaving"
        } else {
            "blocking"
        });
        process.signal(Signal::TERM);
        let ended = process.wait_or_kill(Duration::from_secs(3));
        assert_eq!(ended.code, Some(0), "{path}: {ended:?}");
        // The request that never ends is dropped with the runtime, and may be logged after the
        // report.
        let mut log = ended.log();
        log.retain(|line| line["message"] != "request");
        assert_eq!(log.pop().unwrap()["message"], "drained", "{path}");
    }
    let process = Process::start(&[("APP_STOP_TIMEOUT", "3s"), ("APP_CHAOS", "on")]);
    let mut blocked = Raw::connect(process.client().address);
    blocked.request("GET", "/-/chaos/block/20000");
    process.text("blocking");
    process.signal(Signal::TERM);
    let ended = process.wait_or_kill(Duration::from_secs(3));
    assert_eq!(ended.code, Some(75), "{ended:?}");
    assert_eq!(ended.log().pop().unwrap()["message"], CUT);
}

#[test]
fn the_platform_gives_the_budget_and_three_places_say_so() {
    for (mark, seconds, from) in [
        ("K_SERVICE", 10, "cloud_run"),
        ("FLY_APP_NAME", 5, "fly"),
        ("RAILWAY_PROJECT_ID", 3, "railway"),
        ("DYNO", 30, "heroku"),
    ] {
        let vars = [(mark, "x")];
        let process = Process::start(&vars);
        let listening = process.line("listening");
        assert_eq!(listening["stop_timeout"], format!("{seconds}s"), "{mark}");
        assert_eq!(listening["stop_timeout_from"], from);
        let config: Value = serde_json::from_str(&process.client().get("/-/config").body).unwrap();
        assert_eq!(config["stop"]["timeout_seconds"], f64::from(seconds));
        assert_eq!(config["stop"]["from"], from);
        let doctor = Process::run(&["doctor"], &vars).stdout;
        let grace = format!("ok       grace       {seconds}s, the time of ");
        assert!(doctor.starts_with(&grace), "{doctor}");
    }
}

#[test]
fn phases_that_do_not_fit_are_a_warning_that_names_all_three() {
    let vars = [
        ("APP_STOP_TIMEOUT", "10s"),
        ("APP_DRAIN_DELAY", "8s"),
        ("APP_DRAIN_TIMEOUT", "25s"),
    ];
    let warning = "APP_STOP_TIMEOUT: 10s is less than the 37.5s that APP_DRAIN_DELAY and \
                   APP_DRAIN_TIMEOUT need; raise APP_STOP_TIMEOUT, or lower the others";
    Process::start(&vars).line(warning);
    let check = Process::run(&["--check"], &vars);
    assert_eq!(check.code, Some(0));
    assert!(check.stderr.contains(warning), "{}", check.stderr);
    let doctor = Process::run(&["doctor"], &vars).stdout;
    assert!(
        doctor.contains(&format!("warning  grace       {warning}")),
        "{doctor}"
    );
}

/// A thread of the runtime that reads a file of a hung mount, or asks a name server that does not
/// answer, cannot be interrupted. A FIFO takes the place of the certificates once these are checked.
#[test]
fn a_stop_waits_for_no_thread_that_reads_a_file_or_resolves_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let certificates = dir.path().join("ca.pem");
    fs::write(&certificates, "").unwrap();
    let database = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "postgres://app@{}/app?sslmode=verify-full&sslrootcert={}",
        database.local_addr().unwrap(),
        certificates.display()
    );
    let process = Process::start(&[("APP_STOP_TIMEOUT", "3s"), ("APP_DB_URL", &url)]);
    process.line("listening");
    fs::remove_file(&certificates).unwrap();
    let made = Command::new("mkfifo").arg(&certificates).status();
    assert!(made.unwrap().success());
    // The server speaks TLS, so that the client reads the certificates now.
    let (mut client, _) = database.accept().unwrap();
    client.read_exact(&mut [0; 8]).unwrap();
    client.write_all(b"S").unwrap();
    // The end of the FIFO that the client reads opens once another end does.
    let writer = fs::File::options().write(true).open(&certificates).unwrap();
    process.signal(Signal::TERM);
    let ended = process.wait_or_kill(Duration::from_secs(3));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.log().pop().unwrap()["message"], "drained");
    drop(writer);
}

/// The delay stays where a platform routes without asking, and where it is configured.
#[test]
fn the_delay_stays_where_somebody_notices_it() {
    let stop = |vars: &[(&str, &str)]| {
        let process = Process::start(vars);
        process.line("ready");
        process.signal(Signal::TERM);
        let delay_ended = process.line("drained")["delay_ended"].clone();
        assert_eq!(process.wait().code, Some(0));
        delay_ended
    };
    let budget = ("APP_STOP_TIMEOUT", "3s");
    assert_eq!(stop(&[budget]), "unasked");
    assert_eq!(stop(&[budget, ("K_SERVICE", "x")]), "unasked");
    for mark in [
        "KUBERNETES_SERVICE_HOST",
        "ECS_CONTAINER_METADATA_URI_V4",
        "NOMAD_ALLOC_ID",
    ] {
        assert_eq!(stop(&[budget, (mark, "x")]), "elapsed", "{mark}");
    }
    assert_eq!(stop(&[budget, ("APP_DRAIN_DELAY", "300ms")]), "elapsed");
}

/// `script` runs the service at a terminal of its own, to which it sends what it reads.
fn at_a_terminal(vars: &[(&str, &str)]) -> Command {
    let script = installed().join("run-app.sh");
    let mut all = vec![("PORT", "0"), ("LOG_FORMAT", "json")];
    all.extend(vars);
    // A shell between would be interrupted too.
    let run = format!("exec {}", script.display());
    let arguments = ["-qec", &*run, "/dev/null"];
    let mut command = command(Path::new("script"), &arguments, &all);
    command.stdin(Stdio::piped());
    command
}

#[test]
fn ctrl_c_ends_the_service_at_once() {
    let mut process = Process::of(&mut at_a_terminal(&[]));
    let mut keyboard = process.take_stdin();
    let client: Client = process.client();
    assert_eq!(client.get("/-/ready").status, 200);
    let pressed = Instant::now();
    keyboard.write_all(b"\x03").unwrap();
    let drained = process.line("drained");
    assert_eq!(drained["delay_ended"], "terminal", "{drained}");
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let took = pressed.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}: {drained}");
}
