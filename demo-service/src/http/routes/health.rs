//! Readiness and liveness.
//!
//! Liveness stays 200 while draining, so that a process that finishes its work is not
//! killed for it.

use actix_web::http::StatusCode;
use actix_web::http::header::{FORWARDED, HeaderMap, X_FORWARDED_FOR};
use actix_web::web::Data;
use actix_web::{HttpRequest, Responder};

use crate::health::haproxy::{self, ServerState};
use crate::health::unready;
use crate::http::proxies::TrustedProxies;
use crate::state::AppState;

pub(super) async fn ready(
    request: HttpRequest,
    proxies: Data<TrustedProxies>,
    state: Data<AppState>,
) -> impl Responder {
    if let Some(peer) = request.peer_addr() {
        let peer = peer.ip();
        let sent = proxies.trust(peer).then(|| server_state(request.headers()));
        state.load_balancers.checked(peer, sent.flatten());
    }
    match unready(&state.readiness, &state.heartbeat) {
        None => ("yep", StatusCode::OK),
        Some(why) => (why, StatusCode::SERVICE_UNAVAILABLE),
    }
}

pub(super) async fn alive(state: Data<AppState>) -> impl Responder {
    if state.event_loops.are_stuck() {
        return ("an event loop is stuck", StatusCode::SERVICE_UNAVAILABLE);
    }
    ("yep", StatusCode::OK)
}

/// Returns the state that a load balancer sends with a check. In a request that it
/// forwards, the header comes from its client.
fn server_state(headers: &HeaderMap) -> Option<ServerState> {
    if headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED) {
        return None;
    }
    ServerState::parse(headers.get(haproxy::HEADER)?.to_str().ok()?)
}
