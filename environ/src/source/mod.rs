//! Where variables come from. The only file that asks `std::env`.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the source that the others stand in for"
)]

pub(crate) mod file;

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, HashMap};
use std::env::VarError;
use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher, Hash};

/// Where variables come from.
///
/// Implemented for [`Process`], for arrays, slices and vectors of pairs, for
/// `HashMap` and `BTreeMap` with names that are UTF-8, for closures from a name to a
/// value, and for `Box<dyn Source>`. Where a name stands twice in a slice, the last
/// one counts. What `std::env::vars_os` gives is a source once it is collected into
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
    /// Gives the value of the variable `name`, if it is set.
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>>;

    /// Lists the names of all variables, or `None` if that cannot be done.
    ///
    /// Called in strict mode, for lists and maps of groups, and when something is
    /// missing, to look for a near miss. Without it, a map of groups is an error, and
    /// so is strict mode.
    fn names(&self) -> Option<Vec<OsString>> {
        None
    }
}

/// The environment of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Process;

impl Process {
    #[inline]
    pub(crate) fn var(name: &str) -> Result<String, VarError> {
        std::env::var(name)
    }
}

impl Source for Process {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        std::env::var_os(name).map(Cow::Owned)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        Some(std::env::vars_os().map(|(name, _)| name).collect())
    }
}

impl<N: AsRef<OsStr>, V: AsRef<OsStr>> Source for [(N, V)] {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        let pair = self.iter().rev().find(|(this, _)| this.as_ref() == name);
        pair.map(|(_, value)| Cow::Borrowed(value.as_ref()))
    }

    fn names(&self) -> Option<Vec<OsString>> {
        Some(
            self.iter()
                .map(|(name, _)| name.as_ref().to_owned())
                .collect(),
        )
    }
}

impl<N, V, S> Source for HashMap<N, V, S>
where
    N: Borrow<str> + Eq + Hash,
    V: AsRef<OsStr>,
    S: BuildHasher,
{
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        self.get(name).map(|value| Cow::Borrowed(value.as_ref()))
    }

    fn names(&self) -> Option<Vec<OsString>> {
        Some(self.keys().map(|name| name.borrow().into()).collect())
    }
}

impl<N, V> Source for BTreeMap<N, V>
where
    N: Borrow<str> + Ord,
    V: AsRef<OsStr>,
{
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        self.get(name).map(|value| Cow::Borrowed(value.as_ref()))
    }

    fn names(&self) -> Option<Vec<OsString>> {
        Some(self.keys().map(|name| name.borrow().into()).collect())
    }
}

impl<F, V> Source for F
where
    F: Fn(&str) -> Option<V>,
    V: Into<OsString>,
{
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        self(name).map(|value| Cow::Owned(value.into()))
    }
}

/// Sources that ask another. There is no `impl Source for &S`: a reference to a
/// closure is a closure itself.
macro_rules! ask {
    ($($(#[$doc:meta])* [$($generics:tt)*] $ty:ty, |$this:ident| $other:expr;)*) => {$(
        $(#[$doc])*
        impl<$($generics)*> Source for $ty {
            fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
                let $this = self;
                Source::get($other, name)
            }

            fn names(&self) -> Option<Vec<OsString>> {
                let $this = self;
                Source::names($other)
            }
        }
    )*};
}

ask! {
    [N: AsRef<OsStr>, V: AsRef<OsStr>, const LEN: usize] [(N, V); LEN], |this| this.as_slice();
    [N: AsRef<OsStr>, V: AsRef<OsStr>, const LEN: usize] &[(N, V); LEN], |this| this.as_slice();
    [N: AsRef<OsStr>, V: AsRef<OsStr>] &[(N, V)], |this| *this;
    [N: AsRef<OsStr>, V: AsRef<OsStr>] Vec<(N, V)>, |this| this.as_slice();
    [N: AsRef<OsStr>, V: AsRef<OsStr>] &Vec<(N, V)>, |this| this.as_slice();
    [N: Borrow<str> + Eq + Hash, V: AsRef<OsStr>, S: BuildHasher] &HashMap<N, V, S>, |this| *this;
    [N: Borrow<str> + Ord, V: AsRef<OsStr>] &BTreeMap<N, V>, |this| *this;
    [] &dyn Source, |this| *this;
    [] Box<dyn Source + '_>, |this| &**this;
    [] Box<dyn Source + Send + Sync + '_>, |this| &**this;
    [] &Process, |this| *this;
}

/// A source that may be unsized, as one that is not.
pub(crate) struct ByRef<'a, S: ?Sized>(pub(crate) &'a S);

impl<S: Source + ?Sized> Source for ByRef<'_, S> {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        self.0.get(name)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        self.0.names()
    }
}
