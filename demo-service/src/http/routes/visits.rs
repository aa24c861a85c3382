//! `/visits`: a counter in the database.

use actix_web::Error;
use actix_web::error::ErrorInternalServerError;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json};
use serde_json::{Value, json};

use crate::database::DatabaseError;
use crate::http::problem::Problem;
use crate::state::AppState;

pub(super) async fn count(state: Data<AppState>) -> Result<Json<Value>, Error> {
    let visits = state.database.visits().await;
    visits.map(shown).map_err(refused)
}

pub(super) async fn add(state: Data<AppState>) -> Result<Json<Value>, Error> {
    let visits = state.database.add_visit().await;
    visits.map(shown).map_err(|err| {
        if err.may_be_done() {
            let detail = "the database did not answer, and the visit is counted or not";
            return Problem::new(StatusCode::GATEWAY_TIMEOUT, detail).into();
        }
        refused(err)
    })
}

fn shown(visits: i64) -> Json<Value> {
    Json(json!({"visits": visits}))
}

/// An outage is logged already, once; any other error is a bug.
fn refused(err: DatabaseError) -> Error {
    if err.is_outage() {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Problem::new(status, err.detail()).into();
    }
    ErrorInternalServerError(err)
}
