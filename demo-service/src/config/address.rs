//! Addresses and ports to listen on, and hints for those that other programs mean.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Parses the address of a listener. `localhost` is 127.0.0.1, and IPv6 may have brackets.
pub(super) fn host(text: &str) -> Result<IpAddr, String> {
    let text = text.trim();
    if let Some(address) = address(text) {
        return of_a_host(address);
    }
    if matches!(text, "" | "*" | "+" | "any" | "all" | "0") {
        return Err(EVERY_ADDRESS.to_owned());
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let rest = rest.split('/').next().unwrap_or_default();
        let remedy = host(rest).map_or("an IP address".to_owned(), |host| host.to_string());
        return Err(format!("{scheme}:// begins a URL; write {remedy}"));
    }
    if let Some((address, port)) = with_port(text) {
        return Err(format!(
            "the port has its own variable; write {address}, and APP_PORT={port}"
        ));
    }
    if let Some((address, _)) = text.split_once('/')
        && address.parse::<IpAddr>().is_ok()
    {
        return Err(format!("it is a network; write {address}"));
    }
    if let Some((address, _)) = text.split_once('%')
        && address.parse::<IpAddr>().is_ok()
    {
        return Err("an address with a scope is not supported; write :: for all".to_owned());
    }
    Err(
        "it is a name, which a shell or a compiler may have set; write 127.0.0.1 for this machine, \
         or 0.0.0.0 or :: for all addresses; APP_HOST wins over HOST"
            .to_owned(),
    )
}

/// Refuses addresses that the kernel listens on, and that no client can connect to.
fn of_a_host(address: IpAddr) -> Result<IpAddr, String> {
    let kind = match address.to_canonical() {
        canonical if canonical.is_multicast() => "multicast",
        IpAddr::V4(address) if address.is_broadcast() => "broadcast",
        _ => return Ok(address),
    };
    Err(format!(
        "it is a {kind} address, to which no client can connect; {EVERY_ADDRESS}"
    ))
}

const EVERY_ADDRESS: &str = "write 0.0.0.0 for all IPv4 addresses, or :: for all addresses";

/// Parses a port, 0 included.
pub(super) fn port(text: &str) -> Result<u16, String> {
    let text = text.trim();
    if let Ok(port) = text.parse() {
        return Ok(port);
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(OUT_OF_RANGE.to_owned());
    }
    match port_within(text) {
        Some(port) => Err(format!("write {port}")),
        None if text.starts_with('-') => Err(OUT_OF_RANGE.to_owned()),
        None => Err("it must be a number from 0 to 65535, such as 8000".to_owned()),
    }
}

const OUT_OF_RANGE: &str = "it must be from 0 to 65535";

/// Parses an address with its port.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    if let Ok(listen) = text.parse::<SocketAddr>() {
        return of_a_host(listen.ip()).map(|_| listen);
    }
    let (before, after) = text.rsplit_once(':').unwrap_or((text, ""));
    match (address(before), after.parse()) {
        (Some(host), Ok(port)) => return Ok(SocketAddr::new(host, port)),
        (Some(_), Err(_))
            if after.bytes().all(|byte| byte.is_ascii_digit()) && !after.is_empty() =>
        {
            return Err(format!("its port: {OUT_OF_RANGE}"));
        }
        _ => {}
    }
    if let Some(address) = address(text) {
        let address = SocketAddr::new(address, 8001);
        return Err(format!("it has no port; write {address}"));
    }
    match port_within(text) {
        Some(port) => Err(format!(
            "write 127.0.0.1:{port} for this machine, or 0.0.0.0:{port} or [::]:{port} for all \
             addresses"
        )),
        None => Err("write an IP address and a port, such as 127.0.0.1:8001".to_owned()),
    }
}

