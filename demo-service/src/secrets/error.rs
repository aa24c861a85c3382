//! Why secrets cannot be fetched.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use environ::secrets::aws::AwsError;
use environ::secrets::vault::VaultError;

/// Why secrets cannot be fetched, by their store.
#[derive(Debug)]
pub(crate) enum SecretsError {
    /// The Vault failed.
    Vault(VaultError),
    /// AWS failed.
    Aws(AwsError),
    /// The store that these variables configure did not answer within
    /// `APP_START_TIMEOUT`.
    TimedOut(&'static str),
    /// The store did not answer within this time, after the start.
    Unanswered(Duration),
}

/// The variables of a Vault.
pub(super) const VAULT: &str = "APP_SECRETS_VAULT_*";
/// The variables of AWS.
pub(super) const AWS: &str = "APP_SECRETS_AWS_*";

impl SecretsError {
    /// Returns the kind of the failure.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Vault(err) => err.kind().name(),
            Self::Aws(err) => err.kind().name(),
            Self::TimedOut(_) | Self::Unanswered(_) => "timed_out",
        }
    }

    /// Returns whether another try can succeed.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Vault(err) => err.kind().is_transient(),
            Self::Aws(err) => err.kind().is_transient(),
            Self::TimedOut(_) | Self::Unanswered(_) => true,
        }
    }

    /// Returns the variables that configure the store.
    pub(crate) fn variables(&self) -> &'static str {
        match self {
            Self::Vault(_) => VAULT,
            Self::Aws(_) => AWS,
            Self::TimedOut(variables) => variables,
            Self::Unanswered(_) => "APP_SECRETS_*",
        }
    }
}

impl From<VaultError> for SecretsError {
    fn from(err: VaultError) -> Self {
        Self::Vault(err)
    }
}

impl From<AwsError> for SecretsError {
    fn from(err: AwsError) -> Self {
        Self::Aws(err)
    }
}

impl fmt::Display for SecretsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault(err) => err.fmt(f),
            Self::Aws(err) => err.fmt(f),
            Self::TimedOut(_) => {
                f.write_str("no answer within APP_START_TIMEOUT; check the address and the network")
            }
            Self::Unanswered(time) => write!(
                f,
                "no answer within {time:?}; check the address and the network"
            ),
        }
    }
}

impl Error for SecretsError {}
