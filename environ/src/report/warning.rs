//! Warnings: oddities of an environment that loads.

use std::fmt;

use crate::redact::display;

/// An oddity of one variable, although everything loaded.
///
/// A load prints no warning, because only the program knows its log: log each warning.
/// `Display` writes `NAME: message`, and never the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    name: String,
    code: &'static str,
    message: String,
}

impl Warning {
    pub(crate) fn new(name: &str, code: &'static str, message: &str) -> Self {
        Self {
            name: display::name(name).into_owned(),
            code,
            message: display::line(message),
        }
    }

    /// Returns the full name of the variable. A name with letters that nobody sees, such as
    /// a space at its end or a newline, is in quotes and escaped.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the kind of oddity, for programs.
    ///
    /// A code keeps its meaning in later releases. Releases may add codes, so that your
    /// program must expect unknown codes. Texts may change in any release.
    ///
    /// | code | meaning |
    /// |---|---|
    /// | `deprecated` | set under a former name |
    /// | `exposed` | a secret in the environment of this process |
    /// | `needs_restart` | changed since the start, and the field is not [live](crate::watch) |
    /// | `odd` | a value or a secret with quotes around it, a comment after it, or an invisible letter; a list in the syntax of JSON or YAML; a secret in a file with the line ends of Windows |
    /// | `padded` | a secret or a path that begins or ends with white space |
    /// | `removed` | set, and no longer read: the message has the remedy |
    /// | `service_link` | read, and set by Kubernetes for a Service rather than by a person |
    /// | `shadowed` | set, and not read, because a store, a file or another name has the value too |
    /// | `unknown` | set, and no field reads it, if [asked for](crate::Loader::warn_unknown); or a misspelt key in a store |
    /// | `unselected` | set, and not read, because its variant is not selected or its group is switched off |
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the oddity in words, on one line, without the name.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}
