//! From an error of the SDK to a kind and a reason.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use rustls::CertificateError;

use super::credentials::Reason;
use super::error::AwsErrorKind;
use crate::secrets::causes::{causes, root_cause};
use crate::secrets::limit::TooLarge;
use crate::secrets::server_text::Hidden;

/// Explains an error. Each text of a server passes through `hidden`.
pub(super) fn explain(
    err: &SdkError<GetSecretValueError>,
    hidden: &Hidden,
) -> (AwsErrorKind, String) {
    let because = |what: &str| match hidden.shown(&root_cause(err)) {
        Some(cause) => format!("{what}: {cause}"),
        None => what.to_owned(),
    };
    match err {
        SdkError::ServiceError(answer) => {
            let said = answer.err().meta();
            let code = said.code().unwrap_or_default();
            let message = said.message().unwrap_or_default();
            refusal(answer.raw().status().as_u16(), code, message, hidden)
        }
        SdkError::TimeoutError(_) => (AwsErrorKind::Unreachable, IN_TIME.to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (AwsErrorKind::Unreachable, IN_TIME.to_owned())
        }
        err if is_untrusted(err) => (AwsErrorKind::Untrusted, UNKNOWN_ISSUER.to_owned()),
        SdkError::ResponseError(_) => (AwsErrorKind::Other, NOT_AWS.to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_io() => {
            (AwsErrorKind::Unreachable, because("it cannot be reached"))
        }
        err => too_large(err)
            .or_else(|| credentials(err, hidden))
            .unwrap_or_else(|| (AwsErrorKind::Other, because("it cannot be asked for"))),
    }
}

const NOT_AWS: &str = "the server is not AWS Secrets Manager";
const IN_TIME: &str = "there is no answer in time";
const UNKNOWN_ISSUER: &str = "the certificate of the server has no trusted issuer";

/// Returns whether a certificate has an unknown issuer, of this service or of the
/// service that gives credentials.
fn is_untrusted(err: &(dyn Error + 'static)) -> bool {
    let unknown = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
    causes(err).any(|cause| cause.downcast_ref() == Some(&unknown))
}

fn too_large(err: &(dyn Error + 'static)) -> Option<(AwsErrorKind, String)> {
    let answer = causes(err).find_map(|err| err.downcast_ref::<TooLarge>())?;
    Some((AwsErrorKind::TooLarge, answer.to_string()))
}

/// Returns the kind and the reason of a failure to load credentials.
fn credentials(err: &(dyn Error + 'static), hidden: &Hidden) -> Option<(AwsErrorKind, String)> {
    let cause = causes(err).find_map(|err| err.downcast_ref::<CredentialsError>())?;
    let explained = causes(cause).find_map(|err| err.downcast_ref::<Reason>());
    let text = match explained {
        Some(reason) => reason.text().map(str::to_owned),
        None => hidden.shown(&root_cause(cause)),
    };
    let reason = match text {
        Some(text) => format!("there are no usable credentials: {text}"),
        None => "there are no usable credentials".to_owned(),
    };
    Some(match cause {
        CredentialsError::CredentialsNotLoaded(_) => (
            AwsErrorKind::Unconfigured,
            "there are no credentials".to_owned(),
        ),
        CredentialsError::ProviderTimedOut(_) => (
            AwsErrorKind::Unreachable,
            "there are no credentials in time".to_owned(),
        ),
        CredentialsError::InvalidConfiguration(_) => (AwsErrorKind::Unconfigured, reason),
        _ => (AwsErrorKind::Denied, reason),
    })
}

/// The codes with a message about the secret. Further messages may quote more: the message
/// about a wrong signature quotes the session token.
const QUOTED: [&str; 6] = [
    "AccessDeniedException",
    "DecryptionFailure",
    "InvalidParameterException",
    "InvalidRequestException",
    "ResourceNotFoundException",
    "ValidationException",
];

fn refusal(status: u16, code: &str, message: &str, hidden: &Hidden) -> (AwsErrorKind, String) {
    let (kind, reason) = meaning(status, code, message);
    let message = Some(message).filter(|_| QUOTED.contains(&code));
    let message = message.and_then(|message| hidden.shown(message));
    let said = match (hidden.shown(code), message) {
        (None, _) => format!("{status}"),
        (Some(code), None) => format!("{status}, {code}"),
        (Some(code), Some(message)) => format!("{status}, {code}: {message}"),
    };
    (kind, format!("{reason} ({said})"))
}

/// Maps a code and a status to a kind and a reason.
fn meaning(status: u16, code: &str, message: &str) -> (AwsErrorKind, &'static str) {
    let is_about_credentials = ["Client", "Signature", "Token"]
        .iter()
        .any(|word| code.contains(word));
    match (code, status) {
        ("ResourceNotFoundException", _) => (AwsErrorKind::NotFound, "it is not there"),
        ("InvalidRequestException", _) if message.contains("delet") => {
            (AwsErrorKind::Deleted, "it is marked for deletion")
        }
        ("AccessDeniedException" | "DecryptionFailure", _) => {
            (AwsErrorKind::Denied, "AWS denies it")
        }
        ("ThrottlingException" | "Throttling" | "TooManyRequestsException", _) | (_, 429) => {
            (AwsErrorKind::Throttled, "there were too many requests")
        }
        (_, 500..) => (AwsErrorKind::Unreachable, "the service fails"),
        (_, 401 | 403) => (AwsErrorKind::Denied, "the credentials are refused"),
        ("", _) => (AwsErrorKind::Other, NOT_AWS),
        // Unknown or expired credentials, or a wrong signature.
        _ if is_about_credentials => (AwsErrorKind::Denied, "the credentials are refused"),
        _ => (AwsErrorKind::Other, "AWS refuses it"),
    }
}

#[cfg(test)]
mod tests {
    use super::{meaning, AwsErrorKind};

    #[test]
    fn a_code_says_more_than_a_status() {
        for (status, code, message, kind) in [
            (404, "ResourceNotFoundException", "", AwsErrorKind::NotFound),
            (
                400,
                "InvalidRequestException",
                "deleted",
                AwsErrorKind::Deleted,
            ),
            (400, "InvalidRequestException", "", AwsErrorKind::Other),
            (500, "AccessDeniedException", "", AwsErrorKind::Denied),
            (400, "TooManyRequestsException", "", AwsErrorKind::Throttled),
            (429, "", "", AwsErrorKind::Throttled),
            (500, "", "", AwsErrorKind::Unreachable),
            (503, "Unknown", "", AwsErrorKind::Unreachable),
            (401, "", "", AwsErrorKind::Denied),
            (403, "Unknown", "", AwsErrorKind::Denied),
            (400, "InvalidClientTokenId", "", AwsErrorKind::Denied),
            (400, "InvalidSignature", "", AwsErrorKind::Denied),
            (400, "", "", AwsErrorKind::Other),
            (400, "Unknown", "", AwsErrorKind::Other),
        ] {
            assert_eq!(meaning(status, code, message).0, kind, "{status} {code}");
        }
    }
}
