//! Why secrets cannot be fetched.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Why secrets cannot be fetched, by their store.
#[cfg_attr(
    not(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault")),
    expect(dead_code, reason = "this build has no remote store")
)]
#[derive(Debug)]
pub(crate) enum SecretsError {
    /// The store failed.
    Store {
        /// The variables that configure the store.
        variables: &'static str,
        kind: &'static str,
        is_transient: bool,
        /// The reason and the remedy.
        text: String,
    },
    /// The store that these variables configure did not answer within
    /// `APP_START_TIMEOUT`.
    TimedOut(&'static str),
    /// The store did not answer within this time, after the start.
    Unanswered(Duration),
}

impl SecretsError {
    /// Takes the error of a store.
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
    pub(super) fn of_store(
        variables: &'static str,
        kind: &'static str,
        is_transient: bool,
        err: &dyn Error,
    ) -> Self {
        Self::Store {
            variables,
            kind,
            is_transient,
            text: err.to_string(),
        }
    }

    /// Returns the kind of the failure.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Store { kind, .. } => kind,
            Self::TimedOut(_) | Self::Unanswered(_) => "timed_out",
        }
    }

    /// Returns whether another try can succeed.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Store { is_transient, .. } => *is_transient,
            Self::TimedOut(_) | Self::Unanswered(_) => true,
        }
    }

    /// Returns the variables that configure the store.
    pub(crate) fn variables(&self) -> &'static str {
        match self {
            Self::Store { variables, .. } | Self::TimedOut(variables) => variables,
            Self::Unanswered(_) => "APP_SECRETS_*",
        }
    }
}

impl fmt::Display for SecretsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store { text, .. } => f.write_str(text),
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
