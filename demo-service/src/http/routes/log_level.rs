//! `/-/log-level`: the log level, and its change for a time.

use std::time::Duration;

use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpRequest, HttpResponse};
use environ::EnvConfig;
use serde_json::{Value, json};

use super::change::{self, Member, more_than_nothing_at_most_a_day};
use crate::http::access::authorize;
use crate::http::proxies::TrustedProxies;
use crate::state::AppState;
use crate::telemetry::{Level, Log};

const MEMBERS: [Member; 2] = [Member::Text("level"), Member::Text("ttl")];

const EXAMPLE: &str = r#"{"level":"debug","ttl":"10m"}"#;

/// A change of the level.
#[derive(EnvConfig)]
#[env(prefix = "")]
pub(super) struct Wanted {
    pub(super) level: Level,
    #[env(default = "10m", validate = more_than_nothing_at_most_a_day)]
    pub(super) ttl: Duration,
}

pub(super) async fn read(state: Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().json(describe(&state.log))
}

pub(super) async fn write(
    state: Data<AppState>,
    proxies: Data<TrustedProxies>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, Error> {
    // Before the body, so that strangers cannot make the service store one.
    authorize(&request, &state)?;
    let body = change::read(body).await?;
    let wanted: Wanted = change::parse(&body, &MEMBERS, EXAMPLE)?;
    let client = change::client(&request, &proxies);
    state.log.change(wanted.level, wanted.ttl, client)?;
    Ok(HttpResponse::Ok().json(describe(&state.log)))
}

fn describe(log: &Log) -> Value {
    json!({
        "level": log.level().to_string(),
        "configured": log.configured().to_string(),
        "reverts_in_seconds": log.reverts_in().map(|left| left.as_secs_f64().ceil()),
    })
}
