//! A request by HTTP/1 to a service without TLS, for `probe` and `config --compare`.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use actix_web::http::Uri;

use crate::version::Version;

/// The bytes that are read at once.
const CHUNK: usize = 16 * 1024;

/// A request with GET.
pub(super) struct Request<'a> {
    pub(super) url: &'a Uri,
    /// The version of HTTP: with `1.0`, the answer has no chunks.
    pub(super) version: &'a str,
    /// The command that asks.
    pub(super) agent: &'a str,
    /// More lines of the head, each with its end.
    pub(super) headers: &'a str,
    /// The time for everything.
    pub(super) timeout: Duration,
}

impl Request<'_> {
    /// Returns the bytes of the answer, until there are enough, the server closes the
    /// connection, or `max` bytes are there.
    pub(super) fn send(
        &self,
        max: usize,
        is_enough: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<u8>, RequestError> {
        let deadline = Instant::now() + self.timeout;
        let url = self.url;
        let authority = url
            .authority()
            .ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
        let port = port(url).ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
        let mut stream = connect(authority.host(), port, deadline)?;
        stream.set_write_timeout(Some(self.timeout))?;
        stream.write_all(self.head(authority.as_str()).as_bytes())?;
        let mut answer = Vec::new();
        let mut chunk = [0; CHUNK];
        while !is_enough(&answer) && answer.len() < max {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::Error::from(io::ErrorKind::TimedOut).into());
            }
            stream.set_read_timeout(Some(left))?;
            let wanted = CHUNK.min(max - answer.len());
            match stream.read(&mut chunk[..wanted]) {
                Ok(0) => break,
                Ok(length) => answer.extend_from_slice(&chunk[..length]),
                // A signal that is ignored, or that ends the wait elsewhere.
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) => return Err(err.into()),
            }
        }
        Ok(answer)
    }

    fn head(&self, authority: &str) -> String {
        let (_, host) = split(authority);
        let path = self.url.path_and_query().map_or("/", |path| path.as_str());
        format!(
            "GET {path} HTTP/{}\r\nHost: {host}\r\nUser-Agent: demo-service-{}/{}\r\n{}\
             Connection: close\r\n\r\n",
            self.version,
            self.agent,
            Version::NUMBER,
            self.headers
        )
    }
}

/// Parses the URL of a service without TLS. The error has `example`, and no password.
pub(super) fn parse_url(text: &OsStr, example: &str) -> Result<Uri, String> {
    let url: Option<Uri> = text.to_str().and_then(|text| text.parse().ok());
    let is_asked =
        |url: &Uri| url.scheme_str() == Some("http") && url.host().is_some() && port(url).is_some();
    url.filter(is_asked).ok_or_else(|| {
        let text = text.to_string_lossy();
        format!("{}: it is not like {example}", without_user(&text))
    })
}

/// Returns the port of a URL, which is 80 where the URL has none.
fn port(url: &Uri) -> Option<u16> {
    let (_, host) = split(url.authority()?.as_str());
    let port = host.strip_prefix(url.host()?)?;
    match port.strip_prefix(':') {
        None | Some("") => Some(80),
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => port.parse().ok(),
        Some(_) => None,
    }
}

/// Returns a text with `***` for the users of its URLs, which may include a password. A
/// password may hold every letter, so that the last `@` ends it.
pub(super) fn without_user(text: &str) -> Cow<'_, str> {
    let user = text.find("://").and_then(|at| {
        let start = at + "://".len();
        let end = text.rfind('@')?;
        text.get(start..end).map(|_| start..end)
    });
    match user {
        Some(user) => format!("{}***{}", &text[..user.start], &text[user.end..]).into(),
        None => text.into(),
    }
}

/// Returns the first line of an answer.
pub(super) fn first_line(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    text.lines().next().unwrap_or_default().to_owned()
}

/// Returns the status of an answer in its first line, if it is an answer.
pub(super) fn status(line: &str) -> Option<&str> {
    let mut words = line.split(' ');
    let version = words.next()?;
    let status = words.next()?;
    let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    (version.starts_with("HTTP/1.") && is_status).then_some(status)
}

/// Returns the URL without its user, which may include a password.
pub(super) fn redacted(url: &Uri) -> String {
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

fn connect(host: &str, port: u16, deadline: Instant) -> io::Result<TcpStream> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = (bare, port).to_socket_addrs()?.collect();
    first(&addresses, deadline)
}

/// Tries each address in order, each for an equal share of the time that is left, because an
/// address that does not answer must leave time for the next.
fn first(addresses: &[SocketAddr], deadline: Instant) -> io::Result<TcpStream> {
    let mut last = io::Error::other("the host has no address");
    for (left, address) in (1..=addresses.len()).rev().zip(addresses) {
        let time = deadline.saturating_duration_since(Instant::now());
        let share = time / u32::try_from(left).unwrap_or(u32::MAX);
        if share.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(stream),
            Err(err) => last = err,
        }
    }
    Err(last)
}

/// The reason why there is no answer.
#[derive(Debug)]
pub(super) struct RequestError(io::Error);

impl From<io::Error> for RequestError {
    fn from(err: io::Error) -> Self {
        Self(err)
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(err) = self;
        match err.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                f.write_str("there is no answer in time")
            }
            _ => write!(f, "there is no answer: {err}"),
        }
    }
}

impl std::error::Error for RequestError {}

#[cfg(test)]
mod tests {
    use std::iter;
    use std::net::TcpListener;

    use socket2::{Domain, Socket, Type};

    use super::*;

    #[test]
    fn an_address_that_does_not_answer_leaves_time_for_the_next() {
        let silent = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        silent.bind(&any.into()).unwrap();
        silent.listen(0).unwrap();
        let address = silent.local_addr().unwrap().as_socket().unwrap();
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(250));
        let _queued: Vec<_> = iter::from_fn(|| connect().ok()).take(1024).collect();

        let listener = TcpListener::bind(any).unwrap();
        let good = listener.local_addr().unwrap();
        let deadline = Instant::now() + Duration::from_secs(4);
        let stream = first(&[address, good], deadline).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), good);
    }
}
