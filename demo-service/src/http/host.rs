//! The `Host` header of a request.

use std::net::Ipv6Addr;

/// Returns whether `value` is a host, or a host and a port: RFC 9110, section 7.2. An empty
/// host is one; actix itself refuses a missing and a second `Host`.
pub(crate) fn is_host(value: &[u8]) -> bool {
    let Ok(value) = str::from_utf8(value) else {
        return false;
    };
    let (host, port) = match value.rfind(':') {
        // The colon is a part of the address.
        Some(colon) if !value[colon..].contains(']') => (&value[..colon], &value[colon + 1..]),
        _ => (value, ""),
    };
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
    let address = host.strip_prefix('[').map(|host| host.strip_suffix(']'));
    is_port
        && match address {
            Some(address) => address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
            None => is_name(host.as_bytes()),
        }
}

/// RFC 3986, section 3.2.2: a registered name, which an IPv4 address is too.
fn is_name(name: &[u8]) -> bool {
    match name {
        [] => true,
        [b'%', high, low, rest @ ..] => {
            high.is_ascii_hexdigit() && low.is_ascii_hexdigit() && is_name(rest)
        }
        [byte, rest @ ..] => {
            (byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(byte)) && is_name(rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port_or_without() {
        for host in [
            "",
            "x",
            "example.com",
            "EXAMPLE.com:8000",
            "127.0.0.1:80",
            "[::1]",
            "[::1]:8000",
            "a_b-c~d",
            "a%20b",
            "x:",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "a b", "a\tb", "a/b", "a?b", "a#b", "a@b", "http://a", "a:b", "a:80:80", "[::1", "::1",
            "[x]", "[::1]x", "a%2", "a%zz", "a\\b", "a\"b", "<a>", "a|b", "\u{e9}", "a:-1",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
        assert!(!is_host(b"\xff"));
    }
}
