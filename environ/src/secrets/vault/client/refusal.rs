//! From a failed request to an error with a kind and a reason.

use rustify::errors::ClientError;
use vaultrs::api::EndpointError;

use super::error::{VaultError, VaultErrorKind};
use crate::secrets::limit::TooLarge;

pub(super) fn explain(
    addr: &str,
    purpose: &str,
    err: &ClientError,
    hidden: &[String],
) -> VaultError {
    match err {
        ClientError::ServerResponseError { code, content } => {
            let said = content.as_deref().map(serde_json::from_str);
            let said = said.and_then(Result::ok);
            let said = said.map(|EndpointError { errors }| errors.join(", "));
            let (kind, reason) = refusal(*code, &said.unwrap_or_default(), hidden);
            VaultError::new(kind, purpose, format!("{addr} {reason}"))
        }
        ClientError::ResponseError { source } if source.is::<TooLarge>() => {
            VaultError::new(VaultErrorKind::TooLarge, purpose, source)
        }
        err => {
            let reason = format!("{addr} cannot be reached: {}", root_cause(err));
            VaultError::new(VaultErrorKind::Unreachable, purpose, reason)
        }
    }
}

/// Maps a status to a kind and a reason. The server's text decides where the
/// status is ambiguous: an unknown lease and a wrong secret id are both 400, and a
/// missing secret comes with errors, without, or with data.
fn refusal(code: u16, said: &str, hidden: &[String]) -> (VaultErrorKind, String) {
    let has = |words: &[&str]| words.iter().any(|words| said.contains(words));
    let (kind, reason) = match code {
        300..=399 => (VaultErrorKind::Standby, "points to another node"),
        400 if has(&["lease not found", "lease expired"]) => {
            (VaultErrorKind::LeaseGone, "does not know the lease")
        }
        400 if has(&[
            "invalid role",
            "invalid secret",
            "invalid username",
            "wrapping token",
        ]) =>
        {
            (VaultErrorKind::Denied, "refuses the login")
        }
        400 | 405 | 406 | 413 | 415 | 422 => (VaultErrorKind::Invalid, "does not take it"),
        401 | 403 => (VaultErrorKind::Denied, "denies it"),
        404 => (VaultErrorKind::NotFound, "has nothing there"),
        429 => (VaultErrorKind::Throttled, "has had too many requests"),
        472 | 473 => (VaultErrorKind::Standby, "is a standby"),
        500 if has(&["not active", "standby"]) => (VaultErrorKind::Standby, "is a standby"),
        502 | 504 => (VaultErrorKind::Unreachable, "is not behind its proxy"),
        503 if has(&["sealed"]) => (VaultErrorKind::Sealed, "is sealed"),
        503 => (VaultErrorKind::Unreachable, "does not serve"),
        _ => (VaultErrorKind::Other, "refuses it"),
    };
    let quotes = hidden
        .iter()
        .any(|text| !text.is_empty() && said.contains(text));
    let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
    if said.is_empty() || quotes {
        return (kind, format!("{reason} ({code})"));
    }
    (kind, format!("{reason} ({code}: {said})"))
}

/// Returns the innermost cause, which says most: `connection refused`, not `error
/// sending request`.
fn root_cause(err: &ClientError) -> String {
    let mut cause: &dyn std::error::Error = err;
    let mut timed_out = false;
    while let Some(inner) = cause.source() {
        cause = inner;
        timed_out |= cause.downcast_ref().is_some_and(reqwest::Error::is_timeout);
    }
    if timed_out {
        return "it does not answer in time".to_owned();
    }
    cause.to_string()
}
