//! Why secrets could not be fetched, and how to fix it.

use crate::secrets::failure::errors;

errors!(AwsError, AwsFailure, AwsErrorKind, "AWS", "id");

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
