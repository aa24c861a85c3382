//! A request from its beginning to its end: it is answered, or given up.

use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;

use crate::http::middleware::{Identity, access_log};
use crate::state::{AppState, InFlight};

/// What is logged and measured of a request that got no answer, in place of a status:
/// nginx's, for a client that closed the connection.
const UNANSWERED: u16 = 499;

/// A request that is being served: counted from now on, and logged and measured when
/// it ends. Dropped, it got no answer: its client has gone, or the drain cut it.
pub(crate) struct Serving<'s> {
    pub(crate) request: HttpRequest,
    pub(crate) identity: Identity,
    route: &'static str,
    start: Instant,
    state: &'s AppState,
    in_flight: Option<InFlight<'s>>,
}

impl<'s> Serving<'s> {
    /// The route is its pattern, or `unmatched`.
    pub(crate) fn begin(
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

    /// Ends it with an answer. Gives its id, for who asked.
    pub(crate) fn answered(mut self, response: &ServiceResponse) -> HeaderValue {
        let bytes = match response.response().body().size() {
            BodySize::Sized(bytes) if self.request.method() != Method::HEAD => bytes,
            _ => 0,
        };
        self.ended(response.status().as_u16(), bytes);
        if let Some(in_flight) = self.in_flight.take() {
            in_flight.answer();
        }
        self.identity.take_request_id()
    }

    fn ended(&self, status: u16, bytes: u64) {
        let Self {
            request,
            identity,
            route,
            ..
        } = self;
        let duration = self.start.elapsed();
        access_log(request, identity, route, status, bytes, duration);
        let metrics = &self.state.metrics;
        metrics.observe(request.method(), route, status, duration);
    }
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        if self.in_flight.is_some() {
            self.ended(UNANSWERED, 0);
        }
    }
}
