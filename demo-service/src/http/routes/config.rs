//! `/-/config`: the configuration in effect, its origins, and the ages of secrets.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::state::AppState;

pub(super) async fn config(state: Data<AppState>) -> HttpResponse {
    let mut config = state.effective_config.json().clone();
    config["secrets"] = state.secrets.json();
    HttpResponse::Ok().json(config)
}
