//! Compares the specifications of two releases.
//!
//! Both are read from JSON by the same code, so that a property is compared as the
//! document shows it.

use std::fmt;

use serde_json::Value;

use super::changes::Changes;
use super::compare::compare;
use super::described::Document;
use super::Help;
use crate::redact::display;
use crate::spec::document::FORMAT;

impl Help {
    /// Compares the variables with those of `old`, a document that
    /// [`to_json`](Help::to_json) gave for an earlier release.
    ///
    /// # Errors
    ///
    /// If `old` is not such a document.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// mod v1 {
    ///     #[derive(environ::EnvConfig)]
    ///     # #[expect(dead_code, reason = "only its help is asked for")]
    ///     pub struct AppConfig {
    ///         #[env(default = 8000)]
    ///         port: u16,
    ///         level: Option<String>,
    ///     }
    /// }
    ///
    /// mod v2 {
    ///     #[derive(environ::EnvConfig)]
    ///     # #[expect(dead_code, reason = "only its help is asked for")]
    ///     pub struct AppConfig {
    ///         #[env(default = 8080)]
    ///         port: u16,
    ///         db_url: String,
    ///     }
    /// }
    ///
    /// let changes = v2::AppConfig::help().diff(&v1::AppConfig::help().to_json()).unwrap();
    /// assert_eq!(
    ///     changes.to_string(),
    ///     "\
    /// newly requires APP_DB_URL
    /// no longer reads APP_LEVEL
    /// default of APP_PORT changed from 8000 to 8080"
    /// );
    /// assert!(changes.iter().next().unwrap().is_breaking());
    /// ```
    pub fn diff(&self, old: &str) -> Result<Changes, ParseSpecError> {
        let old = parsed(old)?;
        let read = |document: &Value| Document::of(document).ok_or_else(ParseSpecError::empty);
        let (old, new) = (read(&old)?, read(&self.to_value())?);
        Ok(compare(&old, &new))
    }
}

/// Returns the document of a specification.
pub(crate) fn parsed(text: &str) -> Result<Value, ParseSpecError> {
    let document: Value =
        serde_json::from_str(text).map_err(|err| ParseSpecError(err.to_string()))?;
    if document["format"] != FORMAT {
        return Err(ParseSpecError(format!("its `format` is not {FORMAT}")));
    }
    Ok(document)
}

/// The reason why a text is no specification of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseSpecError(String);

impl ParseSpecError {
    pub(crate) fn empty() -> Self {
        Self("it has no variables".to_owned())
    }
}

impl fmt::Display for ParseSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = display::line(&self.0);
        write!(f, "not a specification of variables: {why}")
    }
}

impl std::error::Error for ParseSpecError {}
