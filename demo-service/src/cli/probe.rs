//! `probe`: requests a URL, for images without curl.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use actix_web::http::Uri;
use environ::EnvConfig;

use super::request::{Request, RequestError, first_line, redacted, status};
use crate::config::AppConfig;
use crate::process::{Failure, exit};

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
    let request = Request {
        url,
        version: "1.1",
        agent: "probe",
        headers: "",
        timeout,
    };
    let answer = request.send(MAX_BYTES, |answer| answer.contains(&b'\n'));
    let line = first_line(&answer.map_err(ProbeError::Unanswered)?);
    match status(&line) {
        Some(status) if status.starts_with('2') => Ok(()),
        _ => Err(ProbeError::Refused(line)),
    }
}

/// The reason why a probe failed.
#[derive(Debug)]
enum ProbeError {
    /// There was no answer.
    Unanswered(RequestError),
    /// The answer begins with this line.
    Refused(String),
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(err) => write!(f, "{err}"),
            Self::Refused(line) => write!(f, "the answer is not 2xx: {line:?}"),
        }
    }
}

impl std::error::Error for ProbeError {}
