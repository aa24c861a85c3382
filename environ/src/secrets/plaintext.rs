//! Addresses to which secrets travel in plaintext.

use std::net::IpAddr;

/// Returns the host of an `http://` address, unless the host is this machine.
pub(super) fn host(address: &str) -> Option<String> {
    let (scheme, rest) = address.trim().split_once(':')?;
    if !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let authority = rest.trim_start_matches(['/', '\\']);
    let authority = authority.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next()?,
        None => host.split(':').next()?,
    };
    (!is_local(host)).then(|| host.to_owned())
}

/// Returns the host of an `http://` address as a client reads it, without tabs and in lower case,
/// unless the host is this machine.
#[cfg(any(feature = "azure", feature = "gcp"))]
pub(super) fn host_of_url(url: &str) -> Option<String> {
    host(reqwest::Url::parse(url).ok()?.as_str())
}

fn is_local(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return true;
    }
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_plain_address_of_another_host_is_told() {
        for (address, expected) in [
            ("http://vault.example:8200", Some("vault.example")),
            ("HTTP://Vault/x", Some("Vault")),
            ("http:\\\\vault\\x", Some("vault")),
            ("http://10.0.0.1", Some("10.0.0.1")),
            ("http://[2001:db8::1]:8200", Some("2001:db8::1")),
            ("http://localhost.example", Some("localhost.example")),
            ("http://127.0.0.1.example", Some("127.0.0.1.example")),
            ("http://localhost@vault", Some("vault")),
            ("http://0.0.0.0:8200", Some("0.0.0.0")),
            ("http://localhost:8200", None),
            ("http://LOCALHOST./", None),
            ("http://vault.localhost", None),
            ("http://127.8.9.1:8200", None),
            ("http://[::1]", None),
            ("http://[::ffff:127.0.0.1]", None),
            ("https://vault.example", None),
            ("", None),
        ] {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        }
    }
}
