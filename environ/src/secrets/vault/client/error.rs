//! What a Vault refuses, and what to do about it.

use std::fmt;

/// Why a request to a Vault failed. It holds no secret.
///
/// Displays as what could not be done, why, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultError {
    kind: VaultErrorKind,
    what: String,
    reason: String,
}

/// Which kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VaultErrorKind {
    /// Nobody answers, or not in time, or only a proxy does.
    Unreachable,
    /// It is sealed.
    Sealed,
    /// It is a standby, which leaves requests to another node.
    Standby,
    /// The login or the token does not allow it.
    Denied,
    /// There is nothing at that path.
    NotFound,
    /// The lease is not known any more: revoked, or run out.
    LeaseGone,
    /// There were too many requests.
    Throttled,
    /// It does not take such a request: a role or a mount is not what it should
    /// be.
    Invalid,
    /// A file that the configuration names cannot be used.
    File,
    /// There is nobody whom to trust.
    Untrusted,
    /// Anything else.
    Other,
}

impl VaultErrorKind {
    /// Names the kind in one word, for metrics and pages.
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
            Self::File => "file",
            Self::Untrusted => "untrusted",
            Self::Other => "other",
        }
    }

    /// Tells what to do about it.
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
            Self::File => "check the file, and who may read it",
            Self::Untrusted => "install some, or give the Vault's own in a file (`CA_FILE`)",
            Self::Other => "see the log of the server",
        }
    }

    /// Whether the same request may succeed later, with nobody changing what
    /// was asked.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Sealed | Self::Standby | Self::Throttled | Self::Other
        )
    }
}

impl VaultError {
    pub(crate) fn new(kind: VaultErrorKind, what: &str, reason: impl fmt::Display) -> Self {
        Self {
            kind,
            what: what.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// The same, of something that is gone for that reason.
    pub(crate) fn into_gone(self) -> Self {
        let kind = VaultErrorKind::LeaseGone;
        Self { kind, ..self }
    }

    pub(crate) fn is_denial(&self) -> bool {
        self.kind == VaultErrorKind::Denied
    }

    /// Gives the kind of failure.
    #[must_use]
    pub fn kind(&self) -> VaultErrorKind {
        self.kind
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, what, reason } = self;
        write!(f, "cannot {what}: {reason}; {}", kind.remedy())
    }
}

impl std::error::Error for VaultError {}
