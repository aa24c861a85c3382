//! An operator takes an instance out of the rotation, and the time takes it in again.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::client::Client;
use crate::process::Process;
use crate::raw::Raw;

const TOKEN: &str = "the-token-of-operators";

fn put(client: &Client, token: &str, body: &str) -> (u16, Value) {
    let length = body.len();
    let request = format!(
        "PUT /-/ready HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    let answer = Raw::connect(client.address).send(request).answer();
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

fn start() -> Process {
    Process::start(&[("APP_ADMIN_TOKEN", TOKEN)])
}

#[test]
fn an_instance_is_taken_out_and_reverts_by_itself() {
    let process = start();
    let client = process.client();
    let (status, answer) = put(&client, TOKEN, r#"{"ready":false,"ttl":"1500ms"}"#);
    let out = json!({"ready": false, "reason": "taken out", "reverts_in_seconds": 2.0});
    assert_eq!((status, answer), (200, out));
    for path in ["/-/ready", "/-/readiness", "/healthz"] {
        let answer = client.get(path);
        assert_eq!((answer.status, &*answer.body), (503, "taken out"), "{path}");
    }
    assert_eq!(client.get("/-/healthy").status, 200);
    assert_eq!(client.get("/hello").status, 200, "it goes on serving");
    let metrics = client.get("/-/metrics").body;
    assert!(metrics.contains("\ndemo_service_ready 0\n"), "{metrics}");
    let line = process.line("taken out: not ready by request of an operator");
    assert_eq!(
        (&line["level"], &line["client"]),
        (&"WARN".into(), &"127.0.0.1".into())
    );
    process.line("taken in again: the time is over");
    assert_eq!(client.get("/-/ready").body, "yep");
}

#[test]
fn the_last_change_counts() {
    let process = start();
    let client = process.client();
    put(&client, TOKEN, r#"{"ready":false,"ttl":"100ms"}"#);
    put(&client, TOKEN, r#"{"ready":false,"ttl":"1h"}"#);
    let (_, answer) = put(&client, TOKEN, r#"{"ready":false}"#);
    assert_eq!(answer["reverts_in_seconds"], 600.0);
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(
        client.get("/-/ready").status,
        503,
        "an earlier timer ends nothing"
    );
    let (_, answer) = put(&client, TOKEN, r#"{"ready":true}"#);
    let ready = json!({"ready": true, "reason": null, "reverts_in_seconds": null});
    assert_eq!(answer, ready);
    assert_eq!(client.get("/-/ready").body, "yep");
    process.line("taken in again by request of an operator");
}

#[test]
fn a_wrong_change_changes_nothing_and_neither_does_a_client_without_the_token() {
    let process = start();
    let client = process.client();
    for (body, detail) in [
        (r#"{"ready":"no"}"#, "ready: it must be true or false"),
        (r#"{"ready":false,"ttl":10}"#, "ttl: it must be a string"),
        (
            r#"{"ready":false,"ttl":"0s"}"#,
            "it must be more than 0s and at most 24h",
        ),
        (
            r#"{"ready":false,"ttl":"24h1s"}"#,
            "it must be more than 0s and at most 24h",
        ),
        (r#"{"ready":false,"ttl":"99999999999999999999h"}"#, "ttl: "),
        (r#"{"ready":false,"ttl":"soon"}"#, "ttl: "),
        (r#"{"ready":false,"ttl":"-1s"}"#, "ttl: "),
        (r#"{"ttl":"10m"}"#, "ready: "),
        (r#"{"ready":null}"#, "ready: it must be true or false"),
        ("", "the body is not a JSON object like"),
        ("[false]", "the body is not a JSON object like"),
        (
            r#"{"redy":false}"#,
            "\"redy\" is not known; write `ready` and `ttl`",
        ),
    ] {
        let (status, answer) = put(&client, TOKEN, body);
        assert_eq!(status, 400, "{body}");
        let said = answer["detail"].as_str().unwrap();
        assert!(said.contains(detail), "{body}: {said}");
    }
    assert_eq!(put(&client, "wrong", r#"{"ready":false}"#).0, 401);
    let long = format!("{{\"ready\":false,\"ttl\":\"{}\"}}", " ".repeat(2000));
    assert_eq!(put(&client, TOKEN, &long).0, 413);
    assert_eq!(client.get("/-/ready").status, 200);
    let other = client.send("PUT", "/healthz");
    assert_eq!(
        (other.status, other.header("allow")),
        (405, Some("GET, HEAD, OPTIONS"))
    );
}

#[test]
fn a_day_is_the_longest_time() {
    let process = start();
    let client = process.client();
    let (status, answer) = put(&client, TOKEN, r#"{"ready":false,"ttl":"24h"}"#);
    assert_eq!(
        (status, &answer["reverts_in_seconds"]),
        (200, &86_400.0.into())
    );
    // An empty time is the default, as with a variable.
    let (_, answer) = put(&client, TOKEN, r#"{"ready":false,"ttl":""}"#);
    assert_eq!(answer["reverts_in_seconds"], 600.0);
    // A time beside `true` has no meaning, and is checked all the same.
    assert_eq!(put(&client, TOKEN, r#"{"ready":true,"ttl":"25h"}"#).0, 400);
    assert_eq!(client.get("/-/ready").body, "taken out");
    assert_eq!(put(&client, TOKEN, r#"{"ready":true,"ttl":"1m"}"#).0, 200);
    assert_eq!(client.get("/-/ready").body, "yep");
    // Once more is no change, and no line of the log.
    assert_eq!(put(&client, TOKEN, r#"{"ready":true}"#).0, 200);
    process.signal(Signal::TERM);
    let ended = process.wait();
    let taken_in = ended.stdout.matches("taken in again").count();
    assert_eq!((ended.code, taken_in), (Some(0), 1), "{ended:?}");
}

#[test]
fn a_draining_instance_is_not_taken_in() {
    let process = Process::start(&[("APP_ADMIN_TOKEN", TOKEN), ("APP_DRAIN_DELAY", "2s")]);
    let client = process.client();
    put(&client, TOKEN, r#"{"ready":false,"ttl":"500ms"}"#);
    process.signal(Signal::TERM);
    process.line("draining: not ready, and still serving");
    for body in [
        r#"{"ready":true}"#,
        r#"{"ready":false}"#,
        r#"{"ready":true}"#,
    ] {
        let (status, answer) = put(&client, TOKEN, body);
        assert_eq!(status, 200);
        assert_eq!(
            (&answer["ready"], &answer["reason"]),
            (&false.into(), &"draining".into()),
            "{body}"
        );
    }
    assert_eq!(client.get("/-/ready").body, "draining");
    assert_eq!(process.wait().code, Some(0));
}

/// The time of a pause neither holds a stop up nor outlives it.
#[test]
fn an_instance_that_is_taken_out_stops_as_any() {
    let process = Process::start(&[("APP_ADMIN_TOKEN", TOKEN), ("APP_DRAIN_DELAY", "0s")]);
    let client = process.client();
    put(&client, TOKEN, r#"{"ready":false,"ttl":"24h"}"#);
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    assert!(!ended.stdout.contains("taken in again"), "{ended:?}");
}

#[test]
fn a_starting_instance_stays_starting() {
    let process = Process::start(&[
        ("APP_ADMIN_TOKEN", TOKEN),
        ("APP_DB_URL", "postgres://app@127.0.0.1:1/app"),
        ("APP_START_TIMEOUT", "10m"),
    ]);
    let client = process.starting_client();
    for body in [r#"{"ready":true}"#, r#"{"ready":false}"#] {
        let (_, answer) = put(&client, TOKEN, body);
        assert_eq!(
            (&answer["ready"], &answer["reason"]),
            (&false.into(), &"starting".into()),
            "{body}"
        );
    }
    assert_eq!(client.get("/-/ready").body, "starting");
}
