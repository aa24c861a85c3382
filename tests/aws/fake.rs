//! An AWS Secrets Manager that fails on demand: a server on a socket.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How the server misbehaves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode {
    Up,
    /// Requests are answered never.
    Hanging,
    /// Somebody else answers, with success.
    Garbage,
    /// Every answer has this status, code and message.
    Refusing(u16, &'static str, &'static str),
    /// The first answer is given when so many have asked.
    Gathering(usize),
}

pub(crate) struct State {
    pub(crate) mode: Mode,
    /// How many are being answered, and how many were at the most.
    pub(crate) busy: usize,
    pub(crate) busiest: usize,
    secrets: HashMap<String, Value>,
    asked: Vec<String>,
}

/// A running server. It ends with the process.
#[derive(Clone)]
pub(crate) struct FakeAws {
    address: SocketAddr,
    shared: Arc<(Mutex<State>, Condvar)>,
}

impl FakeAws {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = State {
            mode: Mode::Up,
            busy: 0,
            busiest: 0,
            secrets: HashMap::new(),
            asked: Vec::new(),
        };
        let this = Self {
            address: listener.local_addr().unwrap(),
            shared: Arc::new((Mutex::new(state), Condvar::new())),
        };
        let server = this.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                thread::spawn(move || server.serve(stream));
            }
        });
        this
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.shared.0.lock().unwrap()
    }

    pub(crate) fn put(&self, id: &str, text: &str) {
        self.put_as(id, json!({"SecretString": text}));
    }

    /// Bytes are in another member than text.
    pub(crate) fn put_as(&self, id: &str, answer: Value) {
        self.state().secrets.insert(id.to_owned(), answer);
    }

    /// The ids that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state().asked.clone()
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let id = receive(&mut reader)?;
        let (status, body) = self.answer(&id)?;
        let answer = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/x-amz-json-1.1\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        self.state().busy -= 1;
        reader.get_mut().write_all(answer.as_bytes()).ok()
    }

    fn answer(&self, id: &str) -> Option<(u16, String)> {
        let mut state = self.state();
        state.asked.push(id.to_owned());
        state.busy += 1;
        state.busiest = state.busiest.max(state.busy);
        self.shared.1.notify_all();
        match state.mode {
            Mode::Hanging => {
                drop(state);
                thread::sleep(Duration::from_mins(1));
                return None;
            }
            Mode::Garbage => return Some((200, "<html>It works!</html>".to_owned())),
            Mode::Refusing(status, code, message) => return Some(refusal(status, code, message)),
            Mode::Gathering(least) => {
                let (gathered, _) = self
                    .shared
                    .1
                    .wait_timeout_while(state, Duration::from_secs(20), |state| {
                        state.busiest < least
                    })
                    .unwrap();
                state = gathered;
            }
            Mode::Up => {}
        }
        let Some(secret) = state.secrets.get(id) else {
            let message = "Secrets Manager can't find the specified secret.";
            return Some(refusal(400, "ResourceNotFoundException", message));
        };
        Some((200, secret.to_string()))
    }
}

fn refusal(status: u16, code: &str, message: &str) -> (u16, String) {
    let body = json!({"__type": code, "message": message});
    (status, body.to_string())
}

/// The id of the secret that is asked for.
fn receive(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body: Value = serde_json::from_slice(&body).ok()?;
    Some(body["SecretId"].as_str()?.to_owned())
}
