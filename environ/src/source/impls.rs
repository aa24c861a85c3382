//! The types of the standard library that are a [`Source`]: pairs, maps and closures.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher, Hash};

use super::delegate::delegate;
use super::{Process, Source};

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

    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        let vars = self.iter();
        let vars = vars.map(|(name, value)| (name.as_ref().into(), value.as_ref().into()));
        Some(vars.collect())
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

/// A source that may be unsized, as a source that is not.
pub(crate) struct ByRef<'a, S: ?Sized>(pub(crate) &'a S);

// There is no `impl Source for &S`: a reference to a closure is a closure itself.
delegate! {
    Source {
        fn get(&self, name: &str) -> Option<Cow<'_, OsStr>>;
        fn names(&self) -> Option<Vec<OsString>>;
        fn exposes(&self, name: &str) -> bool;
        fn vars(&self) -> Option<Vec<(OsString, OsString)>>;
    }
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
    [S: Source + ?Sized] ByRef<'_, S>, |this| this.0;
}
