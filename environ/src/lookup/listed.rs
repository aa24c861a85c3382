//! The names that a source lists. They tell how many groups there are, which name is
//! misspelt and which name nobody reads.
//!
//! The set is a sorted `Vec`, because each kind of collection and each of its element
//! types is a thousand lines more for users of this crate to compile.

use crate::spec::variables::{self, Variable};
use crate::spec::{Presence, Spec};

/// Whether a name is that of something else than one of several groups.
pub(crate) type IsOther<'a> = &'a dyn Fn(&str) -> bool;

/// Names in order, each once.
pub(crate) struct NameSet(Vec<String>);

impl NameSet {
    pub(crate) fn new(mut names: Vec<String>) -> Self {
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// Creates the set of all names that these variables are read from.
    pub(crate) fn of(variables: &[Variable]) -> Self {
        let mut names = Vec::new();
        for variable in variables {
            names.append(&mut variable.all_names());
        }
        Self::new(names)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        let place = self.0.binary_search_by(|own| own.as_str().cmp(name));
        place.is_ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) fn into_vec(self) -> Vec<String> {
        self.0
    }

    /// Returns the rest after `path` and a `_` of all names that begin so, but for the names
    /// of other fields.
    fn below<'a>(&'a self, path: &'a str, is_other: IsOther<'a>) -> impl Iterator<Item = &'a str> {
        let start = self.0.partition_point(|name| name.as_str() < path);
        let names = self.0[start..]
            .iter()
            .take_while(move |name| name.starts_with(path))
            .filter(|name| !is_other(name));
        names.filter_map(move |name| name.strip_prefix(path)?.strip_prefix('_'))
    }

    /// The numbers that follow `path`, in their order.
    pub(crate) fn indices(&self, path: &str, is_other: IsOther<'_>) -> Vec<u64> {
        let mut indices: Vec<u64> = Vec::new();
        for rest in self.below(path, is_other) {
            if let Some(index) = index(rest) {
                // As text, 10 is before 2.
                let place = indices.partition_point(|other| *other < index);
                if indices.get(place) != Some(&index) {
                    indices.insert(place, index);
                }
            }
        }
        indices
    }

    /// Returns the keys between `path` and the names of a group's variables.
    pub(crate) fn keys(&self, path: &str, spec: &'static Spec, is_other: IsOther<'_>) -> Self {
        let variables = variables::of(spec.items, "", &variables::placeholders);
        let mut ends = Vec::new();
        for variable in &variables {
            ends.append(&mut variable.all_names());
            #[cfg(feature = "aws")]
            ends.extend(variable.secret_ids());
        }
        let mut keys: Vec<String> = Vec::new();
        let mut bare: Vec<&str> = Vec::new();
        for rest in self.below(path, is_other) {
            match key(rest, &ends) {
                Some(key) if key == rest => bare.push(rest),
                key => keys.extend(key),
            }
        }
        // Of two, the shorter comes first.
        for name in bare {
            if !keys.iter().any(|key| is_in_variant(name, key, spec)) {
                keys.push(name.to_owned());
            }
        }
        Self::new(keys)
    }
}

/// Whether a name reads as if it were of a variant of the group that is called `key`:
/// then it is one that is misspelt, rather than another group.
fn is_in_variant(name: &str, key: &str, spec: &Spec) -> bool {
    let below_key = name
        .strip_prefix(key)
        .and_then(|rest| rest.strip_prefix('_'));
    below_key.is_some_and(|below_key| {
        spec.items.iter().any(|item| {
            let in_variant = below_key.strip_prefix(item.segment());
            matches!(item.presence, Presence::Variant(_))
                && !item.segment().is_empty()
                && in_variant.is_some_and(|rest| rest.starts_with('_'))
        })
    })
}

/// Returns the part of `name` before the longest of `ends` that it has: before `POOL_SIZE`
/// rather than `SIZE`, or the key would be taken to end in `_POOL`.
fn key(name: &str, ends: &[String]) -> Option<String> {
    let mut longest: Option<(&str, &str)> = None;
    for end in ends {
        if longest.is_none_or(|(other, _)| end.len() > other.len()) {
            longest = before(name, end).map(|key| (&**end, key)).or(longest);
        }
    }
    longest.map(|(_, key)| key.to_owned())
}

/// The number that a name begins with, as it is written and not otherwise.
fn index(name: &str) -> Option<u64> {
    let digits = name.split('_').next()?;
    let index: u64 = digits.parse().ok()?;
    (index.to_string() == digits).then_some(index)
}

/// Returns the part of `name` before `_` and `end`. From a placeholder on, `end` may
/// be anything.
fn before<'n>(name: &'n str, end: &str) -> Option<&'n str> {
    let key = match end.split_once('<') {
        Some((start, _)) => name.find(&format!("_{start}")).map(|at| &name[..at]),
        None if end.is_empty() => Some(name),
        None => name.strip_suffix(end)?.strip_suffix('_'),
    };
    key.filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{before, key, NameSet};

    #[test]
    fn numbers_are_read_as_they_are_written_only() {
        let names = [
            "APP_UP_0_HOST",
            "APP_UP_10",
            "APP_UP_2_A",
            "APP_UP_02_A",
            "APP_UP_x",
            "APP_UPS_3",
        ];
        let names = NameSet::new(names.map(Into::into).to_vec());
        assert_eq!(names.indices("APP_UP", &|name| name == "APP_UP_10"), [0, 2]);
        assert_eq!(names.indices("APP_UP", &|_| false), [0, 2, 10]);
    }

    #[test]
    fn a_key_stands_before_the_longest_end() {
        let (one, other) = ("SIZE".to_owned(), "POOL_SIZE".to_owned());
        for ends in [[one.clone(), other.clone()], [other, one]] {
            assert_eq!(key("MAIN_POOL_SIZE", &ends).as_deref(), Some("MAIN"));
            assert_eq!(key("MAIN_SIZE", &ends).as_deref(), Some("MAIN"));
            assert_eq!(key("MAIN_NAME", &ends), None);
        }
    }

    #[test]
    fn a_key_stands_before_the_end() {
        assert_eq!(before("MAIN_URL", "URL"), Some("MAIN"));
        assert_eq!(before("MAIN_DB_URL", "URL"), Some("MAIN_DB"));
        assert_eq!(before("URL", "URL"), None);
        assert_eq!(before("_URL", "URL"), None);
        assert_eq!(before("MAINURL", "URL"), None);
        assert_eq!(before("MAIN", ""), Some("MAIN"));
        assert_eq!(before("MAIN_UP_0_HOST", "UP_<N>_HOST"), Some("MAIN"));
    }
}
