//! One secret, and why it cannot be had.

use std::error::Error;
use std::io;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::Client;
use rustls::CertificateError;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::error::{AwsErrorKind, AwsFailure};
use crate::redact::display as show;
use crate::redact::Secret;

/// Fetches the current version of a secret. The SDK would log what it does and
/// what fails; the caller is told once.
pub(super) async fn text(client: &Client, secret_id: &str) -> Result<Secret<String>, AwsFailure> {
    let failed = |(kind, reason): (_, String)| AwsFailure::new(secret_id, kind, reason);
    if client.config().region().is_none() {
        let reason = "it is not known in which region".to_owned();
        return Err(failed((AwsErrorKind::Unconfigured, reason)));
    }
    let sent = client.get_secret_value().secret_id(secret_id).send();
    let answer = sent.with_subscriber(NoSubscriber::default()).await;
    let answer = answer.map_err(|err| failed(explain(&err)))?;
    answer.secret_string.map(Secret::new).ok_or_else(|| {
        let reason = "it holds bytes, not text".to_owned();
        failed((AwsErrorKind::Malformed, reason))
    })
}

fn explain(err: &SdkError<GetSecretValueError>) -> (AwsErrorKind, String) {
    match err {
        SdkError::ServiceError(answer) => {
            let said = answer.err().meta();
            let code = said.code().unwrap_or_default();
            let message = said.message().unwrap_or_default();
            refusal(answer.raw().status().as_u16(), code, message)
        }
        SdkError::TimeoutError(_) => (AwsErrorKind::Unreachable, IN_TIME.to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (AwsErrorKind::Unreachable, IN_TIME.to_owned())
        }
        err if is_untrusted(err) => (AwsErrorKind::Untrusted, UNKNOWN_ISSUER.to_owned()),
        SdkError::ResponseError(_) => (AwsErrorKind::Other, NOT_AWS.to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_io() => (
            AwsErrorKind::Unreachable,
            format!("it cannot be reached: {}", root_cause(err)),
        ),
        err => credentials(err).unwrap_or_else(|| {
            let reason = format!("it cannot be asked for: {}", root_cause(err));
            (AwsErrorKind::Other, reason)
        }),
    }
}

const NOT_AWS: &str = "who answers is not AWS Secrets Manager";
const IN_TIME: &str = "there is no answer in time";
const UNKNOWN_ISSUER: &str = "the certificate of who answers is signed by nobody who is trusted";

/// Whether a certificate's issuer is not known. Credentials too are asked for.
fn is_untrusted(err: &(dyn Error + 'static)) -> bool {
    let unknown = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
    causes(err).any(|cause| cause.downcast_ref() == Some(&unknown))
}

/// An error and what caused it. An error of I/O does not give the one that it
/// wraps as its source, but that one's.
fn causes<'e>(
    err: &'e (dyn Error + 'static),
) -> impl Iterator<Item = &'e (dyn Error + 'static)> + 'e {
    std::iter::successors(Some(err), |&err| {
        let wrapped = err.downcast_ref().and_then(io::Error::get_ref);
        match wrapped {
            Some(inner) => Some(inner),
            None => err.source(),
        }
    })
}

/// What is wrong with the credentials, if that is the cause.
fn credentials(err: &(dyn Error + 'static)) -> Option<(AwsErrorKind, String)> {
    let cause = causes(err).find_map(|err| err.downcast_ref::<CredentialsError>())?;
    Some(match cause {
        CredentialsError::CredentialsNotLoaded(_) => (
            AwsErrorKind::Unconfigured,
            "there are no credentials".to_owned(),
        ),
        CredentialsError::ProviderTimedOut(_) => (
            AwsErrorKind::Unreachable,
            "credentials cannot be had in time".to_owned(),
        ),
        CredentialsError::InvalidConfiguration(_) => (
            AwsErrorKind::Unconfigured,
            format!("credentials cannot be had: {}", root_cause(cause)),
        ),
        _ => (
            AwsErrorKind::Denied,
            format!("credentials cannot be had: {}", root_cause(cause)),
        ),
    })
}

/// The codes with which the answer is about the secret. With others it may quote
/// more: of a signature that is wrong, the session token.
const QUOTED: [&str; 6] = [
    "AccessDeniedException",
    "DecryptionFailure",
    "InvalidParameterException",
    "InvalidRequestException",
    "ResourceNotFoundException",
    "ValidationException",
];

fn refusal(status: u16, code: &str, message: &str) -> (AwsErrorKind, String) {
    let (kind, reason) = meaning(status, code, message);
    if code.is_empty() {
        return (kind, format!("{reason} ({status})"));
    }
    // It may name the secret as it was asked for, which may be a URL.
    let message = show::reason(message);
    let said = message.chars().filter(|c| !c.is_control());
    let said: String = said.take(200).collect();
    if said.is_empty() || !QUOTED.contains(&code) {
        return (kind, format!("{reason} ({status}, {code})"));
    }
    (kind, format!("{reason} ({status}, {code}: {said})"))
}

/// What an answer means that is none.
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
        // They are unknown or out of date, or it is signed wrongly.
        _ if is_about_credentials => (AwsErrorKind::Denied, "the credentials are refused"),
        _ => (AwsErrorKind::Other, "AWS refuses it"),
    }
}

/// The innermost cause says most: `connection refused`, not `dispatch failure`.
fn root_cause(err: &(dyn Error + 'static)) -> String {
    causes(err)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
