//! `/__version__`: the version that runs.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::state::AppState;

pub(super) async fn version(state: Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().json(state.version.json())
}
