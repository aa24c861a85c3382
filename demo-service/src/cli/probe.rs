//! `probe`: requests a URL, for images without curl.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
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
    let has_ipv6 = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    let address = SocketAddr::new(reachable(address.ip(), has_ipv6), address.port());
    let url: Result<Uri, _> = format!("http://{address}/-/ready").parse();
    let url = url.map_err(|err| Failure::new(exit::FAILED, address, &err))?;
    probe(&url, timeout)
}

/// Returns an address at which a service that listens on `address` is reached. On every address of
/// IPv6, it serves IPv4 too, and alone where this host has no IPv6.
fn reachable(address: IpAddr, has_ipv6: bool) -> IpAddr {
    match address {
        IpAddr::V6(ip) if ip.is_unspecified() && has_ipv6 => Ipv6Addr::LOCALHOST.into(),
        ip if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    }
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

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn a_service_on_every_address_is_reached_where_the_host_has_no_ipv6() {
        for (listens, has_ipv6, reached) in [
            ("::", true, "::1"),
            ("::", false, "127.0.0.1"),
            ("0.0.0.0", true, "127.0.0.1"),
            ("0.0.0.0", false, "127.0.0.1"),
            ("10.0.0.1", true, "10.0.0.1"),
            ("fd00::1", true, "fd00::1"),
        ] {
            let address = reachable(listens.parse().unwrap(), has_ipv6);
            assert_eq!(address.to_string(), reached, "{listens}, {has_ipv6}");
        }
    }
}
