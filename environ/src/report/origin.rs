//! Where each value came from.

use std::fmt;
use std::path::PathBuf;

use crate::redact::display;

/// Where a value came from. It holds no value.
///
/// Names and paths are as they are; `Display` and `Debug` escape them, cut them and mask
/// passwords in them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The variable itself.
    Environment,
    /// Another name of the variable.
    Alias(String),
    /// A name that the variable had once.
    Deprecated(String),
    /// A file that a variable names.
    File {
        /// The variable: `APP_DB_URL_FILE`.
        variable: String,
        /// The path in the variable.
        path: PathBuf,
    },
    /// A store, by its name.
    Store(String),
    /// The default in the code.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("environment"),
            Self::Alias(name) => write!(f, "environment, as {}", display::name(name)),
            Self::Deprecated(name) => {
                let name = display::name(name);
                write!(f, "environment, as {name}, which is deprecated")
            }
            Self::File { variable, path } => {
                let (path, variable) = (display::path(path), display::name(variable));
                write!(f, "file {path}, from {variable}")
            }
            Self::Store(name) => f.write_str(&display::reason(name)),
            Self::Default => f.write_str("default"),
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({self})")
    }
}

/// Where each value came from, in the order of the fields. A variable that has
/// neither a value nor a default is not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    origin: Origin,
    shown: Option<String>,
}

impl Origins {
    pub(crate) fn add(&mut self, name: String, origin: Origin, shown: Option<String>) {
        self.0.push(Entry {
            name: display::owned_name(name),
            origin,
            shown,
        });
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the origin of the value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Origin> {
        self.entry(name).map(|entry| &entry.origin)
    }

    /// Returns the text that the value of the variable was read from, its default
    /// included, to be shown: that of a secret or of JSON is `[REDACTED]`, and a
    /// password in a URL is `***`. A default that a function makes has none.
    ///
    /// ```
    /// # use environ::{EnvConfig, Secret};
    /// # #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only the origins are asked for")]
    /// # struct AppConfig {
    /// #     #[env(default = 8000)]
    /// #     port: u16,
    /// #     proxy: String,
    /// #     token: Secret<String>,
    /// # }
    /// let loaded = AppConfig::loader()
    ///     .source([("APP_PROXY", "http://me:hunter2@proxy"), ("APP_TOKEN", "hunter2")])
    ///     .load()?;
    /// assert_eq!(loaded.origins.shown("APP_PORT"), Some("8000"));
    /// assert_eq!(loaded.origins.shown("APP_PROXY"), Some("http://me:***@proxy"));
    /// assert_eq!(loaded.origins.shown("APP_TOKEN"), Some("[REDACTED]"));
    /// # Ok::<(), environ::Error>(())
    /// ```
    #[must_use]
    pub fn shown(&self, name: &str) -> Option<&str> {
        self.entry(name)?.shown.as_deref()
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let name = display::name(name);
        self.0.iter().find(|entry| entry.name == name)
    }

    /// Returns each variable, by its own name, with the origin of its value. A name with
    /// letters that nobody sees, such as a newline in a key, is in quotes and escaped.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Origin)> {
        self.0.iter().map(|entry| (&*entry.name, &entry.origin))
    }
}
