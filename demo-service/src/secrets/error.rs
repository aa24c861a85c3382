//! Why secrets cannot be had, wherever they are.

use std::error::Error;
use std::fmt;

use environ::secrets::aws::AwsError;
use environ::secrets::vault::VaultError;

/// Why secrets cannot be had, as their store says it.
#[derive(Debug)]
pub enum SecretsError {
    /// By a Vault.
    Vault(VaultError),
    /// By AWS.
    Aws(AwsError),
    /// By none: it has not answered while the service may start. With the variables
    /// that configure it.
    TimedOut(&'static str),
}

/// What configures a Vault.
pub(super) const VAULT: &str = "APP_SECRETS_VAULT_*";
/// What configures AWS.
pub(super) const AWS: &str = "APP_SECRETS_AWS_*";

impl SecretsError {
    /// Names the kind of failure in one word.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Vault(err) => err.kind().name(),
            Self::Aws(err) => err.kind().name(),
            Self::TimedOut(_) => "timed_out",
        }
    }

    /// Whether waiting can help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Vault(err) => err.kind().is_transient(),
            Self::Aws(err) => err.kind().is_transient(),
            Self::TimedOut(_) => true,
        }
    }

    /// Gives the variables that configure the store.
    pub(crate) fn variables(&self) -> &'static str {
        match self {
            Self::Vault(_) => VAULT,
            Self::Aws(_) => AWS,
            Self::TimedOut(variables) => variables,
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
        }
    }
}

impl Error for SecretsError {}
