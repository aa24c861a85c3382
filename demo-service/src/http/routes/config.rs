//! `/-/config`: the configuration in effect, its origins, the ages of secrets, the reloads.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::state::AppState;

pub(super) async fn config(state: Data<AppState>) -> HttpResponse {
    let mut config = state.effective_config.get().json().clone();
    config["secrets"] = state.secrets.json();
    config["reloads"] = state.reloads.json();
    HttpResponse::Ok().json(config)
}
