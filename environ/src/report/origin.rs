//! Where each value came from.

use std::fmt;
use std::iter::FusedIterator;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::items::Items;
use crate::name::order;
use crate::redact::display;

/// Where a value came from. It holds no value.
///
/// Names and paths are as they are; `Display` and `Debug` escape them, cut them and mask
/// passwords in them.
///
/// # Examples
///
/// ```
/// use environ::{EnvConfig, Place};
///
/// #[derive(EnvConfig)]
/// # #[expect(dead_code, reason = "only the origins are asked for")]
/// struct Http {
///     #[env(deprecated = "PORT")]
///     port: u16,
/// }
///
/// let loaded = Http::loader().source([("PORT", "80")]).load()?;
/// let origin = loaded.origins.get("APP_PORT").unwrap();
/// assert_eq!(origin.place(), Place::Environment);
/// assert_eq!(origin.variable(), Some("PORT"));
/// assert!(origin.is_deprecated());
/// assert_eq!(origin.to_string(), "environment, as PORT, which is deprecated");
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    pub(crate) place: Place,
    /// Of a layer or a store.
    pub(crate) name: Option<String>,
    /// Of a file.
    pub(crate) path: Option<PathBuf>,
    pub(crate) variable: Option<String>,
    /// Whether `variable` is the field's own name.
    pub(crate) is_main: bool,
    pub(crate) is_deprecated: bool,
}

/// The kind of place that a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// A variable of the environment, or of a source that stands for the environment.
    Environment,
    /// A layer of the loader that has a name.
    Layer,
    /// A file that a variable names.
    File,
    /// A store.
    Store,
    /// The default in the code.
    Default,
}

impl Origin {
    pub(crate) fn of(place: Place) -> Self {
        Self {
            place,
            name: None,
            path: None,
            variable: None,
            is_main: true,
            is_deprecated: false,
        }
    }

    /// Returns the kind of place.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// Returns the name of the layer or of the store.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Returns the variable that holds the text, or that names the file: one of the names
    /// of the field.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        self.variable.as_deref()
    }

    /// Returns whether the value is the default in the code.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.place == Place::Default
    }

    /// Returns whether the variable has a name that is out of use.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.is_deprecated
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Environment => f.write_str("environment"),
            Place::File => f.write_str("file"),
            Place::Layer | Place::Store => Ok(()),
            Place::Default => f.write_str("default"),
        }?;
        if let Some(name) = &self.name {
            f.write_str(&display::reason(name))?;
        }
        if let Some(path) = &self.path {
            write!(f, " {}", display::path(path))?;
        }
        match self.variable.as_deref().map(display::name) {
            Some(name) if self.path.is_some() => write!(f, ", from {name}"),
            Some(name) if self.is_deprecated => write!(f, ", as {name}, which is deprecated"),
            Some(name) if !self.is_main => write!(f, ", as {name}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({self})")
    }
}

/// Where each value came from, in the order of the fields. A variable that has
/// neither a value nor a default is not listed.
#[derive(Clone, Default)]
pub struct Origins {
    entries: Vec<Entry>,
    /// The indices of the entries by name, made when a name is asked for: lists and maps may
    /// have thousands of groups, and a caller may ask for each name.
    by_name: OnceLock<Vec<usize>>,
}

impl PartialEq for Origins {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Origins {}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Origins").field(&self.entries).finish()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    origin: Origin,
    shown: Option<String>,
}

impl Origins {
    pub(crate) fn add(&mut self, name: String, origin: Origin, shown: Option<String>) {
        self.entries.push(Entry {
            name: display::owned_name(name),
            origin,
            shown,
        });
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the origins of the values in effect after a later load, of which these are the
    /// origins: an origin that is not in effect is as it was.
    #[cfg(feature = "watch")]
    pub(crate) fn in_effect(&self, former: &Self, is_in_effect: impl Fn(&str) -> bool) -> Self {
        let mut entries = Vec::new();
        for entry in &self.entries {
            if is_in_effect(&entry.name) {
                entries.push(entry.clone());
            } else {
                entries.extend(former.entry(&entry.name).cloned());
            }
        }
        let is_gone =
            |entry: &&Entry| !is_in_effect(&entry.name) && self.get(&entry.name).is_none();
        entries.extend(former.entries.iter().filter(is_gone).cloned());
        Self {
            entries,
            by_name: OnceLock::new(),
        }
    }

    /// Returns the origin of the value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Origin> {
        self.entry(name).map(|entry| &entry.origin)
    }

