//! `/visits`: what the service keeps in a database.

use actix_web::Error;
use actix_web::error::ErrorInternalServerError;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json};
use serde_json::{Value, json};

use crate::database::DatabaseError;
use crate::problem::Problem;
use crate::state::AppState;

pub(super) async fn count(state: Data<AppState>) -> Result<Json<Value>, Error> {
    answer(state.database.visits().await)
}

pub(super) async fn add(state: Data<AppState>) -> Result<Json<Value>, Error> {
    answer(state.database.add_visit().await)
}

/// An outage is in the log already, once; anything else is a failure of ours.
fn answer(visits: Result<i64, DatabaseError>) -> Result<Json<Value>, Error> {
    match visits {
        Ok(visits) => Ok(Json(json!({"visits": visits}))),
        Err(err) if err.is_outage() => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Err(Problem::new(status, "the database is away").into())
        }
        Err(err) => Err(ErrorInternalServerError(err)),
    }
}
