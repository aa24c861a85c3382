//! A server of a cloud, on a socket, that fails on demand. A fake of a cloud has the answers.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

/// How a server misbehaves.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    Up,
    /// Requests are never answered.
    Hanging,
    /// Another program answers, with success.
    Garbage,
    /// Every answer has this status and body.
    Refusing(u16, Value),
    /// The first answer is given after so many requests.
    Gathering(usize),
}

/// The answers of a cloud.
pub(crate) trait Cloud: Default + Send + 'static {
    /// Returns whether a request asks for a token, or about the identity. Such requests have a
    /// mode of their own.
    fn is_login(_request: &Request) -> bool {
        false
    }

    /// Returns status and body of an answer. `now` is the clock of the servers.
    fn answer(&mut self, request: &Request, now: i64) -> (u16, String);
}

pub(crate) struct State<C> {
    /// That of the server with the secrets.
    pub(crate) mode: Mode,
    /// That of all servers that give tokens.
    pub(crate) login: Mode,
    /// The clock of the servers is ahead by so many seconds.
    pub(crate) ahead: i64,
    /// The number of requests in progress, and the greatest number so far.
    pub(crate) busy: usize,
    pub(crate) busiest: usize,
    requests: Vec<Request>,
    cloud: C,
}

impl<C> Deref for State<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.cloud
    }
}

impl<C> DerefMut for State<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.cloud
    }
}

/// A running server. It ends with the process.
pub(crate) struct Server<C> {
    pub(crate) address: SocketAddr,
    shared: Arc<(Mutex<State<C>>, Condvar)>,
}

impl<C> Clone for Server<C> {
    fn clone(&self) -> Self {
        Self {
            address: self.address,
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<C: Cloud> Server<C> {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = State {
            mode: Mode::Up,
            login: Mode::Up,
            ahead: 0,
            busy: 0,
            busiest: 0,
            requests: Vec::new(),
            cloud: C::default(),
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

    pub(crate) fn state(&self) -> MutexGuard<'_, State<C>> {
        self.shared.0.lock().unwrap()
    }

    /// Returns the requests so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// Returns the first lines of the requests so far, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        requests.map(|request| request.line).collect()
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let request = Request::receive(&mut reader)?;
        let (status, body) = self.answer(&request)?;
        let mut state = self.state();
        state.busy -= 1;
        let date = http_date(clock(state.ahead));
        drop(state);
        let answer = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ndate: {date}\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        reader.get_mut().write_all(answer.as_bytes()).ok()
    }

    fn answer(&self, request: &Request) -> Option<(u16, String)> {
        let mut state = self.state();
        state.requests.push(request.clone());
        state.busy += 1;
        state.busiest = state.busiest.max(state.busy);
        self.shared.1.notify_all();
        let is_login = C::is_login(request);
        match if is_login { &state.login } else { &state.mode } {
            Mode::Hanging => {
                drop(state);
                thread::sleep(Duration::from_mins(1));
                return None;
            }
            Mode::Garbage => return Some((200, "<html>It works!</html>".to_owned())),
            Mode::Refusing(status, body) => return Some((*status, body.to_string())),
            Mode::Gathering(least) => {
                let least = *least;
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
        let now = clock(state.ahead);
        Some(state.answer(request, now))
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// `GET /path`
    pub(crate) line: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value)
    }

    /// Returns the path with its query.
    pub(crate) fn path(&self) -> &str {
        self.line.split_once(' ').map_or("", |(_, path)| path)
    }

    fn receive(reader: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut request = Self::default();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let line = line.trim_end();
            if let Some((name, value)) = line.split_once(": ") {
                let name = name.to_lowercase();
                request.headers.insert(name, value.to_owned());
            } else if line.is_empty() {
                break;
            } else {
                line.strip_suffix(" HTTP/1.1")?
                    .clone_into(&mut request.line);
            }
        }
        let length = request.header("content-length").parse().unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        request.body = String::from_utf8(body).ok()?;
        Some(request)
    }
}

fn clock(ahead: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs()).unwrap() + ahead
}

/// A date of HTTP.
fn http_date(seconds: i64) -> String {
    let seconds = u64::try_from(seconds).unwrap();
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}
