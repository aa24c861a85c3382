//! The types of the standard library that are a [`Source`]: pairs, maps, `()`, tuples, and
//! pointers to a source.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::hash::BuildHasher;
use std::rc::Rc;
use std::sync::Arc;

use super::delegate::delegate;
use super::Source;

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

// Each type of key by itself: a bound such as `Borrow<str>` would exclude `OsString`, by
// which the standard library's `vars_os` collects.
macro_rules! maps {
    ($([$($generics:tt)*] $map:ty, |$name:ident| $key:expr;)*) => {$(
        impl<V: AsRef<OsStr>, $($generics)*> Source for $map {
            fn get(&self, $name: &str) -> Option<Cow<'_, OsStr>> {
                self.get($key).map(|value| Cow::Borrowed(value.as_ref()))
            }

            fn names(&self) -> Option<Vec<OsString>> {
                Some(self.keys().map(OsString::from).collect())
            }
        }
    )*};
}

maps! {
    [] BTreeMap<&str, V>, |name| name;
    [] BTreeMap<String, V>, |name| name;
    [] BTreeMap<OsString, V>, |name| OsStr::new(name);
    [S: BuildHasher] HashMap<&str, V, S>, |name| name;
    [S: BuildHasher] HashMap<String, V, S>, |name| name;
    [S: BuildHasher] HashMap<OsString, V, S>, |name| OsStr::new(name);
}

impl Source for () {
    fn get(&self, _: &str) -> Option<Cow<'_, OsStr>> {
        None
    }

    fn names(&self) -> Option<Vec<OsString>> {
        Some(Vec::new())
    }

    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        Some(Vec::new())
    }
}

impl<A: Source, B: Source> Source for (A, B) {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        // An empty variable counts as not set, so it does not hide the second source.
        match self.0.get(name) {
            Some(text) if !text.is_empty() => Some(text),
            first => self.1.get(name).or(first),
        }
    }

    fn names(&self) -> Option<Vec<OsString>> {
        let mut names = self.0.names()?;
        names.append(&mut self.1.names()?);
        Some(names)
    }

    /// The source that is read decides.
    fn exposes(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(text) if !text.is_empty() => self.0.exposes(name),
            _ => self.1.exposes(name),
        }
    }

    /// An empty variable of the first source hides none of the second.
    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        let (first, second) = (self.0.vars()?, self.1.vars()?);
        let (mut vars, set): (Vec<_>, Vec<_>) =
            first.into_iter().partition(|(_, text)| text.is_empty());
        vars.extend(second);
        vars.extend(set);
        Some(vars)
    }
}

delegate! {
    Source {
        fn get(&self, name: &str) -> Option<Cow<'_, OsStr>>;
        fn names(&self) -> Option<Vec<OsString>>;
        fn exposes(&self, name: &str) -> bool;
        fn vars(&self) -> Option<Vec<(OsString, OsString)>>;
    }
    [N: AsRef<OsStr>, V: AsRef<OsStr>, const LEN: usize] [(N, V); LEN], |this| this.as_slice();
    [N: AsRef<OsStr>, V: AsRef<OsStr>] Vec<(N, V)>, |this| this.as_slice();
    [S: Source + ?Sized] &S, |this| &**this;
    [S: Source + ?Sized] Box<S>, |this| &**this;
    [S: Source + ?Sized] Rc<S>, |this| &**this;
    [S: Source + ?Sized] Arc<S>, |this| &**this;
}
