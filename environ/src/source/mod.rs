//! Where variables and secrets come from: the traits, and their implementations for types
//! of the standard library.

mod delegate;
pub mod file;
mod impls;
mod process;
mod store;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

pub(crate) use impls::ByRef;
pub use process::Process;
pub use store::{SecretStore, StoreError};

/// Where variables come from.
///
/// Implemented for [`Process`], for arrays, slices and vectors of pairs, for
/// `HashMap` and `BTreeMap` with names that are UTF-8, for closures from a name to a
/// value, and for `Box<dyn Source>`. Where a name stands twice in a slice, the last
/// one counts. The pairs of `std::env::vars_os` are a source once they are collected into
/// a `Vec`.
///
/// # Examples
///
/// ```
/// use environ::EnvConfig;
///
/// #[derive(Debug, EnvConfig)]
/// struct Http {
///     port: u16,
/// }
///
/// let pairs = [("APP_PORT", "8000")];
/// assert_eq!(Http::from_source(&pairs)?.port, 8000);
///
/// let closure = |name: &str| (name == "APP_PORT").then_some("8001");
/// assert_eq!(Http::from_source(&closure)?.port, 8001);
/// # Ok::<(), environ::Error>(())
/// ```
pub trait Source {
    /// Returns the value of the variable `name`, if it is set.
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>>;

    /// Lists the names of all variables, or `None` if that cannot be done.
    ///
    /// Called in strict mode, for lists and maps of groups, and when something is
    /// missing, to look for a near miss. Without it, a map of groups is an error, and
    /// so is strict mode.
    fn names(&self) -> Option<Vec<OsString>> {
        None
    }

    /// Returns whether child processes see the variable, as they see the environment of
    /// this process: a secret there is the warning `exposed`, and an error under
    /// [`deny_env_secrets`](crate::Loader::deny_env_secrets).
    ///
    /// `false` unless a source says otherwise, because pairs and files are inherited by
    /// nobody. Implement it for a source that stands for [`Process`].
    fn exposes(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// Returns all variables, the last of a name counts, or `None` where [`get`](Self::get)
    /// finds each of many variables quickly.
    #[doc(hidden)]
    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        None
    }
}
