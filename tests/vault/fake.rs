//! A Vault that fails on demand: a server on a socket, with what clients are
//! promised and nothing else.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How the server misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Up,
    /// Connections are closed without an answer.
    Outage,
    /// Requests are answered never.
    Hanging,
    Sealed,
    /// Requests are sent to another node.
    Standby,
    /// A standby that knows no active node.
    Lonely,
    /// Somebody else answers, with success.
    Garbage,
    /// A proxy answers with success, and with nothing.
    Empty,
    /// A proxy answers that nobody is there.
    BadGateway,
    Throttled,
    /// Tokens are good, and allow nothing.
    Denying,
    /// It denies, and quotes the request.
    Quoting,
    /// Every answer has this status and error.
    Refusing(u16, &'static str),
}

/// One request, as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) call: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// The state of the server. Times to live are in seconds.
pub(crate) struct State {
    pub(crate) mode: Mode,
    /// Whether tokens can be renewed.
    pub(crate) renewable: bool,
    pub(crate) token_ttl: u64,
    /// From when it is given on, a token cannot be renewed beyond this.
    pub(crate) token_max: u64,
    pub(crate) lease_ttl: u64,
    /// From when it is given on, a lease cannot be renewed beyond this.
    pub(crate) lease_max: u64,
    /// The status of the refusal of more time for a token.
    pub(crate) no_more_time: Option<u16>,
    /// Calls that begin so are answered never.
    pub(crate) hanging: Option<&'static str>,
    /// Calls that begin so are answered as soon as this is `None`.
    pub(crate) delayed: Option<&'static str>,
    /// The documents, by path.
    pub(crate) documents: HashMap<String, Value>,
    pub(crate) received: Vec<Received>,
    /// When each ends, and when it does at last.
    tokens: HashMap<String, (Instant, Instant)>,
    leases: HashMap<String, Instant>,
    wrapped: HashMap<String, (String, Value)>,
    given: u32,
}

/// A running server, and the files for logins. It ends with the process.
#[derive(Clone)]
pub(crate) struct FakeVault {
    pub(crate) address: SocketAddr,
    files: Arc<TempDir>,
    state: Arc<Mutex<State>>,
}

