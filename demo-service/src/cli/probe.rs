//! `probe`: requests a URL, for images without curl.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use actix_web::http::Uri;
use environ::EnvConfig;

use crate::config::AppConfig;
use crate::process::{Failure, exit};
use crate::version::Version;

/// Only so much of an answer is read, because only its first line counts.
const MAX_BYTES: usize = 1024;

/// Requests `url` with GET, and fails unless the answer is 2xx within `timeout`.
pub(super) fn probe(url: &Uri, timeout: Duration) -> Result<u8, Failure> {
    check(url, timeout).map_err(|err| Failure::new(exit::FAILED, redacted(url), &err))?;
    Ok(0)
}

/// Requests readiness of the service that this environment configures: of the operators'
/// listener if there is one.
pub(super) fn probe_own(timeout: Duration) -> Result<u8, Failure> {
    let config = AppConfig::loader().load()?.config;
    let address = config.server.admin_listen.unwrap_or(config.listen());
    if address.port() == 0 {
        let message = "the port is picked at the start: pass a URL, or set APP_PORT";
        return Err(Failure::usage(message));
    }
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(host, address.port());
    let url: Result<Uri, _> = format!("http://{address}/-/ready").parse();
    let url = url.map_err(|err| Failure::new(exit::FAILED, address, &err))?;
    probe(&url, timeout)
}

fn check(url: &Uri, timeout: Duration) -> Result<(), ProbeError> {
    let line = status_line(url, timeout)?;
    let mut words = line.split(' ');
    let version = words.next().unwrap_or_default();
    let status = words.next().unwrap_or_default();
    if version.starts_with("HTTP/1.") && status.len() == 3 && status.starts_with('2') {
        return Ok(());
    }
    Err(ProbeError::Refused(line))
}

/// Returns the first line of the answer.
fn status_line(url: &Uri, timeout: Duration) -> Result<String, ProbeError> {
    let deadline = Instant::now() + timeout;
    let authority = url.authority().ok_or(ProbeError::Url)?;
    if url.scheme_str() != Some("http") {
        return Err(ProbeError::Url);
    }
    let mut stream = connect(authority.host(), url.port_u16().unwrap_or(80), timeout)?;
    let (_, host) = split(authority.as_str());
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: demo-service-probe/{}\r\n\
         Connection: close\r\n\r\n",
        Version::NUMBER
    );
    stream.set_write_timeout(Some(timeout))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    while !answer.contains(&b'\n') && answer.len() < MAX_BYTES {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::from(io::ErrorKind::TimedOut).into());
        }
        stream.set_read_timeout(Some(left))?;
        let mut part = [0; MAX_BYTES];
        let length = stream.read(&mut part)?;
        if length == 0 {
            break;
        }
        answer.extend_from_slice(&part[..length]);
    }
    let text = String::from_utf8_lossy(&answer);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Returns the URL without its user, which may include a password.
fn redacted(url: &Uri) -> String {
    match split(url.authority().map_or("", |authority| authority.as_str())) {
        (Some(user), _) => url.to_string().replacen(&format!("{user}@"), "***@", 1),
        (None, _) => url.to_string(),
    }
}

/// Splits the authority of a URL into its user, if any, and its host.
fn split(authority: &str) -> (Option<&str>, &str) {
    match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    }
}

/// Tries each address of the host in order.
fn connect(host: &str, port: u16, timeout: Duration) -> io::Result<TcpStream> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = (bare, port).to_socket_addrs()?.collect();
    let mut last = io::Error::other("the host has no address");
    for address in addresses {
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(stream) => return Ok(stream),
            Err(err) => last = err,
        }
    }
    Err(last)
}

/// The reason why a probe failed.
#[derive(Debug)]
enum ProbeError {
    /// The URL cannot be requested.
    Url,
    /// The answer begins with this line.
    Refused(String),
    /// There was no answer.
    Unanswered(io::Error),
}

impl From<io::Error> for ProbeError {
    fn from(err: io::Error) -> Self {
        Self::Unanswered(err)
    }
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url => f.write_str("it is not like http://127.0.0.1:8000/-/ready"),
            Self::Refused(line) => write!(f, "the answer is not 2xx: {line:?}"),
            Self::Unanswered(err) => match err.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                    f.write_str("there is no answer in time")
                }
                _ => write!(f, "there is no answer: {err}"),
            },
        }
    }
}

impl std::error::Error for ProbeError {}
