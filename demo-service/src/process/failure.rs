//! The reason why the process ends, and its exit code.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

use environ::{Loaded, Process, Warning};
use rustix::io::Errno;
use serde_json::json;
use tracing::{Level, dispatcher, enabled, error};

use super::exit;
use crate::config::cautions::cautions;
use crate::config::{AppConfig, NoDatabase};
use crate::database::DatabaseError;
use crate::secrets::{self, SecretsError};
use crate::telemetry::journal::{Journal, priority};
use crate::telemetry::letters::is_unsafe;
use crate::telemetry::targets::EXIT;

/// The reason why the process ends, and its exit code.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
    /// The problems of a configuration, as JSON.
    problems: Option<String>,
}

impl Failure {
    /// Creates a failure of `what`, with all causes.
    pub(crate) fn new(code: u8, what: impl fmt::Display, cause: &(dyn Error + 'static)) -> Self {
        let mut message = format!("{what}: {cause}");
        let mut lacks_files = is_too_many_files(cause);
        let mut cause = cause.source();
        while let Some(err) = cause {
            message = format!("{message}: {err}");
            lacks_files |= is_too_many_files(err);
            cause = err.source();
        }
        if lacks_files {
            message.push_str("; raise `LimitNOFILE=` of the unit, or `ulimit -n`");
        }
        // A server may have written the causes.
        let message = message.replace('\n', "\\n");
        Self {
            code,
            message,
            problems: None,
        }
    }

    /// Adds a hint to the message.
    pub(crate) fn with_hint(mut self, hint: impl fmt::Display) -> Self {
        let hint = hint.to_string().replace('\n', "\\n");
        let _ = write!(self.message, "; {hint}");
        self
    }

    /// Creates a failure of the operating system.
    pub(crate) fn os(message: impl Into<String>) -> Self {
        Self {
            code: exit::OS_ERROR,
            message: message.into().replace('\n', "\\n"),
            problems: None,
        }
    }

    /// Creates the failure of a process that cannot create its event loop.
    #[must_use]
    pub fn no_event_loop(err: &io::Error) -> Self {
        Self::new(exit::OS_ERROR, "cannot create the event loop", err)
    }

    /// Creates a failure of the command line. The message may quote the arguments.
    pub(crate) fn usage(message: &str) -> Self {
        Self {
            code: exit::USAGE,
            message: message.replace('\n', "\\n"),
            problems: None,
        }
    }

    /// Creates a failure of the configuration.
    pub(crate) fn configuration(message: &str) -> Self {
        Self {
            code: exit::CONFIG,
            message: message.to_owned(),
            problems: None,
        }
    }

    /// Returns the exit code.
    pub(crate) fn code(&self) -> u8 {
        self.code
    }

    /// Returns the failure as JSON on one line, with `problems` and `warnings`.
    pub(crate) fn to_json(&self) -> String {
        self.problems.clone().unwrap_or_else(|| {
            let problem = json!({"name": null, "code": "failed", "message": self.message});
            json!({"problems": [problem], "warnings": []}).to_string()
        })
    }

    /// Logs the failure, or prints it on stderr if no log shows errors. A wrong
    /// configuration is printed on stderr, for the person at the terminal. Returns the exit
    /// code.
    #[must_use]
    pub fn report(&self) -> u8 {
        if self.code != exit::CONFIG
            && dispatcher::has_been_set()
            && enabled!(target: EXIT, Level::ERROR)
        {
            error!(target: EXIT, code = self.code, "{self}");
        } else {
            print(Level::ERROR, self);
        }
        self.code
    }
}

/// Returns whether the process or the system has as many open files as it may.
fn is_too_many_files(err: &(dyn Error + 'static)) -> bool {
    let code = err
        .downcast_ref::<io::Error>()
        .and_then(io::Error::raw_os_error);
    [Errno::MFILE, Errno::NFILE]
        .iter()
        .any(|errno| Some(errno.raw_os_error()) == code)
}

/// Prints the warnings of a configuration on stderr. Returns their number.
pub(crate) fn warn(loaded: &Loaded<AppConfig>) -> usize {
    let cautions = cautions(&loaded.config, &Process);
    for warning in &loaded.warnings {
        print(Level::WARN, format_args!("warning: {warning}"));
    }
    for caution in &cautions {
        print(Level::WARN, format_args!("warning: {caution}"));
    }
    loaded.warnings.len() + cautions.len()
}

/// Returns the warnings of a configuration as JSON on one line, in the form of
/// [`Failure::to_json`], and their number.
pub(crate) fn warnings_as_json(loaded: &Loaded<AppConfig>) -> (String, usize) {
    let cautions = cautions(&loaded.config, &Process);
    let warnings = loaded.warnings.iter().map(|warning| {
        json!({"name": warning.name(), "code": warning.code(), "message": warning.message()})
    });
    let cautions = cautions.iter().map(
        |caution| json!({"name": caution.name, "code": caution.code, "message": caution.text}),
    );
    let warnings: Vec<_> = warnings.chain(cautions).collect();
    let count = warnings.len();
    (
        json!({"problems": [], "warnings": warnings}).to_string(),
        count,
    )
}

/// Prints on stderr, with a priority before each line if the journal takes it. An error of
/// stderr has no place to go.
fn print(level: Level, what: impl fmt::Display) {
    let mut text = escaped(&format!("demo-service: {what}"));
    if Journal::takes(io::stderr()) {
        let priority = priority(&level);
        text = format!("{priority}{}", text.replace('\n', &format!("\n{priority}")));
    }
    let _ = writeln!(io::stderr(), "{text}");
}

/// Escapes letters that move the cursor or turn the text around, except the ends of lines.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '\n' && (letter.is_control() || is_unsafe(letter)) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<environ::Error> for Failure {
    fn from(err: environ::Error) -> Self {
        let mut message = err.to_string();
        // How a secret is handed over is no cause of a problem, and is said at each start.
        let is_id = |warning: &&Warning| secrets::is_id(warning, secrets::ENDS);
        let may_be_cause = |warning: &&Warning| warning.code() != "exposed" && !is_id(warning);
        for warning in err.warnings().filter(may_be_cause) {
            let _ = write!(message, "\nwarning: {warning}");
        }
        Self {
            code: exit::CONFIG,
            message,
            problems: Some(err.to_json()),
        }
    }
}

impl From<NoDatabase> for Failure {
    fn from(err: NoDatabase) -> Self {
        Self::new(exit::CONFIG, "cannot use the database", &err)
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
    /// A store that is away may be back at the next start; a store that refuses needs a
    /// change.
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
