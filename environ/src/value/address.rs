//! IP and socket addresses, and why a text is none.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use super::{EnvValue, Form, Invalid, Text};

macro_rules! addresses {
    ($($ty:ident $noun:literal $example:literal $reason:ident $kind:ident $family:ident;)*) => {$(
        static $kind: Kind = Kind {
            reads: |text| text.parse::<$ty>().is_ok(),
            family: $family,
        };

        impl EnvValue for $ty {
            const FORM: Form = Form::with_sample($noun, $example);

            #[inline]
            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                let text = text.as_str()?;
                text.parse().map_err(|_| $reason(text, &$kind))
            }
        }
    )*};
}

addresses! {
    IpAddr "IP address" "127.0.0.1" not_an_address IP ANY;
    Ipv4Addr "IPv4 address" "127.0.0.1" not_an_address IPV4 V4;
    Ipv6Addr "IPv6 address" "::1" not_an_address IPV6 V6;
    SocketAddr "socket address, like 127.0.0.1:8000" "127.0.0.1:8000" not_a_socket SOCKET ANY;
    SocketAddrV4 "IPv4 socket address, like 127.0.0.1:8000" "127.0.0.1:8000"
        not_a_socket SOCKET_V4 V4;
    SocketAddrV6 "IPv6 socket address, like [::1]:8000" "[::1]:8000"
        not_a_socket SOCKET_V6 V6;
}

/// A type of address. A static holds it, so that the reasons are compiled here and not
/// with the user's types.
struct Kind {
    reads: fn(&str) -> bool,
    family: Family,
}

/// The texts of a family of addresses, or of both families.
#[derive(Clone, Copy)]
struct Family {
    local: &'static str,
    every: &'static str,
    address: &'static str,
    socket: &'static str,
    /// The family that is not read, or `None` if both families are read.
    other: Option<&'static str>,
}

const ANY: Family = Family {
    local: "127.0.0.1",
    every: "0.0.0.0",
    address: "127.0.0.1 or ::1",
    socket: "127.0.0.1:8000 or [::1]:8000",
    other: None,
};
const V4: Family = Family {
    address: "127.0.0.1",
    socket: "127.0.0.1:8000",
    other: Some("IPv6"),
    ..ANY
};
const V6: Family = Family {
    local: "::1",
    every: "::",
    address: "::1",
    socket: "[::1]:8000",
    other: Some("IPv4"),
};

#[cold]
fn not_an_address(text: &str, kind: &Kind) -> Invalid {
    let (bare, reads, family) = (bare(text), kind.reads, kind.family);
    if let (Some(other), Ok(_), false) = (family.other, bare.parse::<IpAddr>(), reads(bare)) {
        return Invalid::new(format_args!("it is an {other} address"));
    }
    let (reason, write) = if bare.eq_ignore_ascii_case("localhost") {
        ("names are not looked up", family.local.to_owned())
    } else if bare == "*" {
        ("* is not read", family.every.to_owned())
    } else if let Ok(socket) = bare.parse::<SocketAddr>() {
        ("the port does not belong here", socket.ip().to_string())
    } else if let Some((address, _)) = bare.split_once('/') {
        ("a network is not read", address.to_owned())
    } else if let Some((address, _)) = bare.split_once('%') {
        ("a zone is not read", address.to_owned())
    } else if let Some(decimal) = without_leading_zeros(bare) {
        ("leading zeros are not read", decimal)
    } else {
        ("", unbracketed(bare).to_owned())
    };
    corrected(reason, &write, reads)
        .unwrap_or_else(|| Invalid::new(format_args!("it must be like {}", family.address)))
}

#[cold]
fn not_a_socket(text: &str, kind: &Kind) -> Invalid {
    let (bare, reads, family) = (bare(text), kind.reads, kind.family);
    let (host, port) = bare.rsplit_once(':').unwrap_or(("", bare));
    if let (Some(other), Ok(_), false) = (family.other, bare.parse::<SocketAddr>(), reads(bare)) {
        return Invalid::new(format_args!("it is an {other} address"));
    }
    if is_too_large(port) && reads(&format!("{host}:0")) {
        return Invalid::new("the port must be from 0 to 65535");
    }
    let (reason, write) = socket_meant(bare, host, port, family);
    if let Some(reason) = corrected(reason, &write, reads) {
        return reason;
    }
    match unbracketed(bare).parse() {
        Ok(address) => {
            let address = bracketed(address);
            Invalid::new(format_args!("the port is missing, as in {address}:8000"))
        }
        Err(_) => Invalid::new(format_args!("it must be like {}", family.socket)),
    }
}

/// The mistake, and the text to write.
fn socket_meant(bare: &str, host: &str, port: &str, family: Family) -> (&'static str, String) {
    let with_port = |host: &str| match host.parse() {
        Ok(address) => format!("{}:{port}", bracketed(address)),
        Err(_) => format!("{host}:{port}"),
    };
    if host.parse::<Ipv6Addr>().is_ok() {
        ("an IPv6 address stands in brackets", with_port(host))
    } else if host.eq_ignore_ascii_case("localhost") {
        ("names are not looked up", with_port(family.local))
    } else if host.is_empty() || host == "*" {
        ("the address is missing", with_port(family.every))
    } else if let Some((_, rest)) = bare.split_once("://") {
        let rest = rest.trim_end_matches('/');
        ("a scheme is not read", rest.to_owned())
    } else if let Some(decimal) = without_leading_zeros(host) {
        ("leading zeros are not read", with_port(&decimal))
    } else {
        ("", bare.to_owned())
    }
}

fn bracketed(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The reason that ends with the text to write, if that is read.
fn corrected(reason: &str, write: &str, reads: fn(&str) -> bool) -> Option<Invalid> {
    let joint = if reason.is_empty() { "" } else { "; " };
    reads(write).then(|| Invalid::new(format_args!("{reason}{joint}write {write}")))
}

fn bare(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || "\"'".contains(letter))
}

fn unbracketed(text: &str) -> &str {
    let inner = text.strip_prefix('[');
    inner
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text)
}

fn is_too_large(port: &str) -> bool {
    port.len() > 4 && port.bytes().all(|letter| letter.is_ascii_digit())
}

/// Returns `10.0.0.1` for `010.000.000.001`.
fn without_leading_zeros(text: &str) -> Option<String> {
    let parts: Option<Vec<String>> = text
        .split('.')
        .map(|part| Some(part.parse::<u8>().ok()?.to_string()))
        .collect();
    let address = parts.filter(|parts| parts.len() == 4)?.join(".");
    (address != text).then_some(address)
}
