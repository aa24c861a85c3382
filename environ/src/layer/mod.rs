//! The layers of a load: sources with a name, some of which see the table.

#[cfg(feature = "json")]
mod document;
#[cfg(feature = "dotenv")]
mod dotenv;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

#[cfg(feature = "json")]
pub use document::Document;
#[cfg(feature = "dotenv")]
pub use dotenv::DotEnv;

use crate::name::Path;
use crate::report::Problem;
use crate::source::{self, Source};
use crate::spec::Item;

/// A source of variables for a load: every [`Source`], and those of this crate that have
/// a name and problems of their own.
///
/// Sealed: implement [`Source`] for a type of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of variables",
    label = "does not implement `Source`",
    note = "pairs, maps, `()` and `environ::Process` are sources; wrap a closure in `environ::from_fn(..)`"
)]
pub trait Layer: sealed::Sealed {
    #[doc(hidden)]
    fn open(&self, table: Table<'_>) -> Opened<'_>;
}

mod sealed {
    pub trait Sealed {}

    impl<S: super::Source> Sealed for S {}
}

/// A layer of a loader, which futures may hold across an `await`.
pub(crate) type SharedLayer<'s> = Box<dyn Layer + Send + Sync + 's>;

/// The table of the root type, and the prefix of its names.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "json"),
    expect(dead_code, reason = "a document asks it")
)]
pub struct Table<'a> {
    pub(crate) items: &'static [Item],
    pub(crate) root: &'a Path<'a>,
}

/// A layer during one load.
pub struct Opened<'a> {
    /// `None` stands for the environment.
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) problems: Vec<Problem>,
    /// The keys that a document should have, by the names of unread variables that it sets.
    pub(crate) keys: BTreeMap<String, String>,
    variables: Variables<'a>,
    index: Index,
}

/// The variables of a source that is slow to find each, in the order of their names. Made
/// when the names are listed: lists and maps of groups ask for many variables then.
type Index = OnceCell<Option<Vec<(OsString, OsString)>>>;

/// The variables of an opened layer.
enum Variables<'a> {
    Of(&'a dyn Source),
    #[cfg(any(feature = "dotenv", feature = "json"))]
    Read(Pairs),
}

/// Names with their texts. The last of a name counts.
#[cfg(any(feature = "dotenv", feature = "json"))]
pub(crate) type Pairs = BTreeMap<String, OsString>;

impl<S: Source> Layer for S {
    fn open(&self, _: Table<'_>) -> Opened<'_> {
        Opened::new(None, Variables::Of(self), Vec::new())
    }
}

/// Passes a reference or a pointer on to its layer.
#[cfg(any(feature = "dotenv", feature = "json"))]
macro_rules! layer {
    ($ty:ty) => {
        impl $crate::layer::sealed::Sealed for $ty {}

        impl $crate::layer::sealed::Sealed for &$ty {}

        impl $crate::layer::Layer for &$ty {
            fn open(&self, table: $crate::layer::Table<'_>) -> $crate::layer::Opened<'_> {
                $crate::layer::Layer::open(*self, table)
            }
        }
    };
}

#[cfg(any(feature = "dotenv", feature = "json"))]
use layer;

impl<'a> Opened<'a> {
    fn new(name: Option<Cow<'a, str>>, variables: Variables<'a>, problems: Vec<Problem>) -> Self {
        Self {
            name,
            problems,
            keys: BTreeMap::new(),
            variables,
            index: OnceCell::new(),
        }
    }

    /// Creates a layer of a source.
    pub(crate) fn of(name: Option<&'a str>, source: &'a dyn Source) -> Self {
        Self::new(name.map(Cow::Borrowed), Variables::Of(source), Vec::new())
    }

    /// Returns this layer with another source.
    pub(crate) fn with_source<'r>(&'r self, source: &'r dyn Source) -> Opened<'r> {
        Opened {
            keys: self.keys.clone(),
            ..Opened::of(self.name.as_deref(), source)
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        let Some(Some(index)) = self.index.get() else {
            return self.source().get(name);
        };
        let place = index.binary_search_by(|(own, _)| own.as_os_str().cmp(OsStr::new(name)));
        Some(Cow::Borrowed(&*index[place.ok()?].1))
    }

    /// Lists the names, and makes the index.
    fn names(&self) -> Option<Vec<OsString>> {
        let index = self
            .index
            .get_or_init(|| self.source().vars().map(source::last_of_each));
        match index {
            Some(index) => Some(index.iter().map(|(name, _)| name.clone()).collect()),
            None => self.source().names(),
        }
    }

    /// Adds the variables to a stamp, if they were read from a file.
    #[cfg(feature = "watch")]
    pub(crate) fn stamp(&self, hasher: &mut impl std::hash::Hasher) {
        match &self.variables {
            // Without a layer that reads files, nothing is added.
            Variables::Of(_) => _ = hasher,
            #[cfg(any(feature = "dotenv", feature = "json"))]
            Variables::Read(pairs) => std::hash::Hash::hash(pairs, hasher),
        }
    }

    pub(crate) fn source(&self) -> &dyn Source {
        match &self.variables {
            Variables::Of(source) => *source,
            #[cfg(any(feature = "dotenv", feature = "json"))]
            Variables::Read(pairs) => pairs,
        }
    }
}

/// Several layers as one source, the first to be read first.
pub(crate) struct Layers<'a>(pub(crate) Vec<Opened<'a>>);

impl Source for Layers<'_> {
    /// An empty variable counts as not set, so it does not hide a lower layer.
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        let mut found = self.0.iter().filter_map(|layer| layer.get(name));
        let first = found.next()?;
        if first.is_empty() {
            return found.find(|text| !text.is_empty()).or(Some(first));
        }
        Some(first)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        let names = self.0.iter().map(Opened::names);
        names
            .collect::<Option<Vec<_>>>()
            .map(|names| names.concat())
    }

