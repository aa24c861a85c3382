//! The trace of a request: <https://www.w3.org/TR/trace-context/>.

use std::fmt;

use actix_web::http::header::{HeaderMap, HeaderName};

use crate::otel::Parent;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The length of a `traceparent` of version 00. A later version may append more after
/// another `-`.
const LENGTH: usize = 55;

/// The trace that a request belongs to: 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct TraceId(pub(in crate::http) u128);

/// Reads the header. A header that is malformed or present twice is ignored.
pub(in crate::http) fn parent(headers: &HeaderMap) -> Option<Parent> {
    let mut lines = headers.get_all(TRACEPARENT);
    let line = lines.next().filter(|_| lines.next().is_none())?;
    parse(line.to_str().ok()?)
}

fn parse(parent: &str) -> Option<Parent> {
    let (known, more) = parent.split_at_checked(LENGTH)?;
    let fields: Vec<_> = known.split('-').collect();
    let [version, trace, span, flags] = fields[..] else {
        return None;
    };
    let version = hex(version, 2)?;
    let trace_id = hex(trace, 32).filter(|trace| *trace != 0)?;
    let span = hex(span, 16).filter(|span| *span != 0)?;
    let flags = hex(flags, 2)?;
    let is_whole = match version {
        0 => more.is_empty(),
        0xff => false,
        _ => more.is_empty() || more.starts_with('-'),
    };
    is_whole.then_some(Parent {
        trace_id,
        span_id: u64::try_from(span).ok()?,
        is_sampled: flags & 1 == 1,
    })
}

/// Parses lower-case digits; `from_str_radix` accepts a sign and capitals too.
fn hex(digits: &str, length: usize) -> Option<u128> {
    let is_hex = |digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    if digits.len() != length || !digits.bytes().all(is_hex) {
        return None;
    }
    u128::from_str_radix(digits, 16).ok()
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
