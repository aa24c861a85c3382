//! A server that is not AWS, and means harm.

use std::thread;
use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::config::Credentials;
use environ::secrets::aws::{AwsClient, AwsError, AwsErrorKind, AwsSecrets};

use crate::client_at;
use crate::hostile_server::{
    Answer, Hostile, Request, assert_harmless, harmful_texts, with_length,
};

async fn refused(server: &Hostile) -> AwsError {
    let client = client_at(server.url()).await;
    let start = Instant::now();
    let err = AwsSecrets::document(&client, "prod/app").await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(7), "{err}");
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
        "HTTP/1.1 200 x\r\ncontent-length: 1099511627776\r\n\r\n",
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
        assert_eq!(err.kind(), AwsErrorKind::TooLarge, "{head}");
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret prod/app: {} answers with more than 4 MiB; \
                 check that AWS is at the endpoint",
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
        assert_eq!(err.kind(), AwsErrorKind::Unreachable, "{err}");
        assert!(
            err.to_string().contains("there is no answer in time"),
            "{err}"
        );
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
        assert!(err.to_string().contains("who answers is not AWS"), "{err}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

/// A compressed answer could be a bomb.
#[tokio::test]
async fn no_compression_is_asked_for_and_none_is_undone() {
    let server = Hostile::start(|request: &Request, mut answer: Answer| {
        let asks = request.text.to_lowercase().contains("accept-encoding");
        let code = if asks {
            "Asked"
        } else {
            "AccessDeniedException"
        };
        let body = format!(r#"{{"__type": "{code}", "message": "as it is"}}"#);
        let head = format!(
            "HTTP/1.1 400 x\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        answer.send(head.as_bytes());
    });
    let err = refused(&server).await;
    assert!(
        err.to_string().contains("AccessDeniedException: as it is"),
        "{err}"
    );
}

#[tokio::test]
async fn answers_that_are_no_json_of_aws_are_told_apart() {
    let nested = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let in_unknown = format!(r#"{{"Canary": {nested}, "SecretString": "x"}}"#);
    let bodies = [
        nested.into_bytes(),
        in_unknown.into_bytes(),
        b"\xff\xfe\xfd".to_vec(),
        b"{\"SecretString\": \"\xff\"}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"null".to_vec(),
        b"{\"canary\": ".to_vec(),
    ];
    for body in bodies {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(&with_length(200, &body));
        });
        let err = refused(&server).await;
        let kinds = [AwsErrorKind::Other, AwsErrorKind::Malformed];
        assert!(kinds.contains(&err.kind()), "{err}");
    }
}

/// The secret itself may be nested, or begin with a byte order mark.
#[tokio::test]
async fn a_document_that_is_no_json_object_is_malformed() {
    for text in [
        format!("{{\"x\": {}", "[".repeat(500_000)),
        "\u{feff}{}".to_owned(),
    ] {
        let answer = serde_json::json!({"SecretString": text}).to_string();
        let err = refused(&Hostile::saying(200, &answer)).await;
        assert_eq!(err.kind(), AwsErrorKind::Malformed);
    }
}

const SESSION: &str = "canary-of-a-session/token+=";

/// A message about the secret may be quoted; no further text of a server is quoted.
#[tokio::test]
async fn a_refusal_is_one_short_line_without_secrets() {
    for said in &harmful_texts(SESSION) {
        for (code, message) in [
            ("AccessDeniedException", &**said),
            (said, "quiet"),
            (said, said),
        ] {
            let body = serde_json::json!({"__type": code, "message": message}).to_string();
            let server = Hostile::saying(400, &body);
            let client = client_at(server.url()).await;
            let session = Some(SESSION.to_owned());
            let credentials = Credentials::new("AKID", "canary-key", session, None, "test");
            let config = client.conf().to_builder().credentials_provider(credentials);
            let client = AwsClient::from_conf(config.build());
            let err = AwsSecrets::document(&client, "prod/app").await.unwrap_err();
            assert_harmless(&err.to_string());
            assert_harmless(&format!("{err:?}"));
        }
    }
}
