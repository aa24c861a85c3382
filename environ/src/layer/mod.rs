//! The layers of a load: sources with a name, some of which see the table.

#[cfg(feature = "json")]
mod document;
#[cfg(feature = "dotenv")]
mod dotenv;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

#[cfg(feature = "json")]
pub use document::Document;
#[cfg(feature = "dotenv")]
pub use dotenv::DotEnv;

use crate::report::Problem;
use crate::source::Source;
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
    pub(crate) root: &'a str,
}

/// A layer during one load.
pub struct Opened<'a> {
    /// `None` stands for the environment.
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) variables: Variables<'a>,
    pub(crate) problems: Vec<Problem>,
}

/// The variables of an opened layer.
pub(crate) enum Variables<'a> {
    Of(&'a dyn Source),
    #[cfg(any(feature = "dotenv", feature = "json"))]
    Read(Pairs),
}

/// Names with their texts. The last of a name counts.
#[cfg(any(feature = "dotenv", feature = "json"))]
pub(crate) type Pairs = std::collections::BTreeMap<String, OsString>;

impl<S: Source> Layer for S {
    fn open(&self, _: Table<'_>) -> Opened<'_> {
        Opened {
            name: None,
            variables: Variables::Of(self),
            problems: Vec::new(),
        }
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

impl Opened<'_> {
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
        let mut found = self.0.iter().filter_map(|layer| layer.source().get(name));
        let first = found.next()?;
        if first.is_empty() {
            return found.find(|text| !text.is_empty()).or(Some(first));
        }
        Some(first)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        let names = self.0.iter().map(|layer| layer.source().names());
        names
            .collect::<Option<Vec<_>>>()
            .map(|names| names.concat())
    }

    /// The layer that is read decides.
    fn exposes(&self, name: &str) -> bool {
        let mut layers = self.0.iter().map(Opened::source);
        let is_set = |text: Cow<'_, OsStr>| !text.is_empty();
        let read = layers.find(|layer| layer.get(name).is_some_and(is_set));
        read.is_some_and(|layer| layer.exposes(name))
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
        Opened {
            name: Some(Cow::Borrowed(&self.name)),
            ..self.layer.open(table)
        }
    }
}
