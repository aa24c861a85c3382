//! A finding about a deployment: a place, a name, a reason and a remedy.

use std::fmt;

use super::place::Place;
use crate::redact::escape::escaped;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// A file was left out, because nothing in it is known.
    Note,
    /// The deployment starts, and is odd.
    Warning,
    /// The deployment does not start, or does not do as the file says.
    Error,
}

impl Severity {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A finding about a deployment.
///
/// Displays as `file:line:column: NAME: reason; remedy`, with `warning:` or `note:` after the
/// name unless it is an error. No value of a secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) message: String,
}

impl Finding {
    /// Creates an error about `name`, the variable or the key of the file.
    ///
    /// The message is `reason; remedy`. It must not quote a secret.
    pub fn error(place: Place, name: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            place,
            name: shown_name(name),
            code,
            severity: Severity::Error,
            message: message.into(),
        }
    }

    /// Creates a warning about `name`, the variable or the key of the file.
    ///
    /// The message is `reason; remedy`. It must not quote a secret.
    pub fn warning(
        place: Place,
        name: &str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(place, name, code, message)
        }
    }

    pub(super) fn note(place: Place, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::error(place, "", code, message)
        }
    }

    /// Returns the place in the file.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the full name of the variable, or the key of the file; empty for a finding
    /// about a whole file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the kind of finding, for programs.
    ///
    /// A code keeps its meaning in later releases. Releases may add codes, so that your
    /// program must expect unknown codes. Texts may change in any release.
    ///
    /// Besides the codes of [`Problem`](crate::Problem::code) and
    /// [`Warning`](crate::Warning::code):
    ///
    /// | code | meaning |
    /// |---|---|
    /// | `case` | the name is not in upper case |
    /// | `changed` | the format changes the value, or rejects it |
    /// | `dialect` | programs that read `.env` files read different values |
    /// | `input` | the file cannot be read |
    /// | `name` | the name is none, or has white space |
    /// | `none` | nothing in the file is a workload of this program |
    /// | `plaintext` | a secret that everybody with the file can read |
    /// | `reference` | a ConfigMap, a Secret or a file that is named is not there |
    /// | `syntax` | the file is malformed |
    /// | `twice` | set twice |
    ///
    /// The findings of [`hits`](crate::deployment::Deployment::hits) have the codes of
    /// [`Change`](crate::Change::code).
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns how much the finding matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns the reason and the remedy, on a single line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.name.is_empty() {
            write!(f, "{}: ", self.name)?;
        }
        if self.severity != Severity::Error {
            write!(f, "{}: ", self.severity.word())?;
        }
        f.write_str(&escaped(&self.message))
    }
}

/// A longer name is cut.
const MAX_NAME_CHARS: usize = 100;

/// Returns a name as it may be shown. Without `=` a whole line counts as a name, and may be a
/// secret.
fn shown_name(name: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-.*<>$%=:/".contains(letter);
    let trimmed = name.trim();
    if trimmed.len() <= MAX_NAME_CHARS && trimmed.chars().all(is_part) {
        trimmed.to_owned()
    } else {
        "(no name)".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::shown_name;

    #[test]
    fn a_line_that_is_no_name_is_not_shown() {
        assert_eq!(shown_name("APP_PORT "), "APP_PORT");
        assert_eq!(shown_name("postgres://me:hunter2@db?x"), "(no name)");
        assert_eq!(shown_name(&"A".repeat(101)), "(no name)");
    }
}
