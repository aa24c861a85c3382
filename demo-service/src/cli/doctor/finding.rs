//! The result of a check, as a line.

use std::fmt;

use serde_json::{Value, json};

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Whether it is a problem.
    pub(super) is_warning: bool,
    /// The subject of the check.
    pub(super) what: &'static str,
    /// The result, and the remedy.
    pub(super) text: String,
}

impl Finding {
    pub(super) fn ok(what: &'static str, text: impl Into<String>) -> Self {
        Self {
            is_warning: false,
            what,
            text: text.into(),
        }
    }

    pub(super) fn warning(what: &'static str, text: impl Into<String>) -> Self {
        Self {
            is_warning: true,
            ..Self::ok(what, text)
        }
    }
}

impl Finding {
    /// Returns the finding as JSON.
    pub(super) fn json(&self) -> Value {
        let result = if self.is_warning { "warning" } else { "ok" };
        json!({"check": self.what, "result": result, "message": self.text})
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_warning { "warning" } else { "ok" };
        write!(f, "{verdict:7}  {:10}  {}", self.what, self.text)
    }
}
