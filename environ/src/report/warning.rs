//! An oddity of an environment that loads.

use std::fmt;

/// An oddity of one variable, although everything loaded.
///
/// A library that printed this would print it in the wrong place: log it.
/// Displays as `NAME: message`, and never shows a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    name: String,
    code: &'static str,
    message: String,
}

impl Warning {
    pub(crate) fn new(name: &str, code: &'static str, message: String) -> Self {
        Self {
            name: name.to_owned(),
            code,
            message,
        }
    }

    /// Returns the full name of the variable.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the kind of oddity, for programs. It does not change between
    /// releases:
    ///
    /// | code | meaning |
    /// |---|---|
    /// | `deprecated` | set under a name that is out of use |
    /// | `exposed` | a secret, and in the environment |
    /// | `odd` | a list that loads in the syntax of JSON or YAML, with brackets or quotes in its elements |
    /// | `padded` | a secret that begins or ends with white space |
    /// | `service_link` | read, and set by Kubernetes for a Service rather than by a person |
    /// | `shadowed` | set, and not read, since a store, a file or another name has it too |
    /// | `unknown` | set, and no field reads it; if [asked for](crate::Loader::warn_unknown) |
    /// | `unselected` | set, and ignored, since it belongs to a variant that is not selected |
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}