impl FakeVault {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            mode: Mode::Up,
            renewable: true,
            token_ttl: 3_600,
            token_max: 86_400,
            lease_ttl: 3_600,
            lease_max: 86_400,
            no_more_time: None,
            hanging: None,
            delayed: None,
            documents: HashMap::new(),
            received: Vec::new(),
            tokens: HashMap::new(),
            leases: HashMap::new(),
            wrapped: HashMap::new(),
            given: 0,
        }));
        let files = Arc::new(tempfile::tempdir().unwrap());
        let this = Self {
            address,
            files,
            state,
        };
        this.write("secret_id", "canary-secret-id\n");
        let server = this.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                thread::spawn(move || server.serve(stream));
            }
        });
        this
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.files.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The calls so far: `POST auth/approle/login`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let state = self.state();
        state.received.iter().map(|got| got.call.clone()).collect()
    }

    /// How many calls begin so.
    pub(crate) fn count(&self, call: &str) -> usize {
        let calls = self.calls();
        calls.iter().filter(|this| this.starts_with(call)).count()
    }

    /// Forgets all tokens, and the leases that were taken by them.
    pub(crate) fn revoke_tokens(&self) {
        let mut state = self.state();
        state.tokens.clear();
        state.leases.clear();
    }

    /// Forgets all leases.
    pub(crate) fn revoke_leases(&self) {
        self.state().leases.clear();
    }

    /// How many tokens there are that have not run out.
    pub(crate) fn live_tokens(&self) -> usize {
        let now = Instant::now();
        let state = self.state();
        state.tokens.values().filter(|(end, _)| *end > now).count()
    }

    /// How many leases there are that have not run out.
    pub(crate) fn live_leases(&self) -> usize {
        let now = Instant::now();
        let state = self.state();
        state.leases.values().filter(|end| **end > now).count()
    }

    /// Makes a token that is good, as an operator would.
    pub(crate) fn issue_token(&self) -> String {
        let mut state = self.state();
        let ttl = state.token_ttl;
        state.token(ttl)
    }

    /// Wraps what is said to come from `path`. Gives the wrapping token.
    pub(crate) fn wrap(&self, path: &str, data: Value) -> String {
        let mut state = self.state();
        let token = state.name("hvs.wrapping");
        state.wrapped.insert(token.clone(), (path.to_owned(), data));
        token
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let received = receive(&mut reader)?;
        let mode = {
            self.state().received.push(received.clone());
            let is_delayed = |call| received.call.starts_with(call);
            while self.state().delayed.is_some_and(is_delayed) {
                thread::sleep(Duration::from_millis(10));
            }
            let state = self.state();
            let hangs = |call| received.call.starts_with(call);
            if state.hanging.is_some_and(hangs) {
                Mode::Hanging
            } else {
                state.mode
            }
        };
        let (status, body) = match mode {
            Mode::Outage => return None,
            Mode::Hanging => {
                thread::sleep(Duration::from_mins(1));
                return None;
            }
            Mode::Sealed => (503, json!({"errors": ["Vault is sealed"]}).to_string()),
            Mode::Standby => (307, String::new()),
            Mode::Lonely => {
                let error = "local node not active but active cluster node not found";
                (500, json!({"errors": [error]}).to_string())
            }
            Mode::Garbage => (200, "<html>It works!</html>".to_owned()),
            Mode::Empty => (200, String::new()),
            Mode::BadGateway => (502, "<html>Bad Gateway</html>".to_owned()),
            Mode::Throttled => (429, json!({"errors": ["quota exceeded"]}).to_string()),
            Mode::Quoting => {
                let token = received.headers.get("x-vault-token");
                let error = format!("{} by {token:?}", received.body);
                (403, json!({"errors": [error]}).to_string())
            }
            Mode::Refusing(status, error) => (status, json!({"errors": [error]}).to_string()),
            Mode::Up | Mode::Denying => self.state().answer(&received),
        };
        let answer = format!(
            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\
             location: http://127.0.0.1:1/elsewhere\r\n\r\n{body}",
            body.len()
        );
        reader.get_mut().write_all(answer.as_bytes()).ok()
    }
}

impl State {
    fn name(&mut self, kind: &str) -> String {
        self.given += 1;
        format!("{kind}.canary.{}", self.given)
    }

    fn token(&mut self, ttl: u64) -> String {
        let token = self.name("hvs.token");
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        self.tokens
            .insert(token.clone(), (after(ttl), after(self.token_max)));
        token
    }

