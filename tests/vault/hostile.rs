//! A server that is no Vault, and means harm.

use std::thread;
use std::time::{Duration, Instant};

use environ::secrets::vault::{Vault, VaultConfig, VaultError, VaultErrorKind};
use tempfile::TempDir;

use crate::config_of;
use crate::hostile_server::{Answer, Hostile, Request, with_length};

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

/// Sockets hold some MiB that the client never read.
const MAX_TAKEN: u64 = 24 * 1024 * 1024;

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
            let chunk = [&b"8000\r\n"[..], &[b' '; 0x8000], b"\r\n"].concat();
            answer.send_without_end(&chunk);
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
