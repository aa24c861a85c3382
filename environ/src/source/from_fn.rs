//! A closure as a source.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt;

use super::Source;

/// Creates a source that calls `get` with the name of each variable.
///
/// The source cannot list its names: see [`Source::names`].
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
/// let source = environ::from_fn(|name| (name == "APP_PORT").then_some("8000"));
/// assert_eq!(Http::from_source(source)?.port, 8000);
/// # Ok::<(), environ::Error>(())
/// ```
pub fn from_fn<F, V>(get: F) -> FromFn<F>
where
    F: Fn(&str) -> Option<V>,
    V: Into<OsString>,
{
    FromFn(get)
}

/// A closure as a [`Source`]; created by [`from_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

impl<F, V> Source for FromFn<F>
where
    F: Fn(&str) -> Option<V>,
    V: Into<OsString>,
{
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        (self.0)(name).map(|value| Cow::Owned(value.into()))
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}