/// Returns the address that a text means without doubt.
fn address(text: &str) -> Option<IpAddr> {
    if text.eq_ignore_ascii_case("localhost") {
        return Some(Ipv4Addr::LOCALHOST.into());
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    match bare {
        Some(bare) => bare.parse().ok().filter(IpAddr::is_ipv6),
        None => text.parse().ok(),
    }
}

/// Splits the port from an address or name.
fn with_port(text: &str) -> Option<(String, u16)> {
    let (before, port) = text.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let remedy = match address(before) {
        Some(address) => address.to_string(),
        None if matches!(before, "" | "*") => "0.0.0.0 or ::".to_owned(),
        None => "an IP address".to_owned(),
    };
    Some((remedy, port))
}

/// Returns the port in a text such as `8000/tcp`, `:8000`, `8000:80`, `tcp://10.0.0.1:8000`
/// or `8,000`.
fn port_within(text: &str) -> Option<u16> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next()?;
    let rest = rest.trim_end_matches(['.', ';', ',']);
    let last = rest.rsplit(':').next()?;
    let last = last.strip_suffix(".0").unwrap_or(last);
    let digits: String = last
        .chars()
        .filter(|letter| !matches!(letter, ',' | '_' | ' '))
        .collect();
    match digits.strip_prefix("0x") {
        Some(hex) => u16::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint<T: std::fmt::Debug>(parsed: Result<T, String>) -> String {
        parsed.unwrap_err()
    }

    #[test]
    fn addresses_in_use_elsewhere_are_taken() {
        for (text, expected) in [
            ("127.0.0.1", "127.0.0.1"),
            ("localhost", "127.0.0.1"),
            ("LocalHost", "127.0.0.1"),
            ("[::1]", "::1"),
            ("[::]", "::"),
            ("::", "::"),
            (" 0.0.0.0 ", "0.0.0.0"),
        ] {
            assert_eq!(host(text).unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(
            listen("localhost:8001").unwrap().to_string(),
            "127.0.0.1:8001"
        );
        assert_eq!(listen("[::]:8001").unwrap().to_string(), "[::]:8001");
    }

    #[test]
    fn each_host_that_is_no_address_has_a_hint() {
        for (text, remedy) in [
            (
                "*",
                "write 0.0.0.0 for all IPv4 addresses, or :: for all addresses",
            ),
            ("127.0.0.1:8000", "write 127.0.0.1, and APP_PORT=8000"),
            ("localhost:8000", "write 127.0.0.1, and APP_PORT=8000"),
            ("[::1]:8000", "write ::1, and APP_PORT=8000"),
            (":8000", "write 0.0.0.0 or ::, and APP_PORT=8000"),
            ("*:8000", "write 0.0.0.0 or ::, and APP_PORT=8000"),
            ("http://0.0.0.0", "http:// begins a URL; write 0.0.0.0"),
            ("tcp://10.0.0.1:80/", "write an IP address"),
            ("10.0.0.0/8", "write 10.0.0.0"),
            ("x86_64-conda-linux-gnu", "write 127.0.0.1 for this machine"),
            ("app.internal", "write 127.0.0.1 for this machine"),
            ("256.0.0.1", "write 127.0.0.1 for this machine"),
            ("[127.0.0.1]", "write 127.0.0.1 for this machine"),
            ("fe80::1%eth0", "write :: for all"),
            (
                "224.0.0.1",
                "it is a multicast address, to which no client can connect; write 0.0.0.0 for all",
            ),
            ("[ff02::1]", "it is a multicast address"),
            ("255.255.255.255", "it is a broadcast address"),
        ] {
            let hint = hint(host(text));
            assert!(hint.contains(remedy), "{text}: {hint}");
        }
    }

    #[test]
    fn each_port_that_is_no_number_has_a_hint() {
        for (text, remedy) in [
            ("8000/tcp", "write 8000"),
            (":8000", "write 8000"),
            ("tcp://10.0.0.1:8000", "write 8000"),
            ("http://0.0.0.0:8000/", "write 8000"),
            ("127.0.0.1:8000", "write 8000"),
            ("[::1]:8000", "write 8000"),
            ("8000:80", "write 80"),
            ("8,000", "write 8000"),
            ("8_000", "write 8000"),
            ("8000.0", "write 8000"),
            ("0x1F90", "write 8080"),
            ("8000;", "write 8000"),
            ("65536", "it must be from 0 to 65535"),
            ("-1", "it must be from 0 to 65535"),
            ("80a0", "it must be a number from 0 to 65535, such as 8000"),
            ("http", "it must be a number from 0 to 65535, such as 8000"),
        ] {
            assert_eq!(hint(port(text)), remedy, "{text}");
        }
        assert_eq!(port(" 8000 "), Ok(8000));
        assert_eq!(port("0"), Ok(0));
    }

    #[test]
    fn each_listener_that_is_no_address_has_a_hint() {
        for (text, remedy) in [
            ("8001", "write 127.0.0.1:8001"),
            (":8001", "write 127.0.0.1:8001"),
            ("*:8001", "write 127.0.0.1:8001"),
            ("http://0.0.0.0:8001", "write 127.0.0.1:8001"),
            ("127.0.0.1", "it has no port; write 127.0.0.1:8001"),
            ("127.0.0.1:70000", "its port: it must be from 0 to 65535"),
            ("admin", "write an IP address and a port"),
            ("224.0.0.1:8001", "it is a multicast address"),
            ("[ff02::1]:8001", "it is a multicast address"),
        ] {
            let hint = hint(listen(text));
            assert!(hint.contains(remedy), "{text}: {hint}");
        }
    }
}
