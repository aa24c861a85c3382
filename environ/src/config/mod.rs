//! The trait that `#[derive(EnvConfig)]` implements.

mod loader;

pub use loader::{Loaded, Loader};

use std::mem;

#[cfg(feature = "deployment")]
use crate::deployment::Deployment;
use crate::help::Help;
use crate::layer::{Layer, Layers, Opened, Table};
use crate::load::{Loading, Notes};
use crate::lookup::Lookup;
use crate::report::Error;
use crate::report::Warning;
use crate::spec::{known_names, unique, Spec};

/// A type that is filled from environment variables.
///
/// `#[derive(EnvConfig)]` implements it. Hand-written implementations are not
/// supported: the hidden items may change in any release.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a config type",
    label = "does not implement `EnvConfig`",
    note = "add `#[derive(environ::EnvConfig)]` to `{Self}`, or remove `group` if one variable holds it",
    note = "if `{Self}` stands at the field under another name, write `Option`, `Vec` or the map out, because they are known by their spelling"
)]
pub trait EnvConfig: Sized {
    #[doc(hidden)]
    const SPEC: &'static Spec;

    #[doc(hidden)]
    fn load(loading: &mut Loading<'_>) -> Option<Self>;

    /// Loads from the environment of this process, and drops the warnings.
    ///
    /// Call it once, in `main`, and pass the value on. Where warnings are to be logged, or
    /// secrets are in a store, load with a [`loader`](Self::loader).
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the environment, with the warnings. Parsers, validators
    /// and functions of defaults are called a second time for the warnings.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(Debug, EnvConfig)]
    /// struct AppConfig {
    ///     /// Port to listen on.
    ///     #[env(default = 8000)]
    ///     port: u16,
    /// }
    ///
    /// fn main() {
    ///     let config = AppConfig::from_env().unwrap_or_else(|err| err.exit());
    ///     println!("port {}", config.port);
    /// }
    /// ```
    ///
    /// The warnings are logged here:
    ///
    /// ```
    /// # use environ::EnvConfig;
    /// # #[derive(Debug, EnvConfig)]
    /// # struct AppConfig { #[env(default = 8000)] port: u16 }
    /// fn main() {
    ///     let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    ///     for warning in &loaded.warnings {
    ///         eprintln!("{warning}"); // or log it
    ///     }
    ///     println!("port {}", loaded.config.port);
    /// }
    /// ```
    fn from_env() -> Result<Self, Error> {
        load_from(None, const { known_names::names::<Self>() })
    }

    /// Loads from `source`, for example an array in a test, and drops the warnings;
    /// [`check`](Self::check) and a [`loader`](Self::loader) return them.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the source.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[derive(Debug, environ::EnvConfig)]
    /// # struct AppConfig { port: u16 }
    /// use environ::EnvConfig;
    ///
    /// let cfg = AppConfig::from_source([("APP_PORT", "8000")])?;
    /// assert_eq!(cfg.port, 8000);
    /// # Ok::<(), environ::Error>(())
    /// ```
    fn from_source(source: impl Layer) -> Result<Self, Error> {
        let table = Table {
            items: Self::SPEC.items,
            root: &Self::SPEC.root_path(),
        };
        load_from(Some(source.open(table)), &[])
    }

    /// Loads from `source` and returns the warnings instead of the value: for a test of the
    /// environment that a deployment renders.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the source.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[derive(Debug, environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "only checked")]
    /// # struct AppConfig { port: u16 }
    /// use environ::EnvConfig;
    ///
    /// let rendered = [("APP_PORT", "80a0")];
    /// let err = AppConfig::check(&rendered).unwrap_err();
    /// assert_eq!(err.problems().next().unwrap().code(), "invalid");
    /// ```
    fn check(source: impl Layer) -> Result<Vec<Warning>, Error> {
        let loader = Self::loader();
        let open = |table: Table<'_>| Layers(vec![source.open(table)]);
        let (_, notes) = loader.load_from(open, Notes::default())?;
        Ok(notes.warnings)
    }

    /// Creates a load with options: sources, stores, prefix, strictness.
    #[must_use]
    fn loader<'s>() -> Loader<'s, Self> {
        Loader::new(Self::SPEC, load_root)
    }

    /// Creates a check of deployment files, which runs where the files are: in a test, or
    /// before they are rolled out.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[derive(environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "only checked")]
    /// # struct AppConfig { port: u16 }
    /// use environ::EnvConfig;
    ///
    /// let report = AppConfig::deployment().file("deploy/app.yaml").check();
    /// assert!(report.is_clean(), "{report}");
    /// ```
    #[cfg(feature = "deployment")]
    #[must_use]
    fn deployment<'c>() -> Deployment<'c> {
        const { unique::assert_unique(Self::SPEC) };
        Deployment::new(Self::SPEC, |loading| loading.problems(Self::load))
    }

    /// Returns the list of all variables.
    #[must_use]
    fn help() -> Help {
        Help::of(Self::SPEC)
    }

    /// Returns the names of all variables that hold a secret, so that a parent can
    /// keep them from its children.
    ///
    /// Of lists and maps of groups, those that are in the environment of this
    /// process. To remove a variable from this process would change nothing: its
    /// environment can still be read in `/proc`. Where a [loader](Self::loader) is
    /// told of another prefix or of stores, [ask it](Loader::secret_vars).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Command;
    ///
    /// use environ::{EnvConfig, Secret};
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its names are asked for")]
    /// struct AppConfig {
    ///     port: u16,
    ///     token: Secret<String>,
    /// }
    ///
    /// let mut child = Command::new("worker");
    /// for name in AppConfig::secret_vars() {
    ///     child.env_remove(name);
    /// }
    /// assert_eq!(AppConfig::secret_vars(), ["APP_TOKEN"]);
    /// ```
    #[must_use]
    fn secret_vars() -> Vec<String> {
        Self::loader().secret_vars()
    }
}

impl<T: EnvConfig> known_names::HasSpec for T {
    const SPEC: &'static Spec = <T as EnvConfig>::SPEC;
}

/// For a group that is large, as a variant of a one-of group may be.
impl<T: EnvConfig> EnvConfig for Box<T> {
    const SPEC: &'static Spec = T::SPEC;

