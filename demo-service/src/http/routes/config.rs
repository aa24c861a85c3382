//! `/-/config`: what is in effect, where it came from, and what is held for a time.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::state::AppState;

pub(super) async fn config(state: Data<AppState>) -> HttpResponse {
    let mut config = state.settings.json().clone();
    config["secrets"] = state.holdings.json();
    HttpResponse::Ok().json(config)
}
