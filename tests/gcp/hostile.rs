//! A server that is not Google's, and means harm.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use environ::EnvConfig;
use environ::secrets::gcp::{GcpClient, GcpError, GcpErrorKind, GcpSecrets};
use tempfile::NamedTempFile;

use crate::Config;
use crate::fake::{FakeGcp, TOKEN};
use crate::hostile_server::{
    Answer, Hostile, Request, assert_harmless, harmful_texts, with_length,
};

/// A client that gets its token from a server that is right.
async fn client_at(url: &str) -> GcpClient {
    let metadata = FakeGcp::start().address.to_string();
    let pairs = [
        ("GCP_PROJECT", "my-project"),
        ("GCP_ENDPOINT_URL", url),
        ("GCP_METADATA_HOST", &metadata),
        ("GCP_TIMEOUT", "2s"),
    ];
    Config::from_source(pairs)
        .unwrap()
        .gcp
        .client()
        .await
        .unwrap()
}

async fn refused(server: &Hostile) -> GcpError {
    let client = client_at(server.url()).await;
    let start = Instant::now();
    let err = GcpSecrets::document(&client, "app-name").await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(4), "{err}");
    let shown = format!("{err} {err:?}").to_lowercase();
    assert!(!shown.contains("canary"), "{shown}");
    err
}

/// Sockets hold some MiB that the client never read.
const MAX_TAKEN: u64 = 24 * 1024 * 1024;

#[tokio::test]
async fn an_answer_without_end_is_cut_off_at_4_mib() {
    let heads = [
        "HTTP/1.1 200 x\r\n\r\n",
        // 10 GB.
        "HTTP/1.1 200 x\r\ncontent-length: 10737418240\r\n\r\n",
        "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 400 x\r\n\r\n",
    ];
    for head in heads {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(head.as_bytes());
            let chunk = format!("8000\r\n{}\r\n", " ".repeat(0x8000));
            answer.send_without_end(chunk.as_bytes());
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), GcpErrorKind::TooLarge, "{head}");
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret app-name: {} answers with more than 4 MiB; \
                 check that Google is at the endpoint",
                server.url()
            )
        );
        assert_eq!(server.connections(), 1);
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
        refused(&server).await;
        assert!(server.sent() < MAX_TAKEN, "{}", server.sent());
    }
}

/// Each byte comes in time, and all of them do not.
#[tokio::test]
async fn an_answer_that_drips_past_the_timeout_is_no_answer_in_time() {
    let answer = with_length(200, &[b' '; 1_000]);
    for skip in [0, 20, answer.len() - 1_000] {
        let bytes = answer.clone();
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(&bytes[..skip]);
            for byte in &bytes[skip..] {
                thread::sleep(Duration::from_millis(100));
                if !answer.send(&[*byte]) {
                    return;
                }
            }
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), GcpErrorKind::Unreachable, "{err}");
        assert!(err.to_string().contains("does not answer in time"), "{err}");
    }
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
        assert!(
            err.to_string().contains("the server is not Google"),
            "{err}"
        );
    }
    assert_eq!(elsewhere.connections(), 0);
}

