//! From a refusal of Google's servers to a kind and a reason.

use serde_json::Value;

use super::error::{Fault, GcpErrorKind};
use crate::secrets::http::Answer;
use crate::secrets::server_text::Hidden;

/// The code and the message of a refusal.
#[derive(Default)]
struct Said {
    code: String,
    message: String,
    /// A reason for programs, such as `SERVICE_DISABLED`.
    detail: String,
}

/// A service that refuses, and the meaning of its refusals.
pub(super) enum Service {
    SecretManager,
    Kms,
}

impl Service {
    /// Explains why the service gives no secret. `identity` is the account that asks for it.
    pub(super) fn refusal(
        &self,
        answer: &Answer,
        identity: Option<&str>,
        hidden: &Hidden,
    ) -> Fault {
        let said = Said::of(answer);
        let (kind, reason) = match (answer.status, &*said.code) {
            (429, _) => (GcpErrorKind::Throttled, "there were too many requests"),
            (500.., _) => (GcpErrorKind::Unreachable, "the service fails"),
            (_, "") => (GcpErrorKind::Other, self.is_another()),
            (401, _) => return refused_login("the credentials are refused", answer, &said, hidden),
            (403, _) if said.detail == "SERVICE_DISABLED" => self.disabled_api(),
            (403, _) => {
                let reason = match identity {
                    Some(identity) => format!("Google denies it to {identity}"),
                    None => "Google denies it".to_owned(),
                };
                return (self.denied(), with(&reason, answer, &said, hidden));
            }
            (404, _) => self.not_found(),
            (400, "FAILED_PRECONDITION") => self.disabled_version(),
            (400, "INVALID_ARGUMENT") => self.invalid(&said),
            _ => REFUSED,
        };
        (kind, with(reason, answer, &said, hidden))
    }

    fn is_another(&self) -> &'static str {
        match self {
            Self::SecretManager => NOT_GOOGLE,
            Self::Kms => NOT_KMS,
        }
    }

    fn disabled_api(&self) -> Meaning {
        match self {
            Self::SecretManager => (
                GcpErrorKind::ApiDisabled,
                "the Secret Manager API is disabled",
            ),
            Self::Kms => (GcpErrorKind::KmsDisabled, "the Cloud KMS API is disabled"),
        }
    }

    fn denied(&self) -> GcpErrorKind {
        match self {
            Self::SecretManager => GcpErrorKind::Denied,
            Self::Kms => GcpErrorKind::KeyDenied,
        }
    }

    fn not_found(&self) -> Meaning {
        match self {
            Self::SecretManager => (GcpErrorKind::NotFound, "it is not there"),
            Self::Kms => (GcpErrorKind::KeyNotFound, "the key is not there"),
        }
    }

    fn disabled_version(&self) -> Meaning {
        match self {
            Self::SecretManager => (
                GcpErrorKind::Disabled,
                "its version is disabled or destroyed",
            ),
            Self::Kms => (
                GcpErrorKind::KeyDisabled,
                "the version of the key is disabled or destroyed",
            ),
        }
    }

    fn invalid(&self, said: &Said) -> Meaning {
        match self {
            Self::SecretManager => REFUSED,
            Self::Kms if said.message.contains("crc32c") => (
                GcpErrorKind::Corrupt,
                "the ciphertext was changed on its way",
            ),
            Self::Kms => (
                GcpErrorKind::Undecryptable,
                "it is no ciphertext of this key",
            ),
        }
    }
}

/// A kind, and the reason in words.
type Meaning = (GcpErrorKind, &'static str);

const REFUSED: Meaning = (GcpErrorKind::Other, "Google refuses it");

/// Explains why a server of tokens gives none.
pub(super) fn of_token(answer: &Answer, hidden: &Hidden) -> Fault {
    let said = Said::of(answer);
    let (kind, reason) = match answer.status {
        429 => (GcpErrorKind::Throttled, "there were too many logins"),
        500.. => (GcpErrorKind::Unreachable, "the login fails"),
        400..=403 => return refused_login("the login is refused", answer, &said, hidden),
        _ => (GcpErrorKind::Other, "the server gives no tokens"),
    };
    (kind, with(reason, answer, &said, hidden))
}

/// Explains why the metadata server gives no token.
pub(super) fn of_metadata(answer: &Answer, hidden: &Hidden) -> Fault {
    let (kind, reason) = match answer.status {
        404 => (
            GcpErrorKind::Unconfigured,
            "the metadata server knows no service account or project",
        ),
        403 => (GcpErrorKind::LoginDenied, "the metadata server denies it"),
        _ => (GcpErrorKind::NoIdentity, "the metadata server fails"),
    };
    (kind, with(reason, answer, &Said::of(answer), hidden))
}

pub(super) const NOT_GOOGLE: &str = "the server is not Google Secret Manager";
pub(super) const NOT_KMS: &str = "the server is not Cloud KMS";

/// Explains a login that is refused: a wrong clock is the usual reason for a token that is
/// signed right.
fn refused_login(reason: &str, answer: &Answer, said: &Said, hidden: &Hidden) -> Fault {
    let reason = with(reason, answer, said, hidden);
    match answer.skew() {
        Some(skew) => (
            GcpErrorKind::Clock,
            format!("the clock of this machine is {skew} that of the server: {reason}"),
        ),
        None => (GcpErrorKind::LoginDenied, reason),
    }
}

fn with(reason: &str, answer: &Answer, said: &Said, hidden: &Hidden) -> String {
    let status = answer.status;
    // The message about credentials explains OAuth at length.
    let message = Some(&said.message).filter(|_| said.code != "UNAUTHENTICATED");
    let message = message.and_then(|message| hidden.shown(message));
    match (hidden.shown(&said.code), message) {
        (None, _) => format!("{reason} ({status})"),
        (Some(code), None) => format!("{reason} ({status}, {code})"),
        (Some(code), Some(message)) => format!("{reason} ({status}, {code}: {message})"),
    }
}

impl Said {
    /// Reads both shapes: that of Google's services, and that of OAuth.
    fn of(answer: &Answer) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let json = answer.json();
        let error = &json["error"];
        if error.is_string() {
            return Self {
                code: text(error),
                message: text(&json["error_description"]),
                detail: String::new(),
            };
        }
        let details = error["details"].as_array().into_iter().flatten();
        let mut reasons = details.filter_map(|detail| detail["reason"].as_str());
        Self {
            code: text(&error["status"]),
            message: text(&error["message"]),
            detail: reasons.next().unwrap_or_default().to_owned(),
        }
    }
}
