//! Readiness and liveness.
//!
//! Liveness stays 200 while draining, so that a process that finishes its work is not
//! killed for it.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{FORWARDED, HeaderMap, X_FORWARDED_FOR};
use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpRequest, HttpResponse, Responder};
use environ::EnvConfig;
use serde_json::json;

use super::change::{self, Member, more_than_nothing_at_most_a_day};
use crate::health::haproxy::{self, ServerState};
use crate::health::unready;
use crate::http::access::authorize;
use crate::http::proxies::TrustedProxies;
use crate::state::AppState;

const MEMBERS: [Member; 2] = [Member::Flag("ready"), Member::Text("ttl")];

const EXAMPLE: &str = r#"{"ready":false,"ttl":"10m"}"#;

/// A change of readiness.
#[derive(EnvConfig)]
#[env(prefix = "")]
struct Wanted {
    ready: bool,
    #[env(default = "10m", validate = more_than_nothing_at_most_a_day)]
    ttl: Duration,
}

/// Takes the instance out for a time, or in again.
pub(super) async fn change_ready(
    state: Data<AppState>,
    proxies: Data<TrustedProxies>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, Error> {
    authorize(&request, &state)?;
    let body = change::read(body).await?;
    let wanted: Wanted = change::parse(&body, &MEMBERS, EXAMPLE)?;
    let client = change::client(&request, &proxies);
    if wanted.ready {
        state.readiness.resume(client);
    } else {
        state.readiness.pause(wanted.ttl, client);
    }
    let why = unready(&state.readiness, &state.heartbeat);
    let reverts_in = state.readiness.paused_for();
    Ok(HttpResponse::Ok().json(json!({
        "ready": why.is_none(),
        "reason": why,
        "reverts_in_seconds": reverts_in.map(|left| left.as_secs_f64().ceil()),
    })))
}

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
    if state.event_loops.are_stuck().await {
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
