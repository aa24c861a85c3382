use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use rustix::process::Signal;

use crate::client::Client;
use crate::process::{Process, SCRIPT, command, command_name, installed};

/// The script is replaced by the program, or a signal to it would be lost.
#[test]
fn the_script_becomes_the_service() {
    let process = Process::start(&[("HOST", "127.0.0.1"), ("LOG_LEVEL", "INFO")]);
    assert_eq!(process.client().get("/hello").body, "Hello World!");
    assert_eq!(command_name(process.pid()), "demo-service");
}

#[test]
fn sigterm_drains() {
    let process = Process::start(&[("APP_CHAOS", "on"), ("APP_DRAIN_DELAY", "3s")]);
    let client = process.client();
    assert_eq!(client.get("/-/ready").status, 200);

    let slow = client.clone();
    let in_flight = thread::spawn(move || slow.get("/-/chaos/delay/5000"));
    process.line("misbehaving");
    process.signal(Signal::TERM);
    process.line("draining: not ready, and still serving");

    for path in ["/-/ready", "/-/readiness", "/healthz"] {
        let answer = client.get(path);
        assert_eq!((answer.status, &*answer.body), (503, "draining"), "{path}");
        assert_eq!(answer.header("connection"), Some("close"));
    }
    for path in ["/-/healthy", "/-/liveness", "/__lbheartbeat__", "/hello"] {
        let answer = client.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("connection"), Some("close"));
    }

    let answer = in_flight.join().unwrap();
    assert_eq!((answer.status, &*answer.body), (200, "waited 5000 ms"));
    let drained = process.line("drained");
    let ended = process.wait();
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    let said = |field: &str| drained[field].clone();
    assert_eq!((said("answered"), said("finished")), (9.into(), 8.into()));
    assert_eq!((said("cut"), said("code")), (0.into(), 0.into()));
    assert_eq!(said("delay_ended"), "elapsed");
    assert!(said("delay_ms").as_u64().unwrap() >= 3_000, "{drained}");
    assert!(
        client.try_send("GET", "/hello").is_err(),
        "nobody listens any more"
    );
}

/// A check as HAProxy sends it.
fn check(client: &Client, standing: &str, more: &[(&str, &str)]) {
    let state = format!(
        "{standing}; address=127.0.0.1; port=8001; name=app/app1; node=lb1; weight=1/3; \
         scur=0/7; qcur=0"
    );
    let mut headers = vec![("x-haproxy-server-state", &*state)];
    headers.extend(more);
    client.get_with("/-/ready", &headers);
}

#[test]
fn the_delay_is_over_when_the_balancer_has_let_go() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "1h")]);
    let client = process.client();
    check(&client, "UP", &[]);
    process.signal(Signal::TERM);
    process.line("draining: not ready, and still serving");
    check(&client, "UP 1/2", &[]);
    assert_eq!(client.get("/hello").status, 200);
    check(&client, "DOWN", &[]);
    let drained = process.line("drained");
    assert_eq!(drained["delay_ended"], "load_balancers");
    assert_eq!(drained["balancers"], "lb1 app/app1 DOWN scur=0 qcur=0");
    assert_eq!(drained["finished"], 3);
    assert_eq!(process.wait().code, Some(0));
}

/// Otherwise any client could end the delay of a service with an open `/-/`.
#[test]
fn a_client_of_the_balancer_cannot_end_the_delay() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "2s")]);
    let client = process.client();
    process.signal(Signal::TERM);
    process.line("draining: not ready, and still serving");
    check(&client, "DOWN", &[("x-forwarded-for", "192.0.2.1")]);
    check(&client, "DOWN", &[("forwarded", "for=192.0.2.1")]);
    let drained = process.line("drained");
    assert_eq!(drained["delay_ended"], "elapsed");
    assert_eq!(drained["balancers"], "");
}

#[test]
fn sigint_drains_too() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "1ms")]);
    assert_eq!(process.client().get("/hello").status, 200);
    process.signal(Signal::INT);
    assert_eq!(process.wait().code, Some(0));
}

#[test]
fn a_second_signal_stops_at_once() {
    for (second, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let process = Process::start(&[("APP_DRAIN_DELAY", "1h")]);
        process.line("listening");
        process.signal(Signal::TERM);
        process.line("draining: not ready, and still serving");
        process.signal(second);
        assert_eq!(process.wait().code, Some(code));
    }
}