    fn load(loading: &mut Loading<'_>) -> Option<Self> {
        T::load(loading).map(Self::new)
    }
}

/// Loads from `source`, or else from the environment of this process, whose names are
/// `known`, and drops the warnings.
fn load_from<T: EnvConfig>(
    layer: Option<Opened<'_>>,
    known: &'static [&'static str],
) -> Result<T, Error> {
    let mut layer = layer;
    let problems = layer.as_mut().map(|layer| mem::take(&mut layer.problems));
    let source = layer.as_ref().map(Opened::source);
    let lookup = Lookup::new(source, layer.as_slice(), &[], T::SPEC, T::SPEC.root());
    let mut loading = Loading::new(lookup, T::SPEC.items);
    loading.known = known.iter();
    loading.add_problems(problems.unwrap_or_default());
    let loaded = load_root(&mut loading);
    debug_assert_eq!(loading.known.len(), 0, "everything known is asked for");
    loaded
}

/// Loads a root type. Only here is it known that `T` is a root, and so its prefix.
fn load_root<T: EnvConfig>(loading: &mut Loading<'_>) -> Result<T, Error> {
    const { unique::assert_unique(T::SPEC) };
    loading.root(T::load)
}

/// Loads from the environment of this process: environ-config's `to_config`. Like
/// [`EnvConfig::from_env`] it drops the warnings.
///
/// # Errors
///
/// Everything that is wrong with the environment.
#[expect(clippy::disallowed_methods, reason = "it is another name of it")]
pub fn to_config<T: EnvConfig>() -> Result<T, Error> {
    T::from_env()
}

/// Returns the list of all variables: environ-config's `generate_help`.
///
/// ```
/// # #[derive(environ::EnvConfig)]
/// # #[expect(dead_code, reason = "only its help is asked for")]
/// # struct AppConfig {
/// #     /// Port to listen on.
/// #     #[env(default = 8000)]
/// #     port: u16,
/// # }
/// let help = environ::generate_help::<AppConfig>();
/// assert_eq!(help, "APP_PORT (Optional, Default=8000): Port to listen on.");
/// ```
#[must_use]
pub fn generate_help<T: EnvConfig>() -> String {
    T::help().to_lines()
}