    /// The layer that is read decides.
    fn exposes(&self, name: &str) -> bool {
        let is_set = |text: Cow<'_, OsStr>| !text.is_empty();
        let mut layers = self.0.iter();
        let read = layers.find(|layer| layer.get(name).is_some_and(is_set));
        read.is_some_and(|layer| layer.source().exposes(name))
    }

    /// Of several layers, the first counts, and may have an empty variable.
    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        match &self.0[..] {
            [layer] => layer.source().vars(),
            _ => None,
        }
    }
}

/// A layer under the name that the loader gives it.
pub(crate) struct Named<'n, L> {
    pub(crate) name: Cow<'n, str>,
    pub(crate) layer: L,
}

impl<L> sealed::Sealed for Named<'_, L> {}

impl<L: Layer> Layer for Named<'_, L> {
    fn open(&self, table: Table<'_>) -> Opened<'_> {
        let mut opened = self.layer.open(table);
        opened.name = Some(Cow::Borrowed(&self.name));
        opened
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Cow, Layers, Opened, OsStr, OsString, Source, Variables};

    /// Pairs, and the number of times that they are searched.
    struct Counted<'c>(&'c [(&'c str, &'c str)], &'c Cell<usize>);

    impl Source for Counted<'_> {
        fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
            self.1.set(self.1.get() + 1);
            Source::get(self.0, name)
        }

        fn names(&self) -> Option<Vec<OsString>> {
            self.0.names()
        }

        fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
            self.0.vars()
        }
    }

    #[test]
    fn layers_are_not_searched_after_their_names_are_listed() {
        let searches = Cell::new(0);
        let high = Counted(&[("A", "1"), ("B", ""), ("A", "2")], &searches);
        let low = Counted(&[("A", "3"), ("B", "4"), ("C", "")], &searches);
        let opened = |source| Opened::new(None, Variables::Of(source), Vec::new());
        let layers = Layers(vec![opened(&high), opened(&low)]);
        let texts = || ["A", "B", "C", "D"].map(|name| layers.get(name).map(Cow::into_owned));
        let before = texts();
        assert!(searches.take() > 0);
        let mut names = layers.names().unwrap();
        names.sort();
        names.dedup();
        assert_eq!(names, ["A", "B", "C"]);
        assert_eq!(texts(), before);
        let expected = [Some("2"), Some("4"), Some(""), None];
        assert_eq!(
            texts().each_ref().map(|text| text.as_deref()),
            expected.map(|text| text.map(OsStr::new))
        );
        assert_eq!(searches.get(), 0);
    }
}
