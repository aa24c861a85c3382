//! `/__heartbeat__`: the checks of the dependencies.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::state::AppState;

pub(super) async fn heartbeat(state: Data<AppState>) -> HttpResponse {
    let (is_ok, report) = state.heartbeat.report();
    let mut response = if is_ok {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(report)
}
