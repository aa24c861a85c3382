//! A change of the running service: a body of a few members, loaded like variables, because
//! they have the same rules.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Payload};
use actix_web::{Error, HttpRequest};
use environ::EnvConfig;
use serde_json::{Map, Value};

use crate::http::limits::MAX_CHANGE;
use crate::http::problem::Problem;
use crate::http::proxies::TrustedProxies;

/// A member of the body of a change.
#[derive(Clone, Copy)]
pub(super) enum Member {
    /// A string.
    Text(&'static str),
    /// A boolean.
    Flag(&'static str),
}

impl Member {
    fn name(self) -> &'static str {
        let (Self::Text(name) | Self::Flag(name)) = self;
        name
    }

    fn text(self, value: &Value) -> Result<String, String> {
        match (self, value) {
            (Self::Text(_), Value::String(text)) => Ok(text.clone()),
            (Self::Flag(_), Value::Bool(flag)) => Ok(flag.to_string()),
            (Self::Text(name), _) => Err(format!("{name}: it must be a string")),
            (Self::Flag(name), _) => Err(format!("{name}: it must be true or false")),
        }
    }
}

/// Reads a small body.
///
/// # Errors
///
/// 413 if the body is too large.
pub(super) async fn read(body: Payload) -> Result<Bytes, Error> {
    let body = body.to_bytes_limited(MAX_CHANGE).await;
    body.map_err(|_| Problem::too_large())?
}

/// Parses a JSON object. The error names all mistakes in it.
///
/// # Errors
///
/// 400.
pub(super) fn parse<T: EnvConfig>(
    body: &[u8],
    members: &[Member],
    example: &str,
) -> Result<T, Error> {
    let object: Result<Map<String, Value>, _> = serde_json::from_slice(body);
    let object = object.map_err(|err| {
        rejected(format!(
            "the body is not a JSON object like {example}: {err}"
        ))
    })?;
    let mut texts = Vec::new();
    for (name, value) in &object {
        let member = members.iter().find(|member| member.name() == name);
        let member = member.ok_or_else(|| {
            let known: Vec<_> = members.iter().map(|member| member.name()).collect();
            rejected(format!(
                "{name:?} is not known; write `{}`",
                known.join("` and `")
            ))
        })?;
        let text = member.text(value).map_err(rejected)?;
        texts.push((member.name().to_ascii_uppercase(), text));
    }
    load(&texts)
}

/// Loads the members.
///
/// # Errors
///
/// 400.
pub(super) fn load<T: EnvConfig>(texts: &[(String, String)]) -> Result<T, Error> {
    T::from_source(texts).map_err(|err| {
        let problems = err.problems().map(|problem| {
            let name = problem.name().to_ascii_lowercase();
            format!("{name}: {}", problem.message())
        });
        rejected(problems.collect::<Vec<_>>().join("; "))
    })
}

fn rejected(why: String) -> Error {
    Problem::new(StatusCode::BAD_REQUEST, why).into()
}

/// Returns the address of the client, for the log.
pub(super) fn client(request: &HttpRequest, proxies: &TrustedProxies) -> String {
    let peer = request.peer_addr();
    let client = peer.map(|peer| proxies.client(peer.ip(), request.headers()));
    client.map_or_else(|| "unknown".to_owned(), |client| client.to_string())
}

/// Validates the time of a change.
pub(super) fn more_than_nothing_at_most_a_day(ttl: &Duration) -> Result<(), &'static str> {
    if ttl.is_zero() || *ttl > Duration::from_hours(24) {
        return Err("it must be more than 0s and at most 24h");
    }
    Ok(())
}
