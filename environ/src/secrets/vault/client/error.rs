//! Why a Vault failed, and how to fix it.

use std::fmt;

/// Why a request to a Vault failed. Contains no secret.
///
/// Displays as the purpose of the request, the reason, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultError {
    kind: VaultErrorKind,
    purpose: String,
    reason: String,
}

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VaultErrorKind {
    /// No answer, no answer in time, or the answer of a proxy.
    Unreachable,
    /// The Vault is sealed.
    Sealed,
    /// The node is a standby, which leaves requests to another node.
    Standby,
    /// The login or the token does not allow the request.
    Denied,
    /// The path is empty.
    NotFound,
    /// The lease is unknown, because it was revoked or has expired.
    LeaseGone,
    /// Too many requests.
    Throttled,
    /// The Vault rejects such a request: a role or a mount is of another kind.
    Invalid,
    /// The answer is larger than 4 MiB.
    TooLarge,
    /// A file that the configuration names cannot be used.
    File,
    /// The system has no CA certificates.
    Untrusted,
    /// Any other failure.
    Other,
}

impl VaultErrorKind {
    /// Returns the kind as one word, for metrics and pages. A word keeps its meaning in
    /// later releases, which may add kinds.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Sealed => "sealed",
            Self::Standby => "standby",
            Self::Denied => "denied",
            Self::NotFound => "not_found",
            Self::LeaseGone => "lease_gone",
            Self::Throttled => "throttled",
            Self::Invalid => "invalid",
            Self::TooLarge => "too_large",
            Self::File => "file",
            Self::Untrusted => "untrusted",
            Self::Other => "other",
        }
    }

    /// Returns the remedy.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Unreachable => "check the address, the network and the certificates",
            Self::Sealed => "unseal it",
            Self::Standby => "give the address of the active node, or one that forwards to it",
            Self::Denied => "check the login, and the policies of its role",
            Self::NotFound => "check the mount, the path and its version",
            Self::LeaseGone => "a new one is needed",
            Self::Throttled => "ask less often, or raise the quota",
            Self::Invalid => "check the mounts, the roles and the paths",
            Self::TooLarge => {
                "check that a Vault is at the address, and that the document is small"
            }
            Self::File => "check the file, and who may read it",
            Self::Untrusted => "install some, or give the Vault's own in a file (`CA_FILE`)",
            Self::Other => "see the log of the server",
        }
    }

    /// Returns whether the same request may succeed later, unchanged.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Sealed | Self::Standby | Self::Throttled | Self::Other
        )
    }
}

impl VaultError {
    pub(crate) fn new(kind: VaultErrorKind, purpose: &str, reason: impl fmt::Display) -> Self {
        Self {
            kind,
            purpose: purpose.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// Turns the error into that of a lease that is gone.
    pub(crate) fn into_gone(self) -> Self {
        let kind = VaultErrorKind::LeaseGone;
        Self { kind, ..self }
    }

    pub(crate) fn is_denial(&self) -> bool {
        self.kind == VaultErrorKind::Denied
    }

    /// Returns the kind of the failure.
    #[must_use]
    pub fn kind(&self) -> VaultErrorKind {
        self.kind
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            purpose,
            reason,
        } = self;
        write!(f, "cannot {purpose}: {reason}; {}", kind.remedy())
    }
}

impl std::error::Error for VaultError {}
