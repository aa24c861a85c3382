//! An operator takes an instance out of the rotation, and the time takes it in again.

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
            "it must be more than nothing, and a day at most",
        ),
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
    assert_eq!(client.get("/-/ready").status, 200);
    let other = client.send("PUT", "/healthz");
    assert_eq!(
        (other.status, other.header("allow")),
        (405, Some("GET, HEAD, OPTIONS"))
    );
}
