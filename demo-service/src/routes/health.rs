//! Readiness and liveness.
//!
//! Liveness stays 200 while draining: a process that is finishing its work must
//! not be killed for it.

use actix_web::Responder;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::state::{AppState, Phase};

pub(super) async fn ready(state: Data<AppState>) -> impl Responder {
    match state.readiness.phase() {
        Phase::Ready => ("yep", StatusCode::OK),
        Phase::Starting => ("starting", StatusCode::SERVICE_UNAVAILABLE),
        Phase::Draining => ("draining", StatusCode::SERVICE_UNAVAILABLE),
    }
}

pub(super) async fn alive() -> impl Responder {
    "yep"
}
