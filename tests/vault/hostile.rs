//! A server that is no Vault, and means harm.

use std::thread;
use std::time::{Duration, Instant};

use environ::secrets::vault::{Vault, VaultConfig, VaultError, VaultErrorKind};
use tempfile::TempDir;

use crate::config_of;
use crate::fake::FakeVault;
use crate::hostile_server::{
    Answer, Hostile, MAX_TAKEN, Request, assert_harmless, harmful_texts, with_length,
};
use crate::login::WRAPPED;

/// A token in a file, which is looked up when the session starts.
fn config(dir: &TempDir, url: &str) -> VaultConfig {
    let path = dir.path().join("token");
    std::fs::write(&path, "hvs.canary-of-a-token\n").unwrap();
    config_of(&[
        ("VAULT_ADDR", url),
        ("VAULT_AUTH", "token"),
        ("VAULT_AUTH_TOKEN_FILE", path.to_str().unwrap()),
        ("VAULT_TIMEOUT", "2s"),
    ])
}

async fn refused(server: &Hostile) -> VaultError {
    let dir = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let err = Vault::connect(&config(&dir, server.url()))
        .await
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(4), "{err}");
    let shown = format!("{err} {err:?}");
    assert!(!shown.contains("canary"), "{shown}");
    err
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off_at_4_mib() {
    let heads = [
        "HTTP/1.1 200 x\r\n\r\n",
        "HTTP/1.1 200 x\r\ncontent-length: 1099511627776\r\n\r\n",
        "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 403 x\r\n\r\n",
        "HTTP/1.1 503 x\r\ntransfer-encoding: chunked\r\n\r\n",
    ];
    for head in heads {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(head.as_bytes());
            let chunk = format!("8000\r\n{}\r\n", " ".repeat(0x8000));
            answer.send_without_end(chunk.as_bytes());
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), VaultErrorKind::TooLarge, "{head}");
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read auth/token/lookup-self: {} answers with more than 4 MiB; \
                 check that a Vault is at the address, and that the document is small",
                server.url()
            )
        );
        assert!(server.sent() < MAX_TAKEN, "{head}: {}", server.sent());
    }
}

#[tokio::test]
async fn heads_without_end_end_the_connection() {
    for line in ["x-filler: canary\r\n", "canary"] {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(b"HTTP/1.1 200 x\r\n");
            answer.send_without_end(line.repeat(1_000).as_bytes());
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), VaultErrorKind::Unreachable, "{err}");
        assert!(server.sent() < MAX_TAKEN, "{}", server.sent());
    }
}

/// Each byte comes in time, and all of them do not.
#[tokio::test]
async fn an_answer_that_drips_past_the_timeout_is_no_answer_in_time() {
    let head = with_length(200, &[b' '; 1_000]);
    for skip in [0, 20, head.len() - 1_000] {
        let head = head.clone();
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(&head[..skip]);
            for byte in &head[skip..] {
                thread::sleep(Duration::from_millis(100));
                if !answer.send(&[*byte]) {
                    return;
                }
            }
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), VaultErrorKind::Unreachable);
        assert!(
            err.to_string().contains("it does not answer in time"),
            "{err}"
        );
    }
}

