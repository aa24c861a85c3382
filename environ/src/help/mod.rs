//! Documentation made from the table that loading uses: one file a format.

#[cfg(feature = "json")]
mod changes;
#[cfg(feature = "json")]
mod compare;
mod compose;
#[cfg(feature = "json")]
mod described;
#[cfg(feature = "json")]
mod diff;
pub(crate) mod dotenv;
mod env_schema;
pub(crate) mod example;
#[cfg(any(feature = "deployment", test))]
pub(crate) mod expansion;
mod explain;
mod facts;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "json")]
mod json_schema;
mod kubernetes;
mod man;
mod markdown;
mod number;
mod section;
mod start;
mod systemd;
mod terminal;
mod text;
mod yaml;

#[cfg(feature = "json")]
pub use changes::{Change, ChangeKind, Changes, Property};
#[cfg(feature = "deployment")]
pub(crate) use described::matches;
#[cfg(feature = "deployment")]
pub(crate) use diff::parsed;
#[cfg(feature = "json")]
pub use diff::ParseSpecError;
pub use explain::UnknownVariable;

use std::borrow::Cow;
use std::fmt;

use crate::name::{self, Path};
use crate::spec::variables::{self, Variable};
use crate::spec::{removed, Spec};

/// The variables of a config type; made by
/// [`EnvConfig::help`](crate::EnvConfig::help).
///
/// Displays as text for a terminal: a section for each group under its documentation, that of the
/// field or else of the type, names aligned, lines wrapped at 100 columns or at another [`width`](Help::width).
/// [`explain`](Help::explain) tells all about a single variable. A method for each other
/// format returns its text, such as [`to_markdown`](Help::to_markdown). Options of formats
/// are set before: [`prefix`](Help::prefix), [`secret_object`](Help::secret_object). All formats are made
/// from the table that loading uses, so that documented names and names that are read are
/// equal. Defaults of secrets are in no format.
///
/// # Examples
///
/// ```
/// use environ::EnvConfig;
///
/// #[derive(EnvConfig)]
/// # #[expect(dead_code, reason = "only its help is asked for")]
/// struct AppConfig {
///     /// Port to listen on.
///     #[env(default = 8000, alias = "PORT")]
///     port: u16,
/// }
///
/// let help = AppConfig::help();
/// assert_eq!(
///     help.to_string(),
///     "  APP_PORT  Port to listen on. Also: PORT. [default: 8000]"
/// );
/// assert_eq!(help.to_dotenv(), "# Port to listen on. Also: PORT.\n# APP_PORT=8000\n");
/// ```
#[derive(Clone)]
pub struct Help {
    spec: &'static Spec,
    prefix: Cow<'static, str>,
    secret_object: Option<String>,
    width: usize,
    styled: bool,
}

impl Help {
    pub(crate) fn of(spec: &'static Spec) -> Self {
        Self {
            spec,
            prefix: spec.root().into(),
            secret_object: None,
            width: terminal::DEFAULT_WIDTH,
            styled: false,
        }
    }

    /// Begins all names with `prefix`, as
    /// [`Loader::prefix`](crate::Loader::prefix) does.
    #[must_use]
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.prefix = name::prefix(prefix.as_ref()).into();
        self
    }

    /// Sets the name of the Secret object that [`to_kubernetes`](Help::to_kubernetes) takes
    /// secrets from, of the service in a Compose file, of the directory in which systemd finds
    /// credentials, and of the manual page.
    ///
    /// Without it, the name is the prefix in the spelling of Kubernetes: `my-app` for
    /// `MY_APP`, and `app` if the prefix is empty.
    #[must_use]
    pub fn secret_object(mut self, name: impl Into<String>) -> Self {
        self.secret_object = Some(name.into());
        self
    }

    /// Returns the names that a release has removed, each once, with its remedy: a group may be
    /// used several times.
    fn removed(&self) -> Vec<(&'static str, &'static str)> {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for removed in removed::of(self.spec.items) {
            if !seen.contains(&removed) {
                seen.push(removed);
            }
        }
        seen
    }

    /// Returns the path of the root type.
    fn root(&self) -> Path<'_> {
        self.spec.path(&self.prefix)
    }

    fn variables(&self) -> Vec<Variable> {
        variables::documented(self.spec.items, &self.root())
    }
}

/// The table has the defaults of secrets.
impl fmt::Debug for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Help")
            .field("config", &self.spec.ident)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
