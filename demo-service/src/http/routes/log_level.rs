//! `/-/log-level`: the log level, and its change for a time.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpRequest, HttpResponse};
use environ::EnvConfig;
use serde_json::{Map, Value, json};

use crate::http::access::authorize;
use crate::http::problem::Problem;
use crate::http::proxies::TrustedProxies;
use crate::state::AppState;
use crate::telemetry::{Level, Log};

/// A larger body cannot be a valid request.
const MAX_BODY: usize = 1024;

/// A change, loaded like variables, because they have the same rules.
#[derive(EnvConfig)]
#[env(prefix = "")]
struct Wanted {
    level: Level,
    #[env(default = "10m", validate = more_than_nothing_at_most_a_day)]
    ttl: Duration,
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
    let body = body.to_bytes_limited(MAX_BODY).await;
    let body = body.map_err(|_| Problem::too_large())??;
    let wanted = wanted(&body).map_err(|why| Problem::new(StatusCode::BAD_REQUEST, why))?;
    let peer = request.peer_addr();
    let client = peer.map(|peer| proxies.client(peer.ip(), request.headers()));
    let client = client.map_or_else(|| "unknown".to_owned(), |client| client.to_string());
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

/// Parses a JSON object, or returns the mistakes in it.
fn wanted(body: &[u8]) -> Result<Wanted, String> {
    let object: Map<String, Value> = serde_json::from_slice(body).map_err(|err| {
        format!("the body is not a JSON object like {{\"level\":\"debug\",\"ttl\":\"10m\"}}: {err}")
    })?;
    let mut variables = Vec::new();
    for (name, value) in &object {
        match (name.as_str(), value) {
            ("level", Value::String(text)) => variables.push(("LEVEL", text.as_str())),
            ("ttl", Value::String(text)) => variables.push(("TTL", text.as_str())),
            ("level" | "ttl", _) => return Err(format!("{name}: it must be a string")),
            _ => return Err(format!("{name:?} is not known; write `level` and `ttl`")),
        }
    }
    Wanted::from_source(&variables[..]).map_err(|err| {
        let problems = err.problems().map(|problem| {
            let name = problem.name().to_ascii_lowercase();
            format!("{name}: {}", problem.message())
        });
        problems.collect::<Vec<_>>().join("; ")
    })
}

fn more_than_nothing_at_most_a_day(ttl: &Duration) -> Result<(), &'static str> {
    if ttl.is_zero() || *ttl > Duration::from_hours(24) {
        return Err("it must be more than nothing, and a day at most");
    }
    Ok(())
}
