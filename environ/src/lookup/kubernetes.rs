//! The variables that Kubernetes sets in every pod for each Service of the
//! namespace. A Service called `app` sets `APP_PORT=tcp://10.0.0.1:80`.

use std::borrow::Cow;
use std::ffi::OsStr;

/// Returns the text of a variable.
type Get<'a, 's> = &'a dyn Fn(&str) -> Option<Cow<'s, OsStr>>;

/// The ends of such names, after the name of the Service.
const HOST: &str = "_SERVICE_HOST";
const PORT: &str = "_PORT";
const SERVICE_PORT: &str = "_SERVICE_PORT";

/// Returns the Service that a variable of this value was set for.
///
/// A name that ends in `_PORT` and has an address as its value is enough, because Docker's
/// links have no more. A key of a map may be `main_service`, so a name with another ending counts
/// only beside the host of the Service and an address of a port, as a pod has them.
pub(crate) fn service_of(name: &str, value: &OsStr, get: Get<'_, '_>) -> Option<String> {
    let service = match name.strip_suffix(PORT) {
        Some(service) if is_address_of_port(value) => Some(service).filter(|it| !it.is_empty()),
        _ => services(name).find(|service| {
            // The pod overrides the address by a value of its own.
            let is_overridden = name.len() == service.len() + PORT.len();
            !is_overridden && has_host(service, get) && has_address(service, get)
        }),
    };
    service.map(|service| service.to_lowercase().replace('_', "-"))
}

/// Returns whether a variable was set for a Service. The host of the Service must be set too.
pub(crate) fn is_service_link(name: &str, get: Get<'_, '_>) -> bool {
    services(name).any(|service| has_host(service, get))
}

/// Returns whether a variable of this name may be set for a Service.
pub(crate) fn may_be_link(name: &str) -> bool {
    services(name).next().is_some()
}

fn has_host(service: &str, get: Get<'_, '_>) -> bool {
    !service.is_empty() && get(&format!("{service}{HOST}")).is_some()
}

/// Returns whether the Service has the address of a port. The variable of its own name may
/// be overridden by the pod, so the first numbered port counts too.
fn has_address(service: &str, get: Get<'_, '_>) -> bool {
    let is_set = |name: &str| get(name).is_some_and(|value| is_address_of_port(&value));
    if is_set(&format!("{service}{PORT}")) {
        return true;
    }
    let number = get(&format!("{service}{SERVICE_PORT}"));
    number.is_some_and(|number| {
        let number = number.to_string_lossy();
        let mut protocols = ["TCP", "UDP", "SCTP"].iter();
        protocols.any(|protocol| is_set(&format!("{service}{PORT}_{number}_{protocol}")))
    })
}

/// The names of Services that the variable may have been set for.
fn services(name: &str) -> impl Iterator<Item = &str> {
    let host = name.strip_suffix(HOST).into_iter();
    let named_port = before(name, SERVICE_PORT, |rest| {
        rest.is_empty() || rest.starts_with('_')
    });
    host.chain(named_port).chain(before(name, PORT, is_port))
}

/// Returns the part of `name` before each `word`, if the part after `word` passes `is`.
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
fn is_address_of_port(value: &OsStr) -> bool {
    let Some((protocol, address)) = value.to_str().and_then(|text| text.split_once("://")) else {
        return false;
    };
    matches!(protocol, "tcp" | "udp" | "sctp")
        && address
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::ffi::OsStr;

    use super::{service_of, services};

    fn service(name: &str, pairs: &[(&str, &str)]) -> Option<String> {
        let get = |name: &str| {
            let pair = pairs.iter().find(|(this, _)| *this == name);
            pair.map(|(_, value)| value)
        };
        let value = OsStr::new(get(name)?);
        service_of(name, value, &|name| {
            get(name).map(|value| Cow::Owned(value.into()))
        })
    }

    #[test]
    fn a_link_names_its_service() {
        let of = |name, value| service(name, &[(name, value)]);
        assert_eq!(of("APP_PORT", "tcp://10.0.0.1:80").as_deref(), Some("app"));
        assert_eq!(
            of("MY_APP_PORT", "udp://[::1]:53").as_deref(),
            Some("my-app")
        );
        assert_eq!(of("APP_PORT", "http://10.0.0.1:80"), None);
        assert_eq!(of("APP_PORT", "tcp://10.0.0.1"), None);
        assert_eq!(of("APP_URL", "tcp://10.0.0.1:80"), None);
        assert_eq!(of("_PORT", "tcp://10.0.0.1:80"), None);
    }

    #[test]
    fn a_link_without_an_address_needs_the_rest_of_the_service() {
        let mut pairs = vec![
            ("DB_SERVICE_HOST", "10.0.0.1"),
            ("DB_SERVICE_PORT", "5432"),
            ("DB_SERVICE_PORT_SQL", "5432"),
            ("DB_PORT", "5432"),
        ];
        for (name, _) in &pairs {
            assert_eq!(service(name, &pairs), None, "{name}");
        }
        pairs.push(("DB_PORT_5432_TCP", "tcp://10.0.0.1:5432"));
        pairs.push(("DB_PORT_5432_TCP_ADDR", "10.0.0.1"));
        for (name, _) in &pairs {
            // The pod has overridden this variable.
            let of_service = (*name != "DB_PORT").then(|| "db".to_owned());
            assert_eq!(service(name, &pairs), of_service, "{name}");
        }
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
