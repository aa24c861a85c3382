//! One event for each request, when it ends.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use tracing::field::display;
use tracing::{debug, info};

use crate::http::middleware::Identity;
use crate::http::middleware::ip_text::AddressText;
use crate::http::routes::is_probe;
use crate::telemetry::targets::ACCESS_LOG;

/// How much of what a client says is logged, in bytes.
const LONGEST: usize = 1024;

/// Logs a request that has ended: probes, of which there are many, at `debug`.
pub(super) fn access_log(
    request: &HttpRequest,
    identity: &Identity,
    route: &str,
    status: u16,
    bytes: u64,
    duration: Duration,
) {
    let method = request.method().as_str();
    // The query may hold what must not be logged.
    let path = cut(request.path());
    let client = identity.client.map(AddressText::of);
    let client = client.as_ref().map(AddressText::as_str);
    let request_id = identity.request_id();
    let trace_id = identity.trace_id.map(display);
    let agent = request
        .headers()
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .map(cut);
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

/// What a client says without end would make a line that collectors break in two.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}
