//! Google's servers that fail on demand: Secret Manager, the metadata server, and those that
//! exchange tokens, all on one socket. As at Google, a request needs a token that is valid.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls::crypto::ring;
use serde_json::{Value, json};

/// The project with the secrets.
pub(crate) const PROJECT: &str = "my-project";
/// The account of the machine.
pub(crate) const MACHINE: &str = "machine@my-project.iam.gserviceaccount.com";

/// The token of the metadata server, of each other way to log in, and of the other provider.
pub(crate) const TOKEN: &str = "canary-of-the-machine";
const EXCHANGED: &str = "canary-exchanged";
const IMPERSONATED: &str = "canary-impersonated";
pub(crate) const SUBJECT: &str = "canary-of-another-provider";
pub(crate) const REFRESH: &str = "canary-of-a-developer";

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

pub(crate) struct State {
    /// That of Secret Manager.
    pub(crate) mode: Mode,
    /// That of all servers that give tokens.
    pub(crate) login: Mode,
    /// Whether the identity may read the secrets.
    pub(crate) is_granted: bool,
    /// The clock of the servers is ahead by so many seconds.
    pub(crate) ahead: i64,
    /// The lifetime of tokens, in seconds.
    pub(crate) lifetime: u64,
    /// Tokens that are not valid any more.
    pub(crate) revoked: Vec<&'static str>,
    /// The number of requests in progress, and the greatest number so far.
    pub(crate) busy: usize,
    pub(crate) busiest: usize,
    secrets: HashMap<String, Vec<Version>>,
    requests: Vec<Request>,
}

struct Version {
    payload: Value,
    state: &'static str,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// `GET /path`
    pub(crate) line: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// A running server. It ends with the process.
#[derive(Clone)]
pub(crate) struct FakeGcp {
    pub(crate) address: SocketAddr,
    shared: Arc<(Mutex<State>, Condvar)>,
}

impl FakeGcp {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = State {
            mode: Mode::Up,
            login: Mode::Up,
            is_granted: true,
            ahead: 0,
            lifetime: 3_600,
            revoked: Vec::new(),
            busy: 0,
            busiest: 0,
            secrets: HashMap::new(),
            requests: Vec::new(),
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

    /// Adds a version to a secret.
    pub(crate) fn put(&self, secret: &str, text: &str) {
        let data = text.as_bytes();
        let checksum = crc32c(data).to_string();
        self.put_as(
            secret,
            json!({"data": STANDARD.encode(data), "dataCrc32c": checksum}),
        );
    }

    /// Adds a version with a payload of any shape.
    pub(crate) fn put_as(&self, secret: &str, payload: Value) {
        let version = Version {
            payload,
            state: "ENABLED",
        };
        let mut state = self.state();
        state
            .secrets
            .entry(secret.to_owned())
            .or_default()
            .push(version);
    }

    /// Changes the state of the last version of a secret.
    pub(crate) fn set_state(&self, secret: &str, now: &'static str) {
        let mut state = self.state();
        let versions = state.secrets.get_mut(secret).unwrap();
        versions.last_mut().unwrap().state = now;
    }

    /// The requests so far, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        let state = self.state();
        let lines = state.requests.iter().map(|request| request.line.clone());
        lines.collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
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
        let (_, path) = request.line.split_once(' ').unwrap();
        let is_access = path.starts_with("/v1/");
        match if is_access { &state.mode } else { &state.login } {
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
        Some(match path {
            path if path.starts_with("/computeMetadata/v1/") => state.metadata(path, request),
            path if is_access => match path.strip_suffix(":access") {
                Some(name) => state.access(&name[4..], request),
                None => (404, String::new()),
            },
            "/sts" | "/oauth" => state.exchange(path, request),
            "/subject" => (200, json!({"token": SUBJECT}).to_string()),
            path if path.ends_with(":generateAccessToken") => state.impersonate(request),
            _ => (404, String::new()),
        })
    }
}

impl State {
    fn metadata(&self, path: &str, request: &Request) -> (u16, String) {
        if request.header("metadata-flavor") != "Google" {
            return (403, "<html>Missing Metadata-Flavor</html>".to_owned());
        }
        let path = path.strip_prefix("/computeMetadata/v1/").unwrap();
        match path.strip_prefix("instance/service-accounts/default/") {
            Some("token") => (200, self.lent("access_token", TOKEN)),
            Some("email") => (200, MACHINE.to_owned()),
            None if path == "project/project-id" => (200, PROJECT.to_owned()),
            _ => (404, "<html>not found</html>".to_owned()),
        }
    }

