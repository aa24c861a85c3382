//! From a failed request to an error with a kind and a reason.

use rustify::errors::ClientError;
use vaultrs::api::EndpointError;

use super::error::{VaultError, VaultErrorKind};
use crate::secrets::limit::TooLarge;
use crate::secrets::server_text::Hidden;

pub(super) fn explain(addr: &str, purpose: &str, err: &ClientError, hidden: &Hidden) -> VaultError {
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
            let reason = match hidden.shown(&root_cause(err)) {
                Some(cause) => format!("{addr} cannot be reached: {cause}"),
                None => format!("{addr} cannot be reached"),
            };
            VaultError::new(VaultErrorKind::Unreachable, purpose, reason)
        }
    }
}

/// Maps a status to a kind and a reason. The server's text decides where the
/// status is ambiguous: an unknown lease and a wrong secret id are both 400, and a
/// missing secret comes with errors, without, or with data.
fn refusal(code: u16, said: &str, hidden: &Hidden) -> (VaultErrorKind, String) {
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
    match hidden.shown(said) {
        Some(said) => (kind, format!("{reason} ({code}: {said})")),
        None => (kind, format!("{reason} ({code})")),
    }
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
