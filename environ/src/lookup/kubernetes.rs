//! The variables that Kubernetes sets in every pod for each Service of the
//! namespace. A Service called `app` sets `APP_PORT=tcp://10.0.0.1:80`.

use std::borrow::Cow;
use std::ffi::OsStr;

/// Returns the text of a variable.
type Get<'a, 's> = &'a dyn Fn(&str) -> Option<Cow<'s, OsStr>>;

/// The ends of such names, after the name of the Service.
const HOST: &str = "_SERVICE_HOST";
const PORT: &str = "_PORT";

/// Returns the Service that a variable was set for, if its value is that of such a
/// variable.
pub(crate) fn service_of(name: &str, value: &str) -> Option<String> {
    let service = name.strip_suffix(PORT)?;
    is_address(value).then(|| service.to_lowercase().replace('_', "-"))
}

/// Returns whether a variable was set for a Service, whose host must be set too.
pub(crate) fn is_service_link(name: &str, get: Get<'_, '_>) -> bool {
    services(name).any(|service| has_host(service, get))
}

/// Returns whether a variable was set for a Service, whose host and port must be set too,
/// as they are in a pod. A key of a map may be `main_service`, so the name alone is not
/// enough.
pub(crate) fn is_link_in_pod(name: &str, get: Get<'_, '_>) -> bool {
    services(name).any(|service| {
        let port = get(&format!("{service}{PORT}"));
        has_host(service, get) && port.is_some_and(|port| port.to_str().is_some_and(is_address))
    })
}

fn has_host(service: &str, get: Get<'_, '_>) -> bool {
    !service.is_empty() && get(&format!("{service}{HOST}")).is_some()
}

/// The names of Services that the variable may have been set for.
fn services(name: &str) -> impl Iterator<Item = &str> {
    let host = name.strip_suffix(HOST).into_iter();
    let named_port = before(name, "_SERVICE_PORT", |rest| {
        rest.is_empty() || rest.starts_with('_')
    });
    host.chain(named_port).chain(before(name, PORT, is_port))
}

/// Returns the part of `name` before each `word` whose rest passes `is`.
fn before<'n>(
    name: &'n str,
    word: &'static str,
    is: fn(&str) -> bool,
) -> impl Iterator<Item = &'n str> {
    let places = name.match_indices(word);
    places
        .filter(move |(at, _)| is(&name[at + word.len()..]))
        .map(|(at, _)| &name[..at])
}

/// Nothing, `_80_TCP`, or `_80_TCP_ADDR`.
fn is_port(rest: &str) -> bool {
    let mut parts = rest.split('_').skip(1);
    let port = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (None, ..) => rest.is_empty(),
        (Some(number), Some("TCP" | "UDP" | "SCTP"), None, None) => port(number),
        (Some(number), Some("TCP" | "UDP" | "SCTP"), Some("PORT" | "PROTO" | "ADDR"), None) => {
            port(number)
        }
        _ => false,
    }
}

/// `tcp://10.0.0.1:80`
fn is_address(value: &str) -> bool {
    let Some((protocol, address)) = value.split_once("://") else {
        return false;
    };
    matches!(protocol, "tcp" | "udp" | "sctp")
        && address
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{service_of, services};

    #[test]
    fn a_link_names_its_service() {
        assert_eq!(
            service_of("APP_PORT", "tcp://10.0.0.1:80"),
            Some("app".to_owned())
        );
        assert_eq!(
            service_of("MY_APP_PORT", "udp://[::1]:53"),
            Some("my-app".to_owned())
        );
        assert_eq!(service_of("APP_PORT", "http://10.0.0.1:80"), None);
        assert_eq!(service_of("APP_PORT", "tcp://10.0.0.1"), None);
        assert_eq!(service_of("APP_URL", "tcp://10.0.0.1:80"), None);
    }

    #[test]
    fn all_names_of_a_link_are_known() {
        for name in [
            "APP_SERVICE_HOST",
            "APP_SERVICE_PORT",
            "APP_SERVICE_PORT_HTTP_ALT",
            "APP_PORT",
            "APP_PORT_80_TCP",
            "APP_PORT_80_TCP_ADDR",
            "APP_PORT_53_UDP_PROTO",
            "APP_PORT_80_TCP_PORT",
        ] {
            assert!(services(name).any(|service| service == "APP"), "{name}");
        }
        for name in [
            "APP_PORTS",
            "APP_PORT_80",
            "APP_PORT_HTTP_TCP",
            "APP_PORT_80_TCP_X",
            "APP_HOST",
        ] {
            assert_eq!(services(name).count(), 0, "{name}");
        }
    }
}
