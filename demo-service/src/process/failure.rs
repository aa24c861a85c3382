//! The reason why the process ends, and its exit code.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use environ::Warning;
use tracing::{Level, dispatcher, enabled, error};

use super::exit;
use crate::database::DatabaseError;
use crate::secrets::SecretsError;
use crate::telemetry::targets::EXIT;

/// Why the service did not start, or broke off.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// Takes what failed, for a person, and why.
    pub fn new(code: u8, what: impl fmt::Display, cause: &dyn Error) -> Self {
        let mut message = format!("{what}: {cause}");
        let mut cause = cause.source();
        while let Some(err) = cause {
            message = format!("{message}: {err}");
            cause = err.source();
        }
        Self { code, message }
    }

    /// Takes what is wrong with the command line.
    #[must_use]
    pub fn usage(message: String) -> Self {
        Self {
            code: exit::USAGE,
            message,
        }
    }

    /// Takes what is wrong with the configuration.
    #[must_use]
    pub fn configuration(message: &str) -> Self {
        Self {
            code: exit::CONFIG,
            message: message.to_owned(),
        }
    }

    /// Tells it: in the log, or on stderr if there is no log that would have it. A
    /// configuration that is wrong is told on stderr, to who started the service.
    /// Gives the exit code.
    #[must_use]
    pub fn report(&self) -> u8 {
        if self.code != exit::CONFIG
            && dispatcher::has_been_set()
            && enabled!(target: EXIT, Level::ERROR)
        {
            error!(target: EXIT, code = self.code, "{self}");
        } else {
            tell(self);
        }
        self.code
    }
}

/// Tells on stderr what is odd about a configuration that loads.
pub(crate) fn warn(warnings: &[Warning]) {
    for warning in warnings {
        tell(format_args!("warning: {warning}"));
    }
}

/// There is nobody to tell if this fails.
fn tell(what: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "demo-service: {what}");
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<environ::Error> for Failure {
    fn from(err: environ::Error) -> Self {
        Self {
            code: exit::CONFIG,
            message: err.to_string(),
        }
    }
}

impl From<DatabaseError> for Failure {
    fn from(err: DatabaseError) -> Self {
        let code = if err.is_refusal() {
            exit::CONFIG
        } else {
            exit::UNAVAILABLE
        };
        let what = "cannot use the database (see APP_DB_URL, or `db_url` among the secrets)";
        Self::new(code, what, &err)
    }
}

impl From<SecretsError> for Failure {
    /// A store that is away may be back at the next start; one that refuses has to
    /// be told otherwise.
    fn from(err: SecretsError) -> Self {
        let code = if err.is_transient() {
            exit::UNAVAILABLE
        } else {
            exit::CONFIG
        };
        let what = format_args!("cannot fetch the secrets (see {})", err.variables());
        Self::new(code, what, &err)
    }
}
