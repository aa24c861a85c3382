//! A server on a socket that answers with the bytes of a test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

/// The most that a client may take of an answer without end: sockets hold some MiB that the
/// client never read.
pub(crate) const MAX_TAKEN: u64 = 24 * 1024 * 1024;

/// A running server. It ends with the process.
pub(crate) struct Hostile {
    url: String,
    requests: Arc<AtomicUsize>,
    sent: Arc<AtomicU64>,
}

/// A request, as received.
pub(crate) struct Request {
    pub(crate) text: String,
}

/// The way back to the client, which counts the bytes that the client took.
pub(crate) struct Answer {
    stream: TcpStream,
    sent: Arc<AtomicU64>,
}

impl Hostile {
    /// Starts a server that handles each request with `answer`. The connection is
    /// closed after that.
    pub(crate) fn start(answer: impl Fn(&Request, Answer) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let this = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
            sent: Arc::default(),
        };
        let (requests, sent) = (Arc::clone(&this.requests), Arc::clone(&this.sent));
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                requests.fetch_add(1, Ordering::SeqCst);
                let (sent, answer) = (Arc::clone(&sent), Arc::clone(&answer));
                thread::spawn(move || {
                    let request = receive(&stream)?;
                    answer(&request, Answer { stream, sent });
                    Some(())
                });
            }
        });
        this
    }

    /// Starts a server that answers each request with a status and a body.
    pub(crate) fn saying(status: u16, body: &str) -> Self {
        let body = body.to_owned();
        Self::start(move |_, mut answer| {
            answer.send(&with_length(status, body.as_bytes()));
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Number of bytes so far that clients took.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }
}

impl Answer {
    /// Sends bytes. Returns whether the client still takes them.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        let is_taken = self.stream.write_all(bytes).is_ok();
        if is_taken {
            self.sent.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        }
        is_taken
    }

    /// Sends bytes again and again, for as long as the client takes them, but not
    /// more than 256 MiB.
    pub(crate) fn send_without_end(&mut self, bytes: &[u8]) {
        let times = 256 * 1024 * 1024 / bytes.len();
        for _ in 0..times {
            if !self.send(bytes) {
                return;
            }
        }
    }
}

/// An answer with its length.
pub(crate) fn with_length(status: u16, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn receive(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1);
    let length = length.and_then(|text| text.split("\r\n").next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Request { text: head + &body })
}

/// Texts that harm a terminal, a log or a reader, or that show a secret.
pub(crate) fn harmful_texts(secret: &str) -> Vec<String> {
    let between = |separator: &str| {
        let letters = secret.chars().map(|letter| letter.to_string());
        letters.collect::<Vec<_>>().join(separator)
    };
    let percent_encoded = |byte: u8| format!("%{byte:02X}");
    vec![
        "\u{1b}[2J\u{1b}]0;owned\u{7}red\r\n2026-11-26 INFO all is well".to_owned(),
        "\u{9b}31m\0\u{7f}".to_owned(),
        "right\u{202e}tfel\u{2066}\u{200f}\u{61c}".to_owned(),
        "\u{2028}line\u{2029}page\u{85}".to_owned(),
        "x".repeat(100_000),
        "\u{200b}".repeat(100_000),
        format!("the token {secret} is bad"),
        format!("{}{secret}", "x".repeat(195)),
        secret.to_uppercase(),
        secret[4..16].to_owned(),
        between("\n"),
        between("\u{200d}"),
        between("\u{1b}[0m"),
        secret
            .bytes()
            .map(percent_encoded)
            .collect::<Vec<_>>()
            .concat(),
        "postgres://user:canary@db/app".to_owned(),
    ]
}

/// Fails if a text has a character that is no part of a line, is long, or has the
/// letters of `canary` in it, in any case and with anything between them.
pub(crate) fn assert_harmless(text: &str) {
    let is_bad = |letter: char| {
        letter.is_control()
            || ('\u{200b}'..='\u{200f}').contains(&letter)
            || ('\u{2028}'..='\u{202e}').contains(&letter)
            || ('\u{2060}'..='\u{2069}').contains(&letter)
            || letter == '\u{61c}'
    };
    assert!(!text.contains(is_bad), "{text:?}");
    assert!(text.chars().count() < 700, "{}", text.len());
    let mut letters = text.to_lowercase();
    letters.retain(char::is_alphanumeric);
    assert!(!letters.contains("canary"), "{text}");
}
