//! Google's other servers and files, if they mean harm.

use std::fs;
use std::thread;
use std::time::Duration;

use environ::EnvConfig;
use environ::secrets::gcp::{GcpErrorKind, GcpSecrets};
use tempfile::NamedTempFile;

use crate::Config;
use crate::fake::FakeGcp;
use crate::hostile_server::{Answer, Hostile, MAX_TAKEN, Request, assert_harmless, with_length};

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
        assert!(google.lines().iter().all(|line| !line.contains("..")));
    }
}

/// Such a file may come from outside.
#[tokio::test]
async fn files_that_are_no_credentials_are_told_without_quoting_them() {
    let key = include_str!("../clouds/key.pem").replace('\n', "\\n");
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
