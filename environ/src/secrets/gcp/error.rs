//! Why secrets could not be fetched, and how to fix it.

use std::fmt;

use crate::items::Items;
use crate::redact::display;
use crate::secrets::failure::{self, Failure};
use crate::secrets::http::{self, FaultKind};
use crate::secrets::ids;

/// A kind of failure, and the reason.
pub(super) type Fault = (GcpErrorKind, String);

/// A client that cannot be created, or secrets that could not be fetched, and why.
/// Contains no secret.
///
/// Displays the reason and the remedy, for each secret with its name and the
/// variable that holds the name if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GcpError(Cause);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    Client {
        kind: GcpErrorKind,
        reason: String,
    },
    /// Never empty.
    Secrets(Vec<GcpFailure>),
}

/// Why one secret could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GcpFailure {
    kind: GcpErrorKind,
    variable: Option<String>,
    secret_id: String,
    reason: String,
}

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
    /// The secret was changed on its way: its CRC32C differs.
    Corrupt,
    /// An answer is larger than 4 MiB.
    TooLarge,
    /// A file that the configuration names cannot be used.
    File,
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

impl GcpError {
    pub(super) fn new(failures: Vec<GcpFailure>) -> Self {
        debug_assert!(!failures.is_empty(), "an error has a failure");
        Self(Cause::Secrets(failures))
    }

    /// Creates the error of a client that cannot be created.
    pub(super) fn of_client(kind: GcpErrorKind, reason: impl fmt::Display) -> Self {
        let reason = reason.to_string();
        Self(Cause::Client { kind, reason })
    }

    /// Returns the kind of the first failure that does not pass by itself, or else of
    /// the first failure. A client that cannot be created is a failure, too.
    #[must_use]
    pub fn kind(&self) -> GcpErrorKind {
        let failures = match &self.0 {
            Cause::Client { kind, .. } => return *kind,
            Cause::Secrets(failures) => failures,
        };
        let decisive = failure::decisive(failures);
        decisive.map_or(GcpErrorKind::Other, GcpFailure::kind)
    }

    /// Returns each secret that could not be fetched, in the order of the fields; none if
    /// there is no client.
    #[must_use]
    pub fn failures(
        &self,
    ) -> impl ExactSizeIterator<Item = &GcpFailure> + DoubleEndedIterator + Clone {
        self.into_iter()
    }
}

/// The failures, as [`failures`](GcpError::failures) returns them.
#[expect(
    clippy::into_iter_without_iter,
    reason = "the method has a name: `failures`"
)]
impl<'a> IntoIterator for &'a GcpError {
    type Item = &'a GcpFailure;
    type IntoIter = Items<'a, GcpFailure>;

    fn into_iter(self) -> Self::IntoIter {
        Items::new(match &self.0 {
            Cause::Client { .. } => &[],
            Cause::Secrets(failures) => failures,
        })
    }
}

impl GcpFailure {
    pub(super) fn new(secret_id: &str, kind: GcpErrorKind, reason: impl fmt::Display) -> Self {
        Self {
            kind,
            variable: None,
            secret_id: display::reason(secret_id),
            reason: reason.to_string(),
        }
    }

    /// Returns the kind of the failure.
    #[must_use]
    pub fn kind(&self) -> GcpErrorKind {
        self.kind
    }

    /// Returns the name of the secret, to be shown: if the name is a URL by mistake, its
    /// password is `***`.
    #[must_use]
    pub fn secret_id(&self) -> &str {
        &self.secret_id
    }

    /// Returns the variable that holds the name, if there is one.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        self.variable.as_deref()
    }
}

impl Failure for GcpFailure {
    fn not_utf8(shown: &str) -> Self {
        Self::new(shown, GcpErrorKind::NotFound, ids::NOT_UTF8)
    }

    fn of_variable(mut self, variable: &str) -> Self {
        self.variable = Some(variable.to_owned());
        self
    }

    fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }
}

impl fmt::Display for GcpFailure {
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

impl fmt::Display for GcpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Client { kind, reason } => {
                let remedy = kind.remedy();
                write!(
                    f,
                    "cannot create a client of Google Secret Manager: {reason}; {remedy}"
                )
            }
            Cause::Secrets(failures) => failure::write_all(f, failures),
        }
    }
}

impl std::error::Error for GcpError {}
