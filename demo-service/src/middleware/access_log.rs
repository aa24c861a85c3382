//! One event for each request, when it is answered.

use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header::USER_AGENT;
use tracing::field::display;
use tracing::{debug, info};

use crate::address::AddressText;
use crate::middleware::Identity;
use crate::routes::is_probe;

/// The target of its events.
pub(crate) const ACCESS_LOG: &str = module_path!();

/// Logs a request that was answered: probes, of which there are many, at `debug`.
/// The route is its pattern, or `unmatched`.
pub(crate) fn access_log(
    response: &ServiceResponse,
    identity: &Identity,
    route: &str,
    duration: Duration,
) {
    let request = response.request();
    let status = response.status().as_u16();
    let bytes = match response.response().body().size() {
        BodySize::Sized(bytes) if request.method() != Method::HEAD => bytes,
        _ => 0,
    };
    let method = request.method().as_str();
    // The query may hold what must not be logged.
    let path = request.path();
    let client = identity.client.map(AddressText::of);
    let client = client.as_ref().map(AddressText::as_str);
    let request_id = identity.request_id();
    let trace_id = identity.trace_id.map(display);
    let agent = request
        .headers()
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let duration_ms = (duration.as_secs_f64() * 1e6).round() / 1e3;
    macro_rules! event {
        ($level:ident) => {
            $level!(
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
