//! The access log: an event at the end of each request.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use tracing::field::display;
use tracing::{debug, info};

use super::identity::Identity;
use super::ip_text::IpText;
use crate::http::paths::is_probe;
use crate::telemetry::targets::ACCESS_LOG;

/// The longest logged text of a client.
const MAX_BYTES: usize = 1024;

/// The longest logged method: no method that exists is longer.
const MAX_METHOD_BYTES: usize = 32;

/// Logs a request that has ended: at `debug` if it is a health probe, because there are
/// many.
pub(super) fn access_log(
    request: &HttpRequest,
    identity: &Identity,
    route: &str,
    status: u16,
    bytes: u64,
    duration: Duration,
) {
    let method = request.method().as_str();
    let method = &method[..method.floor_char_boundary(MAX_METHOD_BYTES)];
    // Without the query, which may hold secrets.
    let path = cut(request.path());
    let client = identity.client.map(IpText::of);
    let client = client.as_ref().map(IpText::as_str);
    let request_id = identity.request_id();
    let trace_id = identity.trace_id.map(display);
    let agent = request.headers().get(USER_AGENT);
    let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let agent = agent.as_deref().map(cut);
    let duration_ms = (duration.as_secs_f64() * 1e6).round() / 1e3;
    macro_rules! event {
        ($level:ident) => {
            $level!(
                target: ACCESS_LOG,
                message = "request",
                method,
                path,
                route,
                status,
                duration_ms,
                bytes,
                client,
                request_id,
                trace_id,
                agent
            )
        };
    }
    if is_probe(route) {
        event!(debug);
    } else {
        event!(info);
    }
}

/// A collector would break a line with an endless text in two.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}