#[test]
fn a_request_that_takes_longer_than_it_may_is_cut_and_counted() {
    let vars = [
        ("APP_CHAOS", "on"),
        ("APP_DRAIN_DELAY", "0s"),
        ("APP_DRAIN_TIMEOUT", "1s"),
    ];
    let process = Process::start(&vars);
    let client = process.client();
    assert_eq!(client.get("/hello").status, 200);
    let in_flight: Vec<_> = (1..=20)
        .map(|i| {
            let slow = client.clone();
            let path = format!("/-/chaos/delay/{}", 60_000 + i);
            let asked = thread::spawn(move || slow.try_send("GET", &path));
            process.text(&format!("\"millis\":{}", 60_000 + i));
            asked
        })
        .collect();
    process.signal(Signal::TERM);
    for asked in in_flight {
        assert!(asked.join().unwrap().is_err(), "the request was cut");
    }
    let message = "drained, but requests were cut: they took longer than APP_DRAIN_TIMEOUT and \
                   APP_STOP_TIMEOUT allow, or waited for a place (`unaccepted`)";
    let drained = process.line(message);
    assert_eq!(
        (&drained["answered"], &drained["cut"]),
        (&1.into(), &20.into())
    );
    let ended = process.wait();
    assert_eq!(ended.code, Some(75));

    // Each is logged before it is said how many there were.
    let mut cut = ended.log();
    let place = cut.iter().position(|line| line["message"] == message);
    cut.truncate(place.unwrap());
    cut.retain(|line| line["status"] == 499);
    assert_eq!(cut.len(), 20, "{cut:?}");
    for line in cut {
        assert_eq!(
            (&line["route"], &line["bytes"]),
            (&"/-/chaos/delay/{millis}".into(), &0.into())
        );
        assert!(line["duration_ms"].as_f64().unwrap() >= 1_000.0, "{line}");
    }
}

#[test]
fn a_hangup_without_a_change_changes_nothing_and_says_so() {
    let process = Process::start(&[]);
    assert_eq!(process.client().get("/hello").status, 200);
    process.signal(Signal::HUP);
    let line = process.line("the configuration is unchanged");
    assert_eq!(line["level"], "INFO");
    assert_eq!(process.client().get("/hello").status, 200);
    process.signal(Signal::TERM);
    assert_eq!(process.wait().code, Some(0));
}

#[test]
fn the_script_is_found_however_it_is_called() {
    let link = Path::new(env!("CARGO_TARGET_TMPDIR")).join("start");
    let _ = fs::remove_file(&link);
    symlink(installed().join("run-app.sh"), &link).unwrap();
    let version = concat!("demo-service ", env!("CARGO_PKG_VERSION"), "\n");

    let no_vars: [(&str, &str); 0] = [];
    let by_link = command(&link, &["--version"], &no_vars).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&by_link.stdout), version);

    let by_name = command(Path::new("sh"), &["run-app.sh", "--version"], &no_vars)
        .current_dir(installed())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&by_name.stdout), version);
}

/// In a checkout the program is where cargo builds it.
#[test]
fn the_script_finds_what_cargo_built() {
    let root = tempfile::tempdir().unwrap();
    let build = |profile: &str| {
        let path = root
            .path()
            .join("target")
            .join(profile)
            .join("demo-service");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\necho {profile} \"$@\"\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let source = root.path().join("demo-service");
    fs::create_dir(&source).unwrap();
    fs::copy(SCRIPT, source.join("run-app.sh")).unwrap();
    let run = || {
        let no_vars: [(&str, &str); 0] = [];
        let script = source.join("run-app.sh");
        let mut sh = command(
            Path::new("sh"),
            &[script.to_str().unwrap(), "x", "y z"],
            &no_vars,
        );
        String::from_utf8(sh.output().unwrap().stdout).unwrap()
    };
    let release = build("release");
    assert_eq!(run(), "release x y z\n");
    let debug = build("debug");
    let modified = |path: &Path, seconds| {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        fs::File::open(path).unwrap().set_modified(time).unwrap();
    };
    modified(&release, 1_000);
    modified(&debug, 2_000);
    assert_eq!(run(), "debug x y z\n");
    modified(&release, 3_000);
    assert_eq!(run(), "release x y z\n");
    fs::remove_file(&release).unwrap();
    assert_eq!(run(), "debug x y z\n");
}
