//! The steps of each request, in order.

use std::rc::Rc;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

use super::access::{admit, is_misdirected};
use super::limits::Limits;
use super::middleware::{
    ChunkedBody, Identity, RequestGuard, X_REQUEST_ID, limit_body, run_handler,
};
use super::paths::{Clients, UNMATCHED, is_disguised, is_probe};
use super::problem::{Problem, render};
use super::proxies::TrustedProxies;
use crate::health::Phase;
use crate::otel::in_span;
use crate::state::AppState;

/// The header with the trace of a request: <https://www.w3.org/TR/trace-context-2/>.
const TRACERESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// Each answer tells of one moment. A handler may say otherwise.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The steps of each request, in order. The steps are one function, because each middleware
/// that wraps another costs a request as much as all of these steps. The pipeline wraps each
/// resource instead of the app, because the route is known there, and because the router
/// cannot run while the request is cloned.
#[derive(Clone)]
pub(super) struct Pipeline {
    pub(super) limits: Data<Limits>,
    pub(super) proxies: Data<TrustedProxies>,
    pub(super) state: Data<AppState>,
}

impl Pipeline {
    /// Serves a request of `route`, which answers `clients`.
    ///
    /// An `async fn` would hold its arguments twice, and twice again where actix holds
    /// it: more than 1 KiB, for which an allocator takes several times as long.
    pub(super) fn serve(
        self: Rc<Self>,
        route: &'static str,
        clients: Clients,
        mut request: ServiceRequest,
        next: Next<BoxBody>,
    ) -> impl Future<Output = Result<ServiceResponse, Error>> {
        let start = Instant::now();
        // Health probes are many, and tell nothing.
        let otel = (!is_probe(route)).then_some(&self.state.otel);
        let identity = Identity::of(&request, &self.proxies, otel);
        let (reported, peer) = (&self.state.untrusted_proxy, request.peer_addr());
        self.proxies
            .report_untrusted(reported, peer, request.headers());
        // The router accepts more spellings of a path than the service does.
        let is_disguised = is_disguised(request.path());
        let route = if is_disguised { UNMATCHED } else { route };
        let max_body = self.limits.max_body(request.path());
        limit_body(&mut request, max_body);
        let body = ChunkedBody::of(&mut request);
        // actix reads no further request on a connection that offered an upgrade.
        let offers_upgrade = request.head().upgrade();
        async move {
            let (state, limits) = (&self.state, &self.limits);
            let head = request.request().clone();
            let guard = RequestGuard::begin(state, head, identity, route, start);
            let admitted = admit(&guard.request, clients, state);
            let response = match (limits.permit(&request), admitted) {
                _ if is_disguised => request.into_response(HttpResponse::NotFound()),
                _ if is_misdirected(&request) && !is_probe(route) => {
                    request.error_response(Problem::misdirected())
                }
                (Err(problem), _) => request.error_response(problem),
                (_, Err(err)) => request.error_response(err),
                (Ok(_permit), Ok(())) => {
                    let answer = in_span(guard.identity.span.as_ref(), next.call(request));
                    run_handler(&guard.request, answer, limits, state).await
                }
            };
            let response = render(response, guard.identity.request_id(), route);
            let mut response = match body {
                None => response,
                // Boxed, so that the future of most requests stays small.
                Some(body) => Box::pin(body.keep_until_sent(response)).await,
            };

            let span = guard.identity.span.as_ref();
            if let Some(trace) = span.and_then(|span| span.traceresponse().parse().ok()) {
                response.headers_mut().insert(TRACERESPONSE, trace);
            }
            let request_id = guard.answered(&response);
            let headers = response.headers_mut();
            headers.insert(X_REQUEST_ID, request_id);
            if !headers.contains_key(CACHE_CONTROL) {
                headers.insert(CACHE_CONTROL, NO_STORE);
            }
            // The client's next connection goes to another instance.
            if offers_upgrade || state.readiness.phase() == Phase::Draining {
                let head = response.response_mut().head_mut();
                head.set_connection_type(ConnectionType::Close);
            }
            Ok(response)
        }
    }
}
