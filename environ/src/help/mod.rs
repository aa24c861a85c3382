//! Documentation made from the table that loading uses: one file a format.

#[cfg(feature = "json")]
mod changes;
#[cfg(feature = "json")]
mod compare;
#[cfg(feature = "json")]
mod described;
#[cfg(feature = "json")]
mod diff;
mod dotenv;
pub(crate) mod example;
#[cfg(any(feature = "deployment", test))]
pub(crate) mod expansion;
#[cfg(feature = "json")]
mod json;
mod kubernetes;
mod markdown;
mod text;

#[cfg(feature = "json")]
pub use changes::{Change, ChangeKind, Changes, Property};
#[cfg(feature = "json")]
pub use diff::NotASpec;

use std::borrow::Cow;
use std::fmt;

use crate::name;
use crate::spec::variables::{self, Variable};
use crate::spec::Spec;

/// The variables of a config type; made by
/// [`EnvConfig::help`](crate::EnvConfig::help).
///
/// Displays as text for a terminal: environ-config's lines, one for each
/// variable. All formats are made from the table that loading uses, so they show
/// the names that it reads. No default of a secret is in any of them.
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
///     "APP_PORT (Optional, Default=8000): Port to listen on. Also: PORT."
/// );
/// assert_eq!(help.env_example(), "# Port to listen on. Also: PORT.\n# APP_PORT=8000\n");
/// ```
#[derive(Clone)]
pub struct Help {
    spec: &'static Spec,
    prefix: Cow<'static, str>,
}

impl Help {
    pub(crate) fn of(spec: &'static Spec) -> Self {
        Self {
            spec,
            prefix: spec.root().into(),
        }
    }

    /// Begins all names with `prefix`, as
    /// [`Loader::prefix`](crate::Loader::prefix) does.
    #[must_use]
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.prefix = name::prefix(prefix.as_ref()).into();
        self
    }

    fn variables(&self) -> Vec<Variable> {
        variables::documented(self.spec.items, &self.prefix)
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