    fn answer(&mut self, received: &Received) -> (u16, String) {
        let body: Value = serde_json::from_str(&received.body).unwrap_or_default();
        let token = received.headers.get("x-vault-token");
        let token = token.cloned().unwrap_or_default();
        let (method, path) = received.call.split_once(' ').unwrap();
        let is_login = path.contains("/login") || path.starts_with("sys/wrapping/");
        let now = Instant::now();
        let is_good = self.tokens.get(&token).is_some_and(|(end, _)| *end > now);
        let is_own = path.starts_with("auth/token/");
        if !is_login && (!is_good || (self.mode == Mode::Denying && !is_own)) {
            return refuse(403, "permission denied");
        }
        match (method, path) {
            ("POST", "auth/token/renew-self") => {
                if let Some(status) = self.no_more_time {
                    return refuse(status, "not by this policy");
                }
                let most = self.tokens[&token].1;
                let ttl = self.token_ttl.min(most.duration_since(now).as_secs());
                let end = now + Duration::from_secs(ttl);
                self.tokens.insert(token.clone(), (end, most));
                success(&json!({"auth": self.auth(&token, ttl)}))
            }
            ("POST", "auth/token/revoke-self") => {
                self.tokens.remove(&token);
                (204, String::new())
            }
            ("GET", "auth/token/lookup-self") => {
                let ttl = self.tokens[&token].0.duration_since(now).as_secs() + 1;
                let time = "2030-01-01T00:00:00Z";
                let (expire_time, renewable) = (Value::from(time), self.renewable);
                success(&json!({
                    "data": {"ttl": ttl, "renewable": renewable, "expire_time": expire_time},
                }))
            }
            ("POST", "sys/wrapping/lookup") => match self.wrapped.get(text(&body, "token")) {
                Some((path, _)) => success(&json!({"data": {"creation_path": path}})),
                None => refuse(400, "wrapping token is not valid or does not exist"),
            },
            ("POST", "sys/wrapping/unwrap") => match self.wrapped.remove(&token) {
                Some((_, data)) => success(&json!({"data": data})),
                None => refuse(400, "wrapping token is not valid or does not exist"),
            },
            ("POST", "sys/leases/renew") => self.renew(text(&body, "lease_id")),
            ("POST", "sys/leases/revoke") => {
                self.leases.remove(text(&body, "lease_id"));
                (204, String::new())
            }
            ("GET", path) if path.contains("/creds/") => {
                let id = self.name(path);
                let most = Duration::from_secs(self.lease_max);
                self.leases.insert(id.clone(), now + most);
                success(&json!({
                    "lease_id": id, "lease_duration": self.lease_ttl, "renewable": true,
                    "data": {"username": format!("user-{}", self.given), "password": "canary"},
                }))
            }
            ("GET", path) => match self.documents.get(path) {
                Some(document) => success(&json!({"data": document})),
                // A deleted document has data about the deletion, and no errors.
                None if path.contains("deleted") => {
                    let data = json!({"data": {"data": null, "metadata": {"version": 1}}});
                    (404, data.to_string())
                }
                None => (404, json!({"errors": []}).to_string()),
            },
            (_, path) if path.contains("/login") => {
                if received.body.contains("wrong") {
                    return refuse(400, "invalid role or secret ID");
                }
                let ttl = self.token_ttl;
                let token = self.token(ttl);
                success(&json!({"auth": self.auth(&token, ttl)}))
            }
            _ => refuse(405, "unsupported operation"),
        }
    }

    fn auth(&self, token: &str, ttl: u64) -> Value {
        json!({
            "client_token": token, "accessor": "", "policies": [], "token_policies": [],
            "metadata": null, "lease_duration": ttl, "renewable": self.renewable,
            "entity_id": "", "token_type": "service", "orphan": true,
        })
    }

    fn renew(&mut self, id: &str) -> (u16, String) {
        let Some(end) = self.leases.get(id) else {
            return refuse(400, "lease not found");
        };
        let left = end.saturating_duration_since(Instant::now()).as_secs();
        let ttl = left.min(self.lease_ttl);
        success(&json!({"lease_id": id, "lease_duration": ttl, "renewable": true}))
    }
}

/// An answer with the members that every answer has.
fn success(members: &Value) -> (u16, String) {
    let mut body = json!({
        "request_id": "x", "lease_id": "", "renewable": false, "lease_duration": 0,
        "data": null, "auth": null, "wrap_info": null, "warnings": null,
    });
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    (200, body.to_string())
}

fn refuse(status: u16, error: &str) -> (u16, String) {
    (status, json!({"errors": [error]}).to_string())
}

fn text<'a>(body: &'a Value, member: &str) -> &'a str {
    body[member].as_str().unwrap_or_default()
}

fn receive(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (method, rest) = line.split_once(' ')?;
    let path = rest.split(' ').next()?.strip_prefix("/v1/")?;
    let call = format!("{method} {path}");
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length");
    let length = length.map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Received {
        call,
        headers,
        body,
    })
}