    /// Returns the text that the value of the variable was read from, its default
    /// included, to be shown: that of a secret or of JSON is `[REDACTED]`, and a
    /// password in a URL is `***`. A default that a function makes has none.
    ///
    /// ```
    /// # use environ::{EnvConfig, Secret};
    /// # #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only the origins are asked for")]
    /// # struct AppConfig {
    /// #     #[env(default = 8000)]
    /// #     port: u16,
    /// #     proxy: String,
    /// #     token: Secret<String>,
    /// # }
    /// let loaded = AppConfig::loader()
    ///     .source([("APP_PROXY", "http://me:hunter2@proxy"), ("APP_TOKEN", "hunter2")])
    ///     .load()?;
    /// assert_eq!(loaded.origins.shown("APP_PORT"), Some("8000"));
    /// assert_eq!(loaded.origins.shown("APP_PROXY"), Some("http://me:***@proxy"));
    /// assert_eq!(loaded.origins.shown("APP_TOKEN"), Some("[REDACTED]"));
    /// # Ok::<(), environ::Error>(())
    /// ```
    #[must_use]
    pub fn shown(&self, name: &str) -> Option<&str> {
        self.entry(name)?.shown.as_deref()
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let name = display::name(name);
        let by_name = self.by_name.get_or_init(|| self.sorted());
        let is_before = |index: &usize| *self.entries[*index].name < *name;
        let first = by_name.partition_point(is_before);
        let entry = &self.entries[*by_name.get(first)?];
        (entry.name == name).then_some(entry)
    }

    fn sorted(&self) -> Vec<usize> {
        // The first entry of a name stays the first.
        order(self.entries.len(), &|one, other| {
            self.entries[one].name.cmp(&self.entries[other].name)
        })
    }

    /// Returns each variable, by its own name, with the origin of its value. A name with
    /// letters that nobody sees, such as a newline in a key, is in quotes and escaped.
    #[must_use]
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = (&str, &Origin)> + DoubleEndedIterator + Clone {
        self.into_iter()
    }
}

impl<'a> IntoIterator for &'a Origins {
    type Item = (&'a str, &'a Origin);
    type IntoIter = OriginItems<'a>;

    fn into_iter(self) -> Self::IntoIter {
        OriginItems(Items::new(&self.entries))
    }
}

/// An iterator over variables and their origins, for `for (name, origin) in &origins`.
#[derive(Clone, Debug)]
pub struct OriginItems<'a>(Items<'a, Entry>);

impl<'a> OriginItems<'a> {
    fn item(entry: &'a Entry) -> (&'a str, &'a Origin) {
        (&entry.name, &entry.origin)
    }
}

impl<'a> Iterator for OriginItems<'a> {
    type Item = (&'a str, &'a Origin);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Self::item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for OriginItems<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(Self::item)
    }
}

impl ExactSizeIterator for OriginItems<'_> {}

impl FusedIterator for OriginItems<'_> {}

#[cfg(test)]
mod tests {
    use super::{Origin, Origins, Place};

    #[test]
    fn each_name_is_found_whatever_the_order_of_the_fields() {
        let mut origins = Origins::default();
        for name in ["APP_C", "APP_A", "APP_B", "APP_A", "APP_D"] {
            let shown = origins.len().to_string();
            origins.add(name.to_owned(), Origin::of(Place::Default), Some(shown));
        }
        origins.truncate(4);
        assert_eq!(origins.shown("APP_A"), Some("1"));
        assert_eq!(origins.shown("APP_B"), Some("2"));
        assert_eq!(origins.shown("APP_C"), Some("0"));
        assert!(origins.get("APP_D").is_none());
        assert!(origins.get("APP").is_none());
    }
}
