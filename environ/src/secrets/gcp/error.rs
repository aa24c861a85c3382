//! Why secrets could not be fetched, and how to fix it.

use crate::secrets::failure::errors;
use crate::secrets::http::{self, FaultKind};

/// A kind of failure, and the reason.
pub(super) type Fault = (GcpErrorKind, String);

errors!(
    GcpError,
    GcpFailure,
    GcpErrorKind,
    "Google Secret Manager",
    "name"
);

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GcpErrorKind {
    /// No answer, no answer in time, or a fault of the service.
    Unreachable,
    /// The server has no certificate that is trusted.
    Untrusted,
    /// Too many requests.
    Throttled,
    /// The metadata server gives no token: it is away, or this is no machine of Google's.
    NoIdentity,
    /// The project is unknown, the machine has no service account, or the credentials are
    /// of an unknown type.
    Unconfigured,
    /// The identity may not read the secret, or the project does not exist.
    Denied,
    /// The credentials are invalid, or may not impersonate the service account.
    LoginDenied,
    /// The Secret Manager API is disabled in the project.
    ApiDisabled,
    /// The clock of this machine is wrong, so that the credentials or the certificate of the
    /// server are not valid.
    Clock,
    /// No secret has that name, or no version.
    NotFound,
    /// The version is disabled or destroyed.
    Disabled,
    /// The secret is neither text nor, for a document, a JSON object.
    Malformed,
    /// The secret or its ciphertext was changed on its way: its CRC32C differs.
    Corrupt,
    /// An answer is larger than 4 MiB.
    TooLarge,
    /// A file that the configuration names cannot be used.
    File,
    /// A ciphertext is set, and no key is named.
    NoKey,
    /// The identity may not decrypt with the key, or the key does not exist.
    KeyDenied,
    /// No key has that name.
    KeyNotFound,
    /// The version of the key that encrypted the secret is disabled or destroyed.
    KeyDisabled,
    /// The Cloud KMS API is disabled in the project of the key.
    KmsDisabled,
    /// The ciphertext is not base64, is of another key, or does not hold text.
    Undecryptable,
    /// Two variables hold the secret.
    Conflict,
    /// Any other failure.
    Other,
}

impl GcpErrorKind {
    /// Returns the kind as one word, for metrics and pages. A word keeps its meaning in
    /// later releases, which may add kinds.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Throttled => "throttled",
            Self::NoIdentity => "no_identity",
            Self::Unconfigured => "unconfigured",
            Self::Denied => "denied",
            Self::LoginDenied => "login_denied",
            Self::ApiDisabled => "api_disabled",
            Self::Clock => "clock",
            Self::NotFound => "not_found",
            Self::Disabled => "disabled",
            Self::Malformed => "malformed",
            Self::Corrupt => "corrupt",
            Self::TooLarge => "too_large",
            Self::File => "file",
            Self::NoKey => "no_key",
            Self::KeyDenied => "key_denied",
            Self::KeyNotFound => "key_not_found",
            Self::KeyDisabled => "key_disabled",
            Self::KmsDisabled => "kms_disabled",
            Self::Undecryptable => "undecryptable",
            Self::Conflict => "conflict",
            Self::Other => "other",
        }
    }

    /// Returns the remedy.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Unreachable => "check the endpoint and the network",
            Self::Untrusted => {
                "install the system's CA certificates, or name the file of the service's own \
                 (`CA_FILE`)"
            }
            Self::Throttled => "ask less often, or raise the quota",
            Self::NoIdentity => {
                "run on Google Cloud with a service account, or name a file with credentials \
                 (`CREDENTIALS_FILE`)"
            }
            Self::Unconfigured => {
                "set the project and the credentials, or attach a service account"
            }
            Self::Denied => {
                "check project and name, and grant the role roles/secretmanager.secretAccessor"
            }
            Self::LoginDenied => {
                "check the credentials; to impersonate a service account, they need the role \
                 roles/iam.workloadIdentityUser or roles/iam.serviceAccountTokenCreator on it"
            }
            Self::ApiDisabled => {
                "run `gcloud services enable secretmanager.googleapis.com` for the project"
            }
            Self::Clock => "set the clock of this machine",
            Self::NotFound => "check the name, the version and the project",
            Self::Disabled => "enable the version, or name another",
            Self::Malformed => "store it as text; a document is a JSON object",
            Self::Corrupt => "try again; check proxies on the way",
            Self::TooLarge => "check that Google is at the endpoint",
            Self::File => "check the path and the permissions of the file",
            Self::NoKey => {
                "name the key (`KMS_KEY`), such as \
                 projects/my-project/locations/global/keyRings/my-ring/cryptoKeys/my-key"
            }
            Self::KeyDenied => {
                "check the key, and grant the role roles/cloudkms.cryptoKeyDecrypter on it"
            }
            Self::KeyNotFound => "check project, location, key ring and key",
            Self::KeyDisabled => {
                "enable the version of the key, or encrypt the secret with another version"
            }
            Self::KmsDisabled => {
                "run `gcloud services enable cloudkms.googleapis.com` for the project"
            }
            Self::Undecryptable => {
                "encrypt the secret with `gcloud kms encrypt` and that key, and write the \
                 ciphertext as base64"
            }
            Self::Conflict => "remove one of them",
            Self::Other => "check the name and the endpoint",
        }
    }

    /// Returns whether the same request may succeed later, unchanged.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Throttled
                | Self::NoIdentity
                | Self::Clock
                | Self::Corrupt
                | Self::Other
        )
    }
}

impl GcpFailure {
    /// Creates the failure of a ciphertext. Its id is the name of the key, if one is named.
    pub(super) fn of_key(key: Option<&str>, (kind, reason): Fault) -> Self {
        Self {
            action: key.map_or("decrypt the secret", |_| "decrypt the secret with"),
            ..Self::new(key.unwrap_or_default(), kind, reason)
        }
    }

    /// Creates the failure of a secret that another variable holds, too.
    pub(super) fn of_conflict(other: &str) -> Self {
        Self::new("", GcpErrorKind::Conflict, format!("{other} is set, too"))
    }
}

impl From<http::Fault> for Fault {
    fn from(http::Fault { kind, reason }: http::Fault) -> Self {
        let kind = match kind {
            FaultKind::Unreachable => GcpErrorKind::Unreachable,
            FaultKind::Untrusted => GcpErrorKind::Untrusted,
            FaultKind::Clock => GcpErrorKind::Clock,
            FaultKind::TooLarge => GcpErrorKind::TooLarge,
            FaultKind::Request => GcpErrorKind::Other,
        };
        (kind, reason)
    }
}
