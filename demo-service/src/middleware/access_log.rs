//! One event for each request, when it is answered.

use std::time::{Duration, Instant};

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::USER_AGENT;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest};
use tracing::field::display;
use tracing::{debug, info};

use crate::middleware::Identity;
use crate::routes::is_probe;

/// The target of its events.
pub(crate) const ACCESS_LOG: &str = module_path!();

/// Logs every request: probes, of which there are many, at `debug`.
pub(crate) async fn access_log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let start = Instant::now();
    let response = next.call(request).await?;
    let bytes = match response.response().body().size() {
        BodySize::Sized(bytes) if response.request().method() != Method::HEAD => bytes,
        _ => 0,
    };
    log(
        response.request(),
        response.status().as_u16(),
        bytes,
        start.elapsed(),
    );
    Ok(response)
}

fn log(request: &HttpRequest, status: u16, bytes: u64, duration: Duration) {
    let pattern = request.match_pattern();
    let route = pattern.as_deref().unwrap_or("unmatched");
    let method = request.method().as_str();
    // The query may hold what must not be logged.
    let path = request.path();
    let extensions = request.extensions();
    let identity = extensions.get::<Identity>();
    let client = identity.and_then(|identity| identity.client.map(display));
    let request_id = identity.map(Identity::request_id);
    let trace_id = identity.and_then(|identity| identity.trace_id.map(display));
    let agent = request
        .headers()
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let duration_ms = (duration.as_secs_f64() * 1e6).round() / 1e3;
    macro_rules! event {
        ($level:ident) => {
            $level!(
                method,
                path,
                route,
                status,
                duration_ms,
                bytes,
                client,
                request_id,
                trace_id,
                agent,
                "request"
            )
        };
    }
    if is_probe(route) {
        event!(debug);
    } else {
        event!(info);
    }
}
