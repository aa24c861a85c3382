//! The paths of the service, and paths that are disguised.
//!
//! A proxy that denies `/-/` compares the path as sent, and the router decodes the path
//! first: `/%2D/metrics` passes the proxy and reaches the router. So a path that any
//! server may read as an operators' path is served in one spelling only.

use percent_encoding::percent_decode_str;

use crate::config::Exposure;

/// Readiness in the words of the talk, of its long form, and of Kubernetes.
pub(super) const READINESS: &[&str] = &["/-/ready", "/-/readiness", "/healthz"];

/// The path of readiness that operators change.
pub(super) const CHANGE_READY: &str = "/-/ready";

/// Liveness in the words of the talk, of its long form, and of Dockerflow.
pub(super) const LIVENESS: &[&str] = &["/-/healthy", "/-/liveness", "/__lbheartbeat__"];

/// The checks of the dependencies, in the word of Dockerflow.
pub(super) const HEARTBEAT: &str = "/__heartbeat__";

/// The version, in the words of the talk and of Dockerflow.
pub(super) const VERSION: &[&str] = &["/-/version", "/__version__"];

/// The greeting of a person.
pub(super) const ROOT: &str = "/";

/// The state page.
pub(super) const STATE: &str = "/-/";

/// The configuration in effect.
pub(super) const CONFIG: &str = "/-/config";

/// Measurements.
pub(super) const METRICS: &str = "/-/metrics";

/// The level of the log.
pub(super) const LOG_LEVEL: &str = "/-/log-level";

/// A greeting.
pub(super) const HELLO: &str = "/hello";

/// The count of visits.
pub(super) const VISITS: &str = "/visits";

/// The prefix of all misbehaviour.
pub(super) const CHAOS: &str = "/-/chaos/";

/// The route of a request that matches none.
pub(super) const UNMATCHED: &str = "unmatched";

/// A path is decoded so often; the last time must change nothing.
const MAX_DECODINGS: usize = 4;

/// Returns whether a route is a health probe, which machines ask all the time.
pub(super) fn is_probe(route: &str) -> bool {
    READINESS.contains(&route) || LIVENESS.contains(&route) || route == HEARTBEAT
}

/// The clients that a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clients {
    /// All clients: users, and health probes.
    All,
    /// Scrapers.
    Scrapers,
    /// Operators.
    Operators,
    /// Operators who have the service misbehave. All others find nothing.
    Testers,
}

impl Clients {
    /// Returns whether every client is among them.
    pub(super) fn are_all(self, exposure: Exposure) -> bool {
        match self {
            Self::All => true,
            Self::Scrapers => exposure.metrics,
            Self::Operators | Self::Testers => exposure.operators,
        }
    }
}

/// Returns whether a route answers a client on another host, without a token.
pub(crate) fn answers_all(route: &str, exposure: Exposure) -> bool {
    clients(route).are_all(exposure)
}

/// Returns the clients that a route answers.
pub(super) fn clients(route: &str) -> Clients {
    if route == METRICS {
        Clients::Scrapers
    } else if route.starts_with(CHAOS) {
        Clients::Testers
    } else if is_for_operators(route) && !is_probe(route) {
        Clients::Operators
    } else {
        Clients::All
    }
}

/// Returns whether a GET of a path has an answer other than 404, chaos left aside.
pub(crate) fn is_route(path: &str) -> bool {
    let single = [
        ROOT, STATE, HEARTBEAT, CONFIG, METRICS, LOG_LEVEL, HELLO, VISITS,
    ];
    let several = [READINESS, LIVENESS, VERSION];
    single.contains(&path) || several.iter().any(|paths| paths.contains(&path))
}

/// Returns whether a path is an operators' path in another spelling.
pub(super) fn is_disguised(path: &str) -> bool {
    let is_plain = |byte| !matches!(byte, b'%' | b'\\' | b';' | b'.');
    if path.bytes().all(is_plain) && !path.contains("//") {
        return false;
    }
    match plain(path) {
        Some(plain) => (is_for_operators(path) || is_for_operators(&plain)) && plain != path,
        None => true,
    }
}

/// Returns whether a path as written is for operators: `/-/`, `/healthz` and `/__*`.
pub(crate) fn is_for_operators(path: &str) -> bool {
    let Some(path) = path.as_bytes().strip_prefix(b"/") else {
        return false;
    };
    let is_first = |segment: &[u8]| match path.split_at_checked(segment.len()) {
        Some((first, rest)) => {
            first.eq_ignore_ascii_case(segment) && matches!(rest, [] | [b'/', ..])
        }
        None => false,
    };
    path.starts_with(b"__") || is_first(b"-") || is_first(b"healthz")
}

/// Returns the path that a lenient server may read: decoded until nothing is encoded, and
/// without parameters, dots and empty segments. Returns `None` for a path that is encoded
/// more often than an honest client does.
fn plain(path: &str) -> Option<String> {
    let decoded = decode(path)?.replace('\\', "/");
    let mut segments = Vec::new();
    for segment in decoded.split('/') {
        let bare = segment.split(';').next().unwrap_or_default();
        let bare = bare.trim_matches(|char: char| char.is_whitespace() || char.is_control());
        if bare == ".." {
            segments.pop();
        } else if !bare.trim_end_matches('.').is_empty() {
            segments.push(bare.trim_end_matches('.'));
        }
    }
    let slash = if decoded.ends_with('/') { "/" } else { "" };
    Some(format!("/{}{slash}", segments.join("/")))
}

fn decode(path: &str) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..MAX_DECODINGS {
        let decoded = percent_decode_str(&path).decode_utf8_lossy();
        if decoded == path {
            return Some(path);
        }
        path = decoded.into_owned();
    }
    None
}