    fn lent(&self, member: &str, token: &str) -> String {
        json!({member: token, "expires_in": self.lifetime, "token_type": "Bearer"}).to_string()
    }

    fn exchange(&self, path: &str, request: &Request) -> (u16, String) {
        let expected = match path {
            "/sts" => format!("subject_token={SUBJECT}"),
            _ => format!("refresh_token={REFRESH}"),
        };
        let is_form = request.header("content-type") == "application/x-www-form-urlencoded";
        if is_form && request.body.split('&').any(|field| field == expected) {
            return (200, self.lent("access_token", EXCHANGED));
        }
        let error = json!({"error": "invalid_grant", "error_description": "Bad Request"});
        (400, error.to_string())
    }

    fn impersonate(&self, request: &Request) -> (u16, String) {
        if self.identity(request).is_none() {
            return unauthenticated();
        }
        let token = json!({"accessToken": IMPERSONATED, "expireTime": "2036-01-01T00:00:00Z"});
        (200, token.to_string())
    }

    /// The account of a request with a token that is valid.
    fn identity(&self, request: &Request) -> Option<String> {
        let header = request.header("authorization");
        let token = header.strip_prefix("Bearer ")?;
        if self.revoked.contains(&token) {
            return None;
        }
        match token {
            TOKEN => Some(MACHINE.to_owned()),
            EXCHANGED | IMPERSONATED => Some(token.to_owned()),
            _ => signed_by_the_key(token, clock(self.ahead)),
        }
    }

    fn access(&self, name: &str, request: &Request) -> (u16, String) {
        if self.identity(request).is_none() {
            return unauthenticated();
        }
        let project = name.split('/').nth(1).unwrap_or_default();
        if !self.is_granted || ![PROJECT, "12"].contains(&project) {
            let message = format!(
                "Permission 'secretmanager.versions.access' denied for resource '{name}' \
                 (or it may not exist)."
            );
            return refusal(403, "PERMISSION_DENIED", &message);
        }
        let (secret, version) = name.rsplit_once("/versions/").unwrap();
        let (_, secret) = secret.rsplit_once("/secrets/").unwrap();
        let versions = self.secrets.get(secret).map_or(&[][..], |all| all);
        let number = match version {
            "latest" => versions.len(),
            number => number.parse().unwrap_or_default(),
        };
        let Some(version) = number.checked_sub(1).and_then(|at| versions.get(at)) else {
            let message = format!("Secret [projects/12/secrets/{secret}] not found.");
            return refusal(404, "NOT_FOUND", &message);
        };
        let name = format!("projects/12/secrets/{secret}/versions/{number}");
        if version.state != "ENABLED" {
            let message = format!("Secret Version [{name}] is in {} state.", version.state);
            return refusal(400, "FAILED_PRECONDITION", &message);
        }
        let answer = json!({"name": name, "payload": version.payload});
        (200, answer.to_string())
    }
}

pub(crate) fn error(status: u16, code: &str, message: &str) -> Value {
    json!({"error": {"code": status, "message": message, "status": code}})
}

fn refusal(status: u16, code: &str, message: &str) -> (u16, String) {
    (status, error(status, code, message).to_string())
}

fn unauthenticated() -> (u16, String) {
    let message = "Request had invalid authentication credentials.";
    refusal(401, "UNAUTHENTICATED", message)
}

/// Checks a token that a service account has signed itself. Returns its account.
fn signed_by_the_key(token: &str, now: i64) -> Option<String> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let part = |part: &str| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    let (head, claims) = (part(head)?, part(claims)?);
    let algorithms = ring::default_provider().signature_verification_algorithms;
    let is_valid = |algorithm: &&dyn rustls::pki_types::SignatureVerificationAlgorithm| {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let key = include_bytes!("public.der");
        algorithm
            .verify_signature(key, signed.as_bytes(), &signature)
            .is_ok()
    };
    algorithms
        .all
        .iter()
        .find(|algorithm| is_valid(algorithm))?;
    let scope = "https://www.googleapis.com/auth/cloud-platform";
    let (issued, expires) = (claims["iat"].as_i64()?, claims["exp"].as_i64()?);
    let is_right = head == json!({"alg": "RS256", "typ": "JWT", "kid": "key-1"})
        && claims["iss"] == claims["sub"]
        && claims["scope"] == scope
        && (issued..expires).contains(&now)
        && expires - issued <= 3_600;
    is_right.then(|| claims["iss"].as_str().unwrap().to_owned())
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

/// By its definition, bit by bit.
pub(crate) fn crc32c(data: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg());
    !data
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value)
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