/// A compressed answer could be a bomb.
#[tokio::test]
async fn no_compression_is_asked_for_and_none_is_undone() {
    let server = Hostile::start(|request: &Request, mut answer: Answer| {
        let asks = request.text.to_lowercase().contains("accept-encoding");
        let code = if asks { "Asked" } else { "PERMISSION_DENIED" };
        let body = format!(r#"{{"error": {{"status": "{code}", "message": "as it is"}}}}"#);
        let head = format!(
            "HTTP/1.1 403 x\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        answer.send(head.as_bytes());
    });
    let err = refused(&server).await;
    assert!(
        err.to_string().contains("PERMISSION_DENIED: as it is"),
        "{err}"
    );
}

#[tokio::test]
async fn answers_that_are_no_json_of_google_are_told_apart() {
    let nested = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let in_unknown = format!(r#"{{"canary": {nested}, "payload": {{"data": "e30="}}}}"#);
    let bodies = [
        nested.into_bytes(),
        in_unknown.into_bytes(),
        b"\xff\xfe\xfd".to_vec(),
        b"{\"payload\": \"\xff\"}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"null".to_vec(),
        b"{\"canary\": ".to_vec(),
        br#"{"payload": {"data": "canary!"}}"#.to_vec(),
        br#"{"payload": {"data": 7}}"#.to_vec(),
    ];
    for body in bodies {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(&with_length(200, &body));
        });
        let err = refused(&server).await;
        assert_eq!(err.kind(), GcpErrorKind::Other, "{err}");
    }
}

/// The secret itself may be nested, or begin with a byte order mark.
#[tokio::test]
async fn a_document_that_is_no_json_object_is_malformed() {
    for text in [
        format!("{{\"x\": {}", "[".repeat(500_000)),
        "\u{feff}{}".to_owned(),
    ] {
        let server = FakeGcp::start();
        server.put("app-name", &text);
        let client = client_at(&server.url()).await;
        let err = GcpSecrets::document(&client, "app-name").await.unwrap_err();
        assert_eq!(err.kind(), GcpErrorKind::Malformed);
    }
}

#[tokio::test]
async fn a_refusal_is_one_short_line_without_secrets() {
    for said in &harmful_texts(TOKEN) {
        for (code, message) in [
            ("PERMISSION_DENIED", &**said),
            (said, "quiet"),
            (said, said),
        ] {
            for status in [400, 401, 403, 404, 429, 500] {
                let error = serde_json::json!({"status": code, "message": message});
                let body = serde_json::json!({"error": error}).to_string();
                let server = Hostile::saying(status, &body);
                let client = client_at(server.url()).await;
                let err = GcpSecrets::document(&client, "app-name").await.unwrap_err();
                assert_harmless(&err.to_string());
                assert_harmless(&format!("{err:?}"));
            }
        }
    }
}

/// A metadata server gives tokens, projects and accounts.
#[tokio::test]
async fn a_metadata_server_that_means_harm_is_a_failure_within_limits() {
    let google = FakeGcp::start();
    google.state().is_granted = false;
    let client_with = async |metadata: &Hostile| {
        let pairs = [
            ("GCP_ENDPOINT_URL", google.url()),
            ("GCP_METADATA_HOST", metadata.url().replace("http://", "")),
            ("GCP_TIMEOUT", "2s".to_owned()),
        ];
        Config::from_source(pairs)
            .unwrap()
            .gcp
            .client()
            .await
            .unwrap()
    };
    let endless = Hostile::start(|_: &Request, mut answer: Answer| {
        answer.send(b"HTTP/1.1 200 x\r\n\r\n");
        answer.send_without_end(" ".repeat(0x8000).as_bytes());
    });
    let err = GcpSecrets::document(&client_with(&endless).await, "app").await;
    assert_eq!(err.unwrap_err().kind(), GcpErrorKind::TooLarge);
    assert!(endless.sent() < MAX_TAKEN, "{}", endless.sent());

    let silent = Hostile::start(|_: &Request, _: Answer| thread::sleep(Duration::from_secs(9)));
    let err = GcpSecrets::document(&client_with(&silent).await, "app").await;
    assert_eq!(err.unwrap_err().kind(), GcpErrorKind::NoIdentity);

    for (project, token) in [
        ("../../x?y=", r#"{"access_token": "t"}"#),
        ("", r#"{"access_token": "t"}"#),
        ("my-project", r#"{"access_token": "canary\r\nX-Evil: 1"}"#),
        ("my-project", r#"{"access_token": ""}"#),
        ("my-project", r#"{"access_token": 7}"#),
        ("my-project", "[]"),
        // Longer than any clock.
        (
            "my-project",
            r#"{"access_token": "canary-of-the-machine", "expires_in": 18446744073709551615}"#,
        ),
    ] {
        let metadata = Hostile::start(move |request: &Request, mut answer: Answer| {
            let body = match request.text.split(' ').nth(1).unwrap() {
                path if path.ends_with("/project-id") => project,
                path if path.ends_with("/token") => token,
                _ => "canary-of-the-machine \u{1b}[2J",
            };
            answer.send(&with_length(200, body.as_bytes()));
        });
        let err = GcpSecrets::document(&client_with(&metadata).await, "app").await;
        let err = err.unwrap_err();
        assert_harmless(&format!("{err}"));
        assert!(google.asked().iter().all(|line| !line.contains("..")));
    }
}

/// Such a file may come from outside.
#[tokio::test]
async fn files_that_are_no_credentials_are_told_without_quoting_them() {
    let key = include_str!("key.pem").replace('\n', "\\n");
    let half = key.replace("-----END", "canary");
    let with_key = |key: &str| {
        format!(r#"{{"type": "service_account", "client_email": "a@b", "private_key": "{key}"}}"#)
    };
    let federated = |url: &str, source: &str| {
        format!(
            r#"{{"type": "external_account", "audience": "a", "subject_token_type": "t",
                "token_url": "{url}", "credential_source": {source}}}"#
        )
    };
    for (text, reason) in [
        ("canary".to_owned(), "it is not JSON"),
        ("[\"canary\"]".to_owned(), "it has no `type`"),
        (r#"{"type": "canary"}"#.to_owned(), "its `type` is none of "),
        (
            r#"{"type": "service_account"}"#.to_owned(),
            "it has no `private_key`",
        ),
        (with_key("canary"), "`private_key`: it holds no PEM section"),
        (
            with_key(&half),
            "`private_key`: a PEM section has no END line",
        ),
        (
            federated("http://sts.example/canary", "{}"),
            "its `token_url` does not begin with https://",
        ),
        (
            federated("file:///canary", "{}"),
            "its `token_url` does not begin with https://",
        ),
        (
            federated("https://sts.example", "{}"),
            "its `credential_source` is neither a `file` nor a `url`",
        ),
        (
            federated(
                "https://sts.example",
                r#"{"executable": {"command": "canary"}}"#,
            ),
            "its `credential_source` is neither a `file` nor a `url`",
        ),
        (
            federated(
                "https://sts.example",
                r#"{"url": "http://x", "environment_id": "aws1"}"#,
            ),
            "its `credential_source` is neither a `file` nor a `url`",
        ),
    ] {
        let file = NamedTempFile::new().unwrap();
        fs::write(file.path(), &text).unwrap();
        let path = file.path().to_str().unwrap();
        let config = Config::from_source([("GCP_CREDENTIALS_FILE", path)]).unwrap();
        let err = config.gcp.client().await.unwrap_err();
        assert_eq!(err.kind(), GcpErrorKind::File, "{err}");
        let start =
            format!("cannot create a client of Google Secret Manager: cannot use {path}: {reason}");
        assert!(err.to_string().starts_with(&start), "{err}");
        assert_harmless(&format!("{err}"));
    }
    for (path, reason) in [
        ("/dev/zero", "it is not a regular file"),
        ("/does/not/exist", "No such file or directory (os error 2)"),
    ] {
        let config = Config::from_source([("GCP_CREDENTIALS_FILE", path)]).unwrap();
        let err = config.gcp.client().await.unwrap_err();
        assert!(err.to_string().contains(reason), "{err}");
    }
}
