//! A server that is not the cloud's, and means harm.

use std::thread;
use std::time::{Duration, Instant};

use crate::hostile_server::{
    Answer, Hostile, MAX_TAKEN, Request, assert_harmless, harmful_texts, with_length,
};
use crate::store::{self, Error, ErrorKind, Secrets, client_at};

async fn refused(server: &Hostile) -> Error {
    let client = client_at(server.url()).await;
    let start = Instant::now();
    let err = Secrets::document(&client, "app-name").await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(4), "{err}");
    let shown = format!("{err} {err:?}").to_lowercase();
    assert!(!shown.contains("canary"), "{shown}");
    err
}

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
        assert_eq!(err.kind(), ErrorKind::TooLarge, "{head}");
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret app-name: {} answers with more than 4 MiB; {}",
                server.url(),
                store::TOO_LARGE
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
    let drips = [0, 20, answer.len() - 1_000].map(|skip| {
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
        tokio::spawn(async move { refused(&server).await })
    });
    for refused in drips {
        let err = refused.await.unwrap();
        assert_eq!(err.kind(), ErrorKind::Unreachable, "{err}");
        assert!(err.to_string().contains(store::LATE), "{err}");
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
        let (reason, _) = store::GARBAGE.split_once(" (").unwrap();
        assert!(err.to_string().contains(reason), "{err}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

/// A compressed answer could be a bomb.
#[tokio::test]
async fn no_compression_is_asked_for_and_none_is_undone() {
    let server = Hostile::start(|request: &Request, mut answer: Answer| {
        let asks = request.text.to_lowercase().contains("accept-encoding");
        let (status, code) = store::DENIED;
        let body = store::refusal(if asks { "Asked" } else { code }, "as it is").to_string();
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        answer.send(head.as_bytes());
    });
    let err = refused(&server).await;
    let (_, code) = store::DENIED;
    assert!(
        err.to_string().contains(&format!("{code}: as it is")),
        "{err}"
    );
}

#[tokio::test]
async fn answers_that_are_no_json_of_the_cloud_are_told_apart() {
    let nested = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let secret = store::ANSWER.replacen('{', &format!(r#"{{"Canary": {nested}, "#), 1);
    let common = [
        nested.into_bytes(),
        secret.into_bytes(),
        b"\xff\xfe\xfd".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"null".to_vec(),
        b"{\"canary\": ".to_vec(),
    ];
    let own = store::NO_ANSWERS.map(<[u8]>::to_vec);
    for body in common.into_iter().chain(own) {
        let server = Hostile::start(move |_: &Request, mut answer: Answer| {
            answer.send(&with_length(200, &body));
        });
        let err = refused(&server).await;
        assert!(store::NO_ANSWER_KINDS.contains(&err.kind()), "{err}");
    }
}

/// A message about the secret may be quoted; no further text of a server is quoted.
#[tokio::test]
async fn a_refusal_is_one_short_line_without_secrets() {
    let (_, denied) = store::DENIED;
    for said in &harmful_texts(store::TOKEN) {
        for (code, message) in [(denied, &**said), (said, "quiet"), (said, said)] {
            for status in store::STATUSES {
                let body = store::refusal(code, message).to_string();
                let server = Hostile::saying(status, &body);
                let client = client_at(server.url()).await;
                let err = Secrets::document(&client, "app-name").await.unwrap_err();
                assert_harmless(&err.to_string());
                assert_harmless(&format!("{err:?}"));
            }
        }
    }
}
