//! The limits of requests, each by itself and all together.

use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, HOST, HeaderMap};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::host::is_host;
use super::paths::{CHAOS, is_for_operators};
use super::problem::Problem;
use crate::config::LimitsConfig;

/// The limits of a listener.
#[derive(Debug)]
pub(super) struct Limits {
    /// The size of a body in bytes.
    pub(super) max_body: usize,
    /// The time of a handler, with the body that it waits for.
    pub(super) request_timeout: Duration,
    in_flight: Semaphore,
}

impl Limits {
    pub(super) fn new(config: &LimitsConfig) -> Self {
        Self {
            max_body: config.max_body,
            request_timeout: config.request_timeout,
            in_flight: Semaphore::new(config.max_in_flight),
        }
    }

    /// Returns a permit to hold while a request is in flight, or rejects the request: with
    /// 400 if its host is malformed, with 413 if its body is too large, with 503 if too many
    /// requests are in flight.
    ///
    /// Operators' requests need no permit, so that an overloaded service still reports its
    /// state. Chaos needs a permit, because it stands for the requests of users.
    pub(super) fn permit(
        &self,
        request: &ServiceRequest,
    ) -> Result<Option<SemaphorePermit<'_>>, Problem> {
        let path = request.path();
        let host = request.headers().get(HOST);
        if host.is_some_and(|host| !is_host(host.as_bytes())) {
            let detail = "`Host` is not a host, or a host and a port";
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
        if length(request.headers()).is_some_and(|length| length > self.max_body) {
            return Err(Problem::too_large());
        }
        if is_for_operators(path) && !path.starts_with(CHAOS) {
            return Ok(None);
        }
        let permit = self.in_flight.try_acquire().map_err(|_| {
            let detail = "as many requests are served as may be; ask again";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        });
        permit.map(Some)
    }
}

/// Returns the announced length of the body. actix has validated it, and counts the bytes.
fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
