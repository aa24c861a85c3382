use std::thread;

use rustix::process::Signal;

use crate::process::{Process, command_name};

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
    assert_eq!(drained["answered"], 9);
    assert!(
        client.try_send("GET", "/hello").is_err(),
        "nobody listens any more"
    );
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
    let slow = client.clone();
    let in_flight = thread::spawn(move || slow.try_send("GET", "/-/chaos/delay/60000"));
    process.line("misbehaving");
    process.signal(Signal::TERM);
    assert!(in_flight.join().unwrap().is_err(), "the request was cut");
    let drained = process.line("drained, but requests were cut");
    assert_eq!(
        (&drained["answered"], &drained["cut"]),
        (&1.into(), &1.into())
    );
    assert_eq!(process.wait().code, Some(75));
}
