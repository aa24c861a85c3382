use std::net::TcpListener;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::client::Client;
use crate::process::Process;
use crate::raw::Raw;

#[test]
fn every_request_is_one_json_line_when_it_is_answered() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s"), ("LOG_LEVEL", "debug")]);
    let client = process.client();
    client.get("/hello?token=hunter2");
    client.send("HEAD", "/nope");
    client.get("/-/ready");
    process.signal(Signal::TERM);
    let ended = process.wait();
    let requests = ended.requests();
    let what = |line: &Value| {
        let fields = [
            "level", "method", "path", "route", "status", "bytes", "client",
        ];
        fields
            .map(|field| line[field].to_string().replace('"', ""))
            .join(" ")
    };
    assert_eq!(
        requests.iter().map(what).collect::<Vec<_>>(),
        [
            "INFO GET /hello /hello 200 12 127.0.0.1",
            "INFO HEAD /nope unmatched 404 0 127.0.0.1",
            "DEBUG GET /-/ready /-/ready 200 3 127.0.0.1",
        ]
    );
    for request in requests {
        assert!(
            request["duration_ms"].as_f64().unwrap() < 1_000.0,
            "{request}"
        );
        assert!(
            request["agent"].as_str().unwrap().starts_with("ureq/"),
            "{request}"
        );
        assert!(request["timestamp"].is_string(), "{request}");
    }
    assert!(!ended.stdout.contains("hunter2"), "the query is not logged");
}

/// As nginx has it: a status that no answer has.
#[test]
fn a_request_whose_client_has_gone_is_logged_and_measured() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s"), ("APP_CHAOS", "on")]);
    let client = process.client();
    let mut gone = Raw::connect(client.address);
    gone.request("GET", "/hello");
    gone.request("GET", "/-/chaos/delay/60000");
    process.line("misbehaving");
    // With an answer that was not read, which resets the connection. One that is only
    // closed may be so in one direction, and be waited at in the other.
    drop(gone);
    let unanswered = process.text("\"status\":499");
    let unanswered: Value = serde_json::from_str(&unanswered).unwrap();
    let said = |field: &str| unanswered[field].clone();
    assert_eq!(
        json!([said("level"), said("method"), said("route"), said("bytes")]),
        json!(["INFO", "GET", "/-/chaos/delay/{millis}", 0])
    );
    let metrics = client.get("/-/metrics").body;
    let labels = r#"{method="GET",route="/-/chaos/delay/{millis}",status="499"}"#;
    for expected in [
        format!("http_request_duration_seconds_count{labels} 1"),
        "http_requests_in_flight 1".to_owned(),
    ] {
        assert!(metrics.lines().any(|line| line == expected), "{metrics}");
    }
}

#[test]
fn probes_are_not_logged_at_info() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    let client = process.client();
    for path in [
        "/-/ready",
        "/healthz",
        "/-/healthy",
        "/__lbheartbeat__",
        "/hello",
    ] {
        assert_eq!(client.get(path).status, 200);
    }
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.requests().len(), 1, "{}", ended.stdout);
}

/// The request is none: a stranger tries paths.
#[test]
fn a_probe_in_another_spelling_is_logged_as_what_it_is() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    let client = process.client();
    assert_eq!(client.get("/%2D/ready").status, 404);
    assert_eq!(client.get("/h%65althz").status, 404);
    process.signal(Signal::TERM);
    let requests = process.wait().requests();
    let asked = requests.iter();
    let asked = asked.map(|line| json!([line["path"], line["route"], line["status"]]));
    assert_eq!(
        asked.collect::<Vec<_>>(),
        [
            json!(["/%2D/ready", "unmatched", 404]),
            json!(["/h%65althz", "unmatched", 404]),
        ]
    );
}

/// The line of a request for a person.
#[test]
fn a_human_line_has_the_same_fields() {
    let process = Process::start(&[("LOG_FORMAT", "human")]);
    let listening = process.text(" INFO demo_service::server: listening address=");
    let address = listening
        .split("address=")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    Client::new(address.parse().unwrap()).get("/hello");
    process.text(
        " INFO demo_service::middleware::access_log: request method=\"GET\" path=\"/hello\" \
         route=\"/hello\" status=200 ",
    );
}

/// The line for a person, without colours because stdout is no terminal.
#[test]
fn human_lines_are_plain_where_stdout_is_no_terminal() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = Process::run(&[], &[("LOG_FORMAT", "human"), ("PORT", &port)]);
    assert_eq!(ended.code, Some(71));
    assert!(
        ended
            .stdout
            .contains(" ERROR demo_service::exit: cannot listen on "),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains('\u{1b}'), "{}", ended.stdout);
}

#[test]
fn a_level_silences_what_is_below_it_libraries_included() {
    let process = Process::start(&[
        ("APP_DRAIN_DELAY", "0s"),
        ("LOG_LEVEL", "off,demo_service::server=info"),
    ]);
    process.client().get("/hello");
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    let log = ended.log();
    let of = |target: &str| log.iter().filter(|line| line["target"] == target).count();
    // Drains are logged at every level: two phases and the report.
    assert_eq!(of("demo_service::drain"), 3, "{}", ended.stdout);
    let of_the_server = of("demo_service::server");
    assert!(of_the_server > 0);
    assert_eq!(log.len(), of_the_server + 3, "{}", ended.stdout);
}

/// Collectors break a line in two that is too long.
#[test]
fn what_a_client_says_without_end_is_cut() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    let mut connection = Raw::connect(process.client().address);
    let long = "x".repeat(20_000);
    let request = format!("GET /{long} HTTP/1.1\r\nHost: x\r\nUser-Agent: {long}\r\n\r\n");
    assert_eq!(connection.send(request).answer().status, 404);
    process.signal(Signal::TERM);
    let requests = process.wait().requests();
    let shown = ["path", "agent"].map(|field| requests[0][field].as_str().unwrap().len());
    assert_eq!(shown, [1024, 1024]);
}

#[test]
fn a_text_of_a_client_is_cut_and_escaped() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    let address = process.client().address;
    let method = "A".repeat(60_000);
    Raw::connect(address).request(&method, "/long").answer();
    let head = "GET /x\u{202e}y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    Raw::connect(address).send(head).try_answer(true);
    process.signal(Signal::TERM);
    let ended = process.wait();
    let long = ended.requests()[0]["method"].as_str().unwrap().len();
    assert_eq!(long, 32);
    assert!(!ended.stdout.contains('\u{202e}'), "{}", ended.stdout);
    let longest = ended.stdout.lines().map(str::len).max();
    assert!(longest < Some(4096), "{longest:?}");
}

#[test]
fn a_panic_has_its_backtrace_if_that_is_asked_for() {
    let panicked = |vars: &[(&str, &str)]| {
        let mut all = vec![("APP_CHAOS", "yes"), ("APP_DRAIN_DELAY", "0s")];
        all.extend(vars);
        let process = Process::start(&all);
        process.client().get("/-/chaos/panic");
        process.line("panicked")
    };
    let line = panicked(&[("RUST_BACKTRACE", "1")]);
    let backtrace = line["backtrace"].as_str().unwrap();
    assert!(backtrace.contains("chaos::panic"), "{backtrace}");
    assert!(backtrace.len() <= 16 << 10, "{}", backtrace.len());
    for vars in [&[][..], &[("RUST_BACKTRACE", "0")]] {
        assert_eq!(panicked(vars)["backtrace"], Value::Null);
    }
}
