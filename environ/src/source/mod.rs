//! Where variables and secrets come from: the traits, and their implementations for types
//! of the standard library.

mod delegate;
pub mod file;
mod from_fn;
mod impls;
mod process;
mod remembered;
pub(crate) mod stamp;
mod store;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

pub use from_fn::{from_fn, FromFn};
pub use process::Process;
pub(crate) use remembered::Remembered;
pub use store::{Found, Request, SecretStore, StoreError};

/// Sorts variables by their names. The last of a name counts.
pub(crate) fn last_of_each(mut vars: Vec<(OsString, OsString)>) -> Vec<(OsString, OsString)> {
    vars.reverse();
    vars.sort_by(|(one, _), (other, _)| one.cmp(other));
    vars.dedup_by(|(later, _), (first, _)| later == first);
    vars
}

/// Where variables come from.
///
/// | type | names |
/// |---|---|
/// | [`Process`] | the environment of this process |
/// | arrays, slices and `Vec` of pairs | the last pair of a name counts |
/// | `HashMap`, `BTreeMap` with `String`, `&str` or `OsString` as names | |
/// | [`from_fn`](fn@from_fn) | a closure from a name to a value |
/// | `()` | no variable is set |
/// | `(A, B)` | the first source that has a variable counts |
/// | `&S`, `Box<S>`, `Rc<S>`, `Arc<S>`; `S` may be `dyn Source` | as `S` |
///
/// With a feature each, `DotEnv` and `Document` are sources too.
/// `std::env::vars_os` is a source once it is collected into a `Vec` or a map.
///
/// # Examples
///
/// ```
/// use environ::EnvConfig;
///
/// #[derive(Debug, EnvConfig)]
/// struct Http {
///     #[env(default = 80)]
///     port: u16,
/// }
///
/// let pairs = [("APP_PORT", "8000")];
/// assert_eq!(Http::from_source(pairs)?.port, 8000);
/// assert_eq!(Http::from_source(())?.port, 80);
/// # Ok::<(), environ::Error>(())
/// ```
///
/// A source of your own needs one method:
///
/// ```
/// use std::borrow::Cow;
/// use std::ffi::OsStr;
///
/// use environ::{EnvConfig, Source};
///
/// struct Defaults<S>(S);
///
/// impl<S: Source> Source for Defaults<S> {
///     fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
///         let default = (name == "APP_PORT").then(|| Cow::Borrowed(OsStr::new("8000")));
///         self.0.get(name).or(default)
///     }
/// }
///
/// # #[derive(Debug, EnvConfig)]
/// # struct Http { port: u16 }
/// assert_eq!(Http::from_source(Defaults(()))?.port, 8000);
/// # Ok::<(), environ::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of variables",
    label = "does not implement `Source`",
    note = "pairs, maps, `()` and `environ::Process` are sources; wrap a closure in `environ::from_fn(..)`"
)]
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

/// A store of a loader.
pub(crate) type SharedStore<'s> = Box<dyn SecretStore + Send + Sync + 's>;
