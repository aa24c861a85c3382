//! A request from its start to its end: answered, or abandoned.

use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;

use super::access_log::access_log;
use super::identity::Identity;
use crate::http::paths::is_for_operators;
use crate::in_flight::InFlight;
use crate::otel::{Ended, RequestSpan};
use crate::state::AppState;

/// The status of a request that got no answer, in the log and in metrics: that of nginx
/// for a client that closed the connection.
const UNANSWERED: u16 = 499;

/// Counts a request as in flight; logs and measures it when it ends. If the guard is
/// dropped, the request got no answer: its client has gone, or the drain cut it.
pub(in crate::http) struct RequestGuard<'s> {
    pub(in crate::http) request: HttpRequest,
    pub(in crate::http) identity: Identity,
    route: &'static str,
    start: Instant,
    state: &'s AppState,
    in_flight: Option<InFlight<'s>>,
}

impl<'s> RequestGuard<'s> {
    /// Begins a request. The route is its pattern, or `unmatched`.
    pub(in crate::http) fn begin(
        state: &'s AppState,
        request: HttpRequest,
        identity: Identity,
        route: &'static str,
        start: Instant,
    ) -> Self {
        Self {
            request,
            identity,
            route,
            start,
            state,
            in_flight: Some(state.requests.begin()),
        }
    }

    /// Ends the request with its answer. Returns its id, for the response.
    pub(in crate::http) fn answered(mut self, response: &ServiceResponse) -> HeaderValue {
        let bytes = match response.response().body().size() {
            BodySize::Sized(bytes) if self.request.method() != Method::HEAD => bytes,
            _ => 0,
        };
        self.end(response.status().as_u16(), bytes);
        if let Some(in_flight) = self.in_flight.take() {
            in_flight.answer();
        }
        self.identity.take_request_id()
    }

    fn end(&mut self, status: u16, bytes: u64) {
        let span = self.identity.span.take();
        let Self {
            request,
            identity,
            route,
            ..
        } = self;
        let duration = self.start.elapsed();
        access_log(request, identity, route, status, bytes, duration);
        let recorded = span.as_ref().and_then(RequestSpan::recorded);
        if let Some(span) = span {
            span.end(Ended {
                method: request.method().as_str(),
                route,
                path: request.path(),
                status,
                request_id: identity.request_id(),
            });
        }
        let metrics = &self.state.metrics;
        let method = request.method().as_str();
        metrics.observe(method, route, status, duration, recorded);
        if !is_for_operators(route) {
            metrics.recent.record(status, duration);
        }
    }
}

impl Drop for RequestGuard<'_> {
    fn drop(&mut self) {
        if self.in_flight.is_some() {
            self.end(UNANSWERED, 0);
        }
    }
}
