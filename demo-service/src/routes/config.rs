//! `/-/config`: what is in effect, and where it came from.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::state::AppState;

pub(super) async fn config(state: Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().json(state.settings.json())
}
