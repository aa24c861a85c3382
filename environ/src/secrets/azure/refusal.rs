//! From a refusal of Azure's servers to a kind and a reason.

use serde_json::Value;

use super::error::{AzureErrorKind, Fault};
use crate::secrets::http::Answer;
use crate::secrets::server_text::Hidden;

/// The code and the message of a refusal.
#[derive(Default)]
struct Said {
    code: String,
    message: String,
    /// A reason for programs, such as `ForbiddenByFirewall`.
    detail: String,
}

/// Explains why Key Vault gives no secret.
pub(super) fn of_secret(answer: &Answer, hidden: &Hidden) -> Fault {
    let said = Said::of(answer);
    let (kind, reason) = match (answer.status, &*said.code) {
        (429, _) => (AzureErrorKind::Throttled, "there were too many requests"),
        (500.., _) => (AzureErrorKind::Unreachable, "the service fails"),
        (_, "") => (AzureErrorKind::Other, NOT_AZURE),
        (401, _) => return refused_login("the token is refused", answer, &said, hidden),
        (403, _) => match &*said.detail {
            "SecretDisabled" => (AzureErrorKind::Disabled, "its version is disabled"),
            "ForbiddenByFirewall" | "ForbiddenByConnection" => {
                (AzureErrorKind::Firewall, "the network is not allowed")
            }
            _ => {
                let reason = match said.caller(hidden) {
                    Some(caller) => format!("Azure denies it to {caller}"),
                    None => "Azure denies it".to_owned(),
                };
                return (AzureErrorKind::Denied, with(&reason, answer, &said, hidden));
            }
        },
        (404, _) => (AzureErrorKind::NotFound, "it is not there"),
        _ => (AzureErrorKind::Other, "Azure refuses it"),
    };
    (kind, with(reason, answer, &said, hidden))
}

/// Explains why Entra ID gives no token.
pub(super) fn of_token(answer: &Answer, hidden: &Hidden) -> Fault {
    let said = Said::of(answer);
    let (kind, reason) = match answer.status {
        429 => (AzureErrorKind::Throttled, "there were too many logins"),
        500.. => (AzureErrorKind::Unreachable, "the login fails"),
        400..=403 => return refused_login("the login is refused", answer, &said, hidden),
        _ => (AzureErrorKind::Other, "the server gives no tokens"),
    };
    (kind, with(reason, answer, &said, hidden))
}

/// Explains why the machine gives no token of its identity.
pub(super) fn of_machine(answer: &Answer, hidden: &Hidden) -> Fault {
    let (kind, reason) = match answer.status {
        400 => (
            AzureErrorKind::Unconfigured,
            "the machine has no such identity",
        ),
        401 | 403 => (AzureErrorKind::LoginDenied, "the machine denies it"),
        _ => (AzureErrorKind::NoIdentity, "the machine gives no token"),
    };
    (kind, with(reason, answer, &Said::of(answer), hidden))
}

pub(super) const NOT_AZURE: &str = "the server is not Azure Key Vault";

/// Entra ID's code for a token of another provider outside of its time.
const NOT_IN_TIME: &str = "AADSTS700024";

/// Explains a login that is refused: a wrong clock is the usual reason for a token that is
/// signed right.
fn refused_login(reason: &str, answer: &Answer, said: &Said, hidden: &Hidden) -> Fault {
    let is_time = said.message.contains(NOT_IN_TIME);
    let reason = with(reason, answer, said, hidden);
    match answer.skew() {
        Some(skew) => (
            AzureErrorKind::Clock,
            format!("the clock of this machine is {skew} that of the server: {reason}"),
        ),
        None if is_time => (AzureErrorKind::Clock, reason),
        None => (AzureErrorKind::LoginDenied, reason),
    }
}

fn with(reason: &str, answer: &Answer, said: &Said, hidden: &Hidden) -> String {
    let status = answer.status;
    let message = hidden.shown(&said.message);
    match (hidden.shown(&said.code), message) {
        (Some(code), Some(message)) => format!("{reason} ({status}, {code}: {message})"),
        (Some(code), None) => format!("{reason} ({status}, {code})"),
        (None, Some(message)) if said.code.is_empty() => format!("{reason} ({status}: {message})"),
        (None, _) => format!("{reason} ({status})"),
    }
}

impl Said {
    /// Reads the three shapes: that of Key Vault, of OAuth, and of App Service.
    fn of(answer: &Answer) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let json = answer.json();
        let error = &json["error"];
        if error.is_string() {
            let message = text(&json["error_description"]);
            return Self {
                code: text(error),
                message: before_ids(&message).to_owned(),
                detail: String::new(),
            };
        }
        if error.is_null() {
            return Self {
                message: text(&json["message"]),
                ..Self::default()
            };
        }
        // Both spellings are seen.
        let details = [&error["innererror"], &error["innerError"]];
        let detail = details.iter().find(|detail| !detail.is_null());
        Self {
            code: text(&error["code"]),
            message: text(&error["message"]),
            detail: detail.map_or(String::new(), |detail| text(&detail["code"])),
        }
    }

    /// Returns the identity that a denial names, by the id that a role is granted to:
    /// `appid=..;oid=11111111-2222-3333-4444-555555555555;iss=..`
    fn caller(&self, hidden: &Hidden) -> Option<String> {
        let (_, rest) = self.message.split_once("oid=")?;
        let is_part = |letter: &char| letter.is_ascii_hexdigit() || *letter == '-';
        let id: String = rest.chars().take_while(is_part).take(36).collect();
        hidden.shown(&id)
    }
}

/// Returns a message of Entra ID without the ids of the request, which come last.
fn before_ids(message: &str) -> &str {
    let end = message.find(" Trace ID: ");
    let end = end.or_else(|| message.find("\r\nTrace ID: "));
    message[..end.unwrap_or(message.len())].trim_end()
}
