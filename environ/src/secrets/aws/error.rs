//! What AWS Secrets Manager refuses, and what to do about it.

use std::fmt;

use crate::redact::display as show;

/// Which secrets could not be had, and why. It holds none.
///
/// Displays each with its id, the variable that holds the id, if one does, the
/// reason, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsError {
    /// Never empty.
    failures: Vec<AwsFailure>,
}

/// Why one secret could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsFailure {
    kind: AwsErrorKind,
    variable: Option<String>,
    secret_id: String,
    reason: String,
}

/// Which kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AwsErrorKind {
    /// Nobody answers, or not in time, or the service fails by itself.
    Unreachable,
    /// Who answers is vouched for by nobody whom the system trusts.
    Untrusted,
    /// There were too many requests.
    Throttled,
    /// There is no region or there are no credentials.
    Unconfigured,
    /// The credentials are not good, or do not allow it.
    Denied,
    /// There is no secret of that id.
    NotFound,
    /// It is to be deleted, and cannot be read any more.
    Deleted,
    /// It is there, and holds something else than what is asked for.
    Malformed,
    /// Anything else.
    Other,
}

impl AwsErrorKind {
    /// Names the kind in one word, for metrics and pages.
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
            Self::Other => "other",
        }
    }

    /// Tells what to do about it.
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
            Self::Other => "check the id and the endpoint",
        }
    }

    /// Whether the same request may succeed later, with nobody changing what
    /// was asked.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Throttled | Self::Other)
    }
}

impl AwsError {
    pub(super) fn new(failures: Vec<AwsFailure>) -> Self {
        debug_assert!(!failures.is_empty(), "an error has a failure");
        Self { failures }
    }

    /// Gives the kind of failure. Of several it is the first that does not pass
    /// by itself, or else the first.
    #[must_use]
    pub fn kind(&self) -> AwsErrorKind {
        let mut kinds = self.failures.iter().map(AwsFailure::kind);
        let lasting = kinds.clone().find(|kind| !kind.is_transient());
        let first = lasting.or_else(|| kinds.next());
        first.unwrap_or(AwsErrorKind::Other)
    }

    /// Gives each secret that could not be had, in the order of the fields.
    pub fn failures(&self) -> impl Iterator<Item = &AwsFailure> {
        self.failures.iter()
    }
}

impl AwsFailure {
    pub(super) fn new(secret_id: &str, kind: AwsErrorKind, reason: impl fmt::Display) -> Self {
        Self {
            kind,
            variable: None,
            secret_id: show::reason(secret_id),
            reason: reason.to_string(),
        }
    }

    pub(super) fn of_variable(mut self, variable: &str) -> Self {
        self.variable = Some(variable.to_owned());
        self
    }

    /// Gives the kind of failure.
    #[must_use]
    pub fn kind(&self) -> AwsErrorKind {
        self.kind
    }

    /// Gives the id that was asked for, to be shown: where somebody gave a URL in place
    /// of it, the password is `***`.
    #[must_use]
    pub fn secret_id(&self) -> &str {
        &self.secret_id
    }

    /// Gives the variable that holds the id, if one does.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        self.variable.as_deref()
    }
}

impl fmt::Display for AwsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(variable) = &self.variable {
            write!(f, "{variable}: ")?;
        }
        let remedy = self.kind.remedy();
        let Self {
            secret_id, reason, ..
        } = self;
        write!(f, "cannot read the secret {secret_id}: {reason}; {remedy}")
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [failure] = &self.failures[..] {
            return failure.fmt(f);
        }
        write!(f, "{} secrets cannot be read:", self.failures.len())?;
        for failure in &self.failures {
            write!(f, "\n  {failure}")?;
        }
        Ok(())
    }
}

impl std::error::Error for AwsError {}
