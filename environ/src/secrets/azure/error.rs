//! Why secrets could not be fetched, and how to fix it.

use crate::secrets::failure::errors;
use crate::secrets::http::{self, FaultKind};

/// A kind of failure, and the reason.
pub(super) type Fault = (AzureErrorKind, String);

errors!(
    AzureError,
    AzureFailure,
    AzureErrorKind,
    "Azure Key Vault",
    "name"
);

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AzureErrorKind {
    /// No answer, no answer in time, or a fault of the service.
    Unreachable,
    /// The server has no certificate that is trusted.
    Untrusted,
    /// Too many requests.
    Throttled,
    /// The machine gives no token: this is no machine of Azure's, or its identity service is away.
    NoIdentity,
    /// Tenant or client id are unset, or the machine has no such identity.
    Unconfigured,
    /// The identity may not read the secret.
    Denied,
    /// The credentials are invalid, or are of another tenant than the vault.
    LoginDenied,
    /// The firewall of the vault does not allow this network.
    Firewall,
    /// The clock of this machine is wrong, so that the credentials or the certificate of the
    /// server are not valid.
    Clock,
    /// No secret has that name, or no version.
    NotFound,
    /// The version is disabled.
    Disabled,
    /// For a document, the secret is not a JSON object.
    Malformed,
    /// An answer is larger than 4 MiB.
    TooLarge,
    /// A file that the configuration names cannot be used.
    File,
    /// Any other failure.
    Other,
}

impl AzureErrorKind {
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
            Self::Firewall => "firewall",
            Self::Clock => "clock",
            Self::NotFound => "not_found",
            Self::Disabled => "disabled",
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
            Self::Unreachable => "check the URL of the vault and the network",
            Self::Untrusted => {
                "install the system's CA certificates, or name the file of the service's own \
                 (`CA_FILE`)"
            }
            Self::Throttled => "ask less often; the limit is that of the vault",
            Self::NoIdentity => {
                "run on Azure with a managed identity, or name a file with a client secret \
                 (`CLIENT_SECRET_FILE`) or a federated token (`FEDERATED_TOKEN_FILE`)"
            }
            Self::Unconfigured => {
                "set tenant and client id (`TENANT_ID`, `CLIENT_ID`), or assign the identity to \
                 the machine"
            }
            Self::Denied => {
                "check the vault, and grant the identity the role Key Vault Secrets User on it"
            }
            Self::LoginDenied => {
                "check tenant, client id and secret, or the federated credential of the identity; \
                 the tenant is that of the vault"
            }
            Self::Firewall => {
                "allow the network of this machine in the firewall of the vault, or give it a \
                 private endpoint"
            }
            Self::Clock => "set the clock of this machine",
            Self::NotFound => "check the name, the version and the vault",
            Self::Disabled => "enable the version, or name another",
            Self::Malformed => "store a JSON object, or name each secret by itself",
            Self::TooLarge => "check that Azure is at the URL of the vault",
            Self::File => "check the path and the permissions of the file",
            Self::Other => "check the name and the URL of the vault",
        }
    }

    /// Returns whether the same request may succeed later, unchanged.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Throttled | Self::NoIdentity | Self::Clock | Self::Other
        )
    }
}

impl From<http::Fault> for Fault {
    fn from(http::Fault { kind, reason }: http::Fault) -> Self {
        let kind = match kind {
            FaultKind::Unreachable => AzureErrorKind::Unreachable,
            FaultKind::Untrusted => AzureErrorKind::Untrusted,
            FaultKind::Clock => AzureErrorKind::Clock,
            FaultKind::TooLarge => AzureErrorKind::TooLarge,
            FaultKind::Request => AzureErrorKind::Other,
        };
        (kind, reason)
    }
}
