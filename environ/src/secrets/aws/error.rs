//! Why secrets could not be fetched, and how to fix it.

use std::fmt;

use crate::items::Items;
use crate::redact::display;
use crate::secrets::failure::{self, Failure};
use crate::secrets::ids;

/// A client that cannot be created, or secrets that could not be fetched, and why.
/// Contains no secret.
///
/// Displays the reason and the remedy, for each secret with its id and the variable
/// that holds the id if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsError(Cause);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    Client {
        kind: AwsErrorKind,
        reason: String,
    },
    /// Never empty.
    Secrets(Vec<AwsFailure>),
}

/// Why one secret could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsFailure {
    kind: AwsErrorKind,
    variable: Option<String>,
    secret_id: String,
    reason: String,
}

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AwsErrorKind {
    /// No answer, no answer in time, or a fault of the service.
    Unreachable,
    /// The server has no certificate that the system trusts.
    Untrusted,
    /// Too many requests.
    Throttled,
    /// No region, or no credentials.
    Unconfigured,
    /// The credentials are invalid, or do not allow the request.
    Denied,
    /// No secret has that id.
    NotFound,
    /// The secret is marked for deletion, and cannot be read any more.
    Deleted,
    /// The secret is neither text nor, for a document, a JSON object.
    Malformed,
    /// An answer is larger than 4 MiB.
    TooLarge,
    /// A file that the SDK reads cannot be used.
    File,
    /// Any other failure.
    Other,
}

impl AwsErrorKind {
    /// Returns the kind as one word, for metrics and pages. A word keeps its meaning in
    /// later releases, which may add kinds.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Throttled => "throttled",
            Self::Unconfigured => "unconfigured",
            Self::Denied => "denied",
            Self::NotFound => "not_found",
            Self::Deleted => "deleted",
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::File => "file",
            Self::Other => "other",
        }
    }

    /// Returns the remedy.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Unreachable => "check the region, the endpoint and the network",
            Self::Untrusted => {
                "install the system's CA certificates, or name a file of them in SSL_CERT_FILE"
            }
            Self::Throttled => "ask less often, or raise the quota",
            Self::Unconfigured => "give the process a role, or set AWS_REGION and credentials",
            Self::Denied => {
                "check the credentials, and that their policy allows \
                 secretsmanager:GetSecretValue, and kms:Decrypt for a key of your own"
            }
            Self::NotFound => "check the id, the region and the account",
            Self::Deleted => "restore it, or give the id of another",
            Self::Malformed => "store it as text; a document is a JSON object",
            Self::TooLarge => "check that AWS is at the endpoint",
            Self::File => "check the file, and who may read it",
            Self::Other => "check the id and the endpoint",
        }
    }

    /// Returns whether the same request may succeed later, unchanged.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Throttled | Self::Other)
    }
}

impl AwsError {
    pub(super) fn new(failures: Vec<AwsFailure>) -> Self {
        debug_assert!(!failures.is_empty(), "an error has a failure");
        Self(Cause::Secrets(failures))
    }

    /// Creates the error of a client that cannot be created.
    pub(super) fn of_client(kind: AwsErrorKind, reason: impl fmt::Display) -> Self {
        let reason = reason.to_string();
        Self(Cause::Client { kind, reason })
    }

    /// Returns the kind of the first failure that does not pass by itself, or else of
    /// the first failure. A client that cannot be created is a failure, too.
    #[must_use]
    pub fn kind(&self) -> AwsErrorKind {
        let failures = match &self.0 {
            Cause::Client { kind, .. } => return *kind,
            Cause::Secrets(failures) => failures,
        };
        let decisive = failure::decisive(failures);
        decisive.map_or(AwsErrorKind::Other, AwsFailure::kind)
    }

    /// Returns each secret that could not be fetched, in the order of the fields; none if
    /// there is no client.
    #[must_use]
    pub fn failures(
        &self,
    ) -> impl ExactSizeIterator<Item = &AwsFailure> + DoubleEndedIterator + Clone {
        self.into_iter()
    }
}

/// The failures, as [`failures`](AwsError::failures) returns them.
#[expect(
    clippy::into_iter_without_iter,
    reason = "the method has a name: `failures`"
)]
impl<'a> IntoIterator for &'a AwsError {
    type Item = &'a AwsFailure;
    type IntoIter = Items<'a, AwsFailure>;

    fn into_iter(self) -> Self::IntoIter {
        Items::new(match &self.0 {
            Cause::Client { .. } => &[],
            Cause::Secrets(failures) => failures,
        })
    }
}

impl AwsFailure {
    pub(super) fn new(secret_id: &str, kind: AwsErrorKind, reason: impl fmt::Display) -> Self {
        Self {
            kind,
            variable: None,
            secret_id: display::reason(secret_id),
            reason: reason.to_string(),
        }
    }

    /// Returns the kind of the failure.
    #[must_use]
    pub fn kind(&self) -> AwsErrorKind {
        self.kind
    }

    /// Returns the id of the secret, to be shown: if the id is a URL by mistake, its
    /// password is `***`.
    #[must_use]
    pub fn secret_id(&self) -> &str {
        &self.secret_id
    }

    /// Returns the variable that holds the id, if there is one.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        self.variable.as_deref()
    }
}

impl Failure for AwsFailure {
    fn not_utf8(shown: &str) -> Self {
        Self::new(shown, AwsErrorKind::NotFound, ids::NOT_UTF8)
    }

    fn of_variable(mut self, variable: &str) -> Self {
        self.variable = Some(variable.to_owned());
        self
    }

    fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }
}

impl fmt::Display for AwsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            secret_id,
            reason,
            ..
        } = self;
        failure::write_one(f, self.variable(), secret_id, reason, kind.remedy())
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Client { kind, reason } => {
                let remedy = kind.remedy();
                write!(f, "cannot create a client of AWS: {reason}; {remedy}")
            }
            Cause::Secrets(failures) => failure::write_all(f, failures),
        }
    }
}

impl std::error::Error for AwsError {}