#[tokio::test]
async fn interim_answers_without_end_are_no_answer_in_time() {
    let server = Hostile::start(|_: &Request, mut answer: Answer| {
        while answer.send(b"HTTP/1.1 103 x\r\n\r\n") {
            thread::sleep(Duration::from_millis(1));
        }
    });
    let err = refused(&server).await;
    assert_eq!(err.kind(), VaultErrorKind::Unreachable, "{err}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Hostile::saying(200, "{}");
    for status in [301, 302, 303, 307, 308] {
        let location = elsewhere.url().to_owned();
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            let head =
                format!("HTTP/1.1 {status} x\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            answer.send(head.as_bytes());
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), VaultErrorKind::Standby, "{err}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

/// A compressed answer could be a bomb.
#[tokio::test]
async fn no_compression_is_asked_for_and_none_is_undone() {
    let server = Hostile::start(|request: &Request, mut answer: Answer| {
        let asks = request.text.to_lowercase().contains("accept-encoding");
        let status = if asks { 200 } else { 403 };
        let body = r#"{"errors": ["as it is"]}"#;
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        answer.send(head.as_bytes());
    });
    let err = refused(&server).await;
    assert!(
        err.to_string().contains("denies it (403: as it is)"),
        "{err}"
    );
}

#[tokio::test]
async fn answers_that_are_no_json_of_a_vault_are_told_apart() {
    let nested = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let in_data = format!(
        r#"{{"request_id": "x", "lease_id": "", "renewable": false, "lease_duration": 0,
            "data": {nested}, "auth": null, "wrap_info": null, "warnings": null}}"#
    );
    let bodies = [
        nested.into_bytes(),
        in_data.into_bytes(),
        b"\xff\xfe\xfd".to_vec(),
        b"{\"request_id\": \"\xff\"}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"null".to_vec(),
        b"{\"canary\": ".to_vec(),
    ];
    for body in bodies {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(&with_length(200, &body));
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), VaultErrorKind::Other);
        let reason = "answers with something else than a Vault; see the log of the server";
        assert!(err.to_string().ends_with(reason), "{err}");
    }
}

#[tokio::test]
async fn an_error_of_a_server_is_one_short_line_without_secrets() {
    for said in harmful_texts("hvs.canary-of-a-token") {
        for status in [400, 403, 500, 503] {
            let body = serde_json::json!({"errors": [said]}).to_string();
            let err = refused(&Hostile::saying(status, &body)).await;
            assert_harmless(&err.to_string());
            assert_harmless(&format!("{err:?}"));
        }
    }
}

#[tokio::test]
async fn the_creation_path_of_a_wrapping_is_one_short_line_without_secrets() {
    for said in harmful_texts("hvs.wrapping.canary.1") {
        let vault = FakeVault::start();
        let wrapping = vault.wrap(&said, serde_json::json!({"secret_id": "canary"}));
        vault.write("wrapping", &wrapping);
        let err = Vault::connect(&crate::config(&vault, WRAPPED)).await;
        let err = err.unwrap_err();
        assert!(
            err.to_string()
                .contains("auth/approle/role/.../secret-id; "),
            "{err}"
        );
        assert_harmless(&err.to_string());
    }
}

/// A password is received in one answer, and quoted in another.
#[tokio::test]
async fn a_password_is_not_quoted_when_its_lease_is_renewed() {
    let server = Hostile::start(|request: &Request, mut answer: Answer| {
        let (status, members) = if request.text.contains("lookup-self") {
            (
                200,
                r#""data": {"ttl": 3600, "renewable": true}, "lease_duration": 0"#,
            )
        } else if request.text.starts_with("GET /v1/database/") {
            (
                200,
                r#""data": {"username": "u", "password": "canary-of-a-password"},
                    "lease_id": "database/creds/app/id", "lease_duration": 3"#,
            )
        } else {
            (
                500,
                r#""errors": ["the password canary-of-a-password is odd"]"#,
            )
        };
        let rest = r#""request_id": "", "lease_id": "", "renewable": true, "auth": null,
                      "wrap_info": null, "warnings": null"#;
        let rest = if members.contains("lease_id") {
            rest.replace(r#""lease_id": "","#, "")
        } else {
            rest.to_owned()
        };
        let body = format!("{{{members}, {rest}}}");
        answer.send(&with_length(status, body.as_bytes()));
    });
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::connect(&config(&dir, server.url())).await.unwrap();
    let credentials = vault.credentials("database", "app").await.unwrap();
    crate::eventually("a failure", || credentials.status().failure.is_some()).await;
    let failure = credentials.status().failure.unwrap();
    assert!(
        failure.to_string().contains("refuses it (500)"),
        "{failure}"
    );
    assert_harmless(&failure.to_string());
}
