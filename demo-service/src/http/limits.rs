//! The limits of requests, each by itself and all together.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, HOST, HeaderMap};

use super::host::is_host;
use super::paths::{CHAOS, is_for_operators};
use super::problem::Problem;
use crate::config::EffectiveLimits;

/// The maximum size of a change by operators. A larger body cannot be valid.
pub(super) const MAX_CHANGE: usize = 1024;

/// The limits of a listener.
#[derive(Debug)]
pub(super) struct Limits {
    /// The limits of all listeners, which a reload may change.
    pub(super) effective: EffectiveLimits,
    in_flight: AtomicUsize,
}

/// A request in flight.
#[derive(Debug)]
pub(super) struct Permit<'a>(&'a AtomicUsize);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Limits {
    pub(super) fn new(effective: EffectiveLimits) -> Self {
        Self {
            effective,
            in_flight: AtomicUsize::new(0),
        }
    }

    /// Returns the maximum size of a body. Operators can change the service, however small the
    /// bodies of users have to be.
    pub(super) fn max_body(&self, path: &str) -> usize {
        let max = self.effective.max_body();
        if is_of_operators(path) {
            max.max(MAX_CHANGE)
        } else {
            max
        }
    }

    /// Returns a permit to hold while a request is in flight, or rejects the request: with
    /// 400 if its host is malformed, with 413 if its body is too large, with 503 if too many
    /// requests are in flight.
    ///
    /// Operators' requests need no permit, so that an overloaded service still reports its
    /// state.
    pub(super) fn permit(&self, request: &ServiceRequest) -> Result<Option<Permit<'_>>, Problem> {
        let path = request.path();
        let host = request.headers().get(HOST);
        if host.is_some_and(|host| !is_host(host.as_bytes())) {
            let detail = "`Host` is not a host, or a host and a port";
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
        if length(request.headers()).is_some_and(|length| length > self.max_body(path)) {
            return Err(Problem::too_large());
        }
        if is_of_operators(path) {
            return Ok(None);
        }
        let max = self.effective.max_in_flight();
        let add = |count: usize| (count < max).then_some(count + 1);
        let in_flight = &self.in_flight;
        let added = in_flight.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        added.map(|_| Some(Permit(in_flight))).map_err(|_| {
            let detail = "as many requests are served as may be; ask again";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        })
    }
}

/// Returns whether a request is one of operators. Chaos stands for the requests of users.
fn is_of_operators(path: &str) -> bool {
    is_for_operators(path) && !path.starts_with(CHAOS)
}

/// Returns the announced length of the body. actix has validated it, and counts the bytes.
fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
