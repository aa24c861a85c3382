//! Readiness and liveness.
//!
//! Liveness stays 200 while draining: a process that is finishing its work must
//! not be killed for it.

use actix_web::http::StatusCode;
use actix_web::http::header::{FORWARDED, HeaderMap, X_FORWARDED_FOR};
use actix_web::web::Data;
use actix_web::{HttpRequest, Responder};

use crate::health::haproxy::{self, ServerState};
use crate::http::proxies::TrustedProxies;
use crate::state::AppState;

pub(super) async fn ready(
    request: HttpRequest,
    proxies: Data<TrustedProxies>,
    state: Data<AppState>,
) -> impl Responder {
    if let Some(peer) = request.peer_addr() {
        let peer = peer.ip();
        let said = proxies.trust(peer).then(|| said(request.headers()));
        state.balancers.checked(peer, said.flatten());
    }
    match state.unready() {
        None => ("yep", StatusCode::OK),
        Some(why) => (why, StatusCode::SERVICE_UNAVAILABLE),
    }
}

pub(super) async fn alive(state: Data<AppState>) -> impl Responder {
    if state.loops.are_stuck() {
        return ("an event loop is stuck", StatusCode::SERVICE_UNAVAILABLE);
    }
    ("yep", StatusCode::OK)
}

/// What a balancer says with a check. In a request that it forwards, these are its
/// client's words.
fn said(headers: &HeaderMap) -> Option<ServerState> {
    if headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED) {
        return None;
    }
    ServerState::parse(headers.get(haproxy::HEADER)?.to_str().ok()?)
}
