//! Counts and times requests, and closes connections while draining.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::state::{AppState, Phase};

/// Counts a request as answered, or as abandoned when its future is dropped.
/// While draining, its response closes the connection, so that the client's
/// next request goes elsewhere.
pub(crate) async fn in_flight(
    state: Data<AppState>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let guard = state.requests.begin();
    let start = Instant::now();
    let mut response = next.call(request).await?;
    let request = response.request();
    state.metrics.observe(
        request.method(),
        request.match_pattern(),
        response.status().as_u16(),
        start.elapsed(),
    );
    if state.readiness.phase() == Phase::Draining {
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    guard.answer();
    Ok(response)
}
