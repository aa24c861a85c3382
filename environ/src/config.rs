//! The trait that `#[derive(EnvConfig)]` implements.

use crate::docs::Help;
use crate::error::Error;
use crate::loader::Loader;
use crate::pass::Pass;
use crate::source::{ByRef, Process, Source};
use crate::spec::Spec;

/// A type that is filled from environment variables.
///
/// `#[derive(EnvConfig)]` implements it. Hand-written implementations are not
/// supported: the hidden items may change in any release.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a config type",
    label = "does not implement `EnvConfig`",
    note = "add `#[derive(environ::EnvConfig)]` to `{Self}`, or remove `group` if one variable holds it"
)]
pub trait EnvConfig: Sized {
    #[doc(hidden)]
    const SPEC: &'static Spec;

    #[doc(hidden)]
    fn load(pass: &mut Pass<'_>) -> Option<Self>;

    /// Loads from the environment of this process.
    ///
    /// Call it once, in `main`, and pass the value on.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the environment.
    fn from_env() -> Result<Self, Error> {
        Self::from_source(&Process)
    }

    /// Loads from `source`, for example a slice in a test.
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
    /// let cfg = AppConfig::from_source(&[("APP_PORT", "8000")])?;
    /// assert_eq!(cfg.port, 8000);
    /// # Ok::<(), environ::Error>(())
    /// ```
    fn from_source<S: Source + ?Sized>(source: &S) -> Result<Self, Error> {
        let source = ByRef(source);
        let mut pass = Pass::new(&source, Self::SPEC, false);
        let value = Self::load(&mut pass);
        pass.finish(value).map(|(value, _)| value)
    }

    /// Starts a load that can be told more: where from, and what to report.
    #[must_use]
    fn loader<'s>() -> Loader<'s, Self> {
        Loader::new()
    }

    /// Gives the list of all variables.
    #[must_use]
    fn help() -> Help {
        Help::of(Self::SPEC)
    }
}

/// Loads from the environment of this process: environ-config's `to_config`.
///
/// # Errors
///
/// Everything that is wrong with the environment.
pub fn to_config<T: EnvConfig>() -> Result<T, Error> {
    T::from_env()
}

/// Gives the list of all variables: environ-config's `generate_help`.
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
    T::help().to_string()
}
