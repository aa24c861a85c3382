//! The names that a source lists. They tell how many groups there are, which name is
//! misspelt and which name nobody reads.
//!
//! The set is a sorted `Vec`, because each kind of collection and each of its element
//! types is a thousand lines more for users of this crate to compile.

use std::ffi::OsString;

use crate::name::{order, Path};
use crate::source;
use crate::spec::variables::{self, Variable};
use crate::spec::{Presence, Spec};

/// Whether a name is that of something else than one of several groups.
pub(crate) type IsOther<'a> = &'a dyn Fn(&str) -> bool;

/// Names in order, each once.
pub(crate) struct NameSet(Vec<String>);

/// Returns the names that are UTF-8, and the value of each.
pub(super) fn last_of_each(vars: Vec<(OsString, OsString)>) -> (NameSet, Vec<OsString>) {
    let vars = source::last_of_each(vars).into_iter();
    let unicode = vars.filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let (names, values) = unicode.unzip();
    (NameSet(names), values)
}

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
        self.place(name).is_some()
    }

    /// Returns the place of a name in their order.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let place = self.0.binary_search_by(|own| own.as_str().cmp(name));
        place.ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) fn into_vec(self) -> Vec<String> {
        self.0
    }

    /// Returns the rest after `path` and its joint of all names that begin so, but for the names
    /// of other fields.
    pub(crate) fn below<'a>(
        &'a self,
        path: &Path<'_>,
        is_other: IsOther<'a>,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let start = path.beginning();
        let first = self.0.partition_point(|name| *name < start);
        let names = self.0[first..].iter().map_while(move |name| {
            let rest = name.strip_prefix(&*start)?;
            Some((name, rest))
        });
        names.filter_map(move |(name, rest)| (!is_other(name)).then_some(rest))
    }

    /// The numbers that follow `path`, in their order.
    pub(crate) fn indices(&self, path: &Path<'_>, is_other: IsOther<'_>) -> Vec<u64> {
        let listed: Vec<u64> = self.below(path, is_other).filter_map(index).collect();
        // As text, 10 is before 2.
        let order = order(listed.len(), &|one, other| listed[one].cmp(&listed[other]));
        let mut indices: Vec<u64> = order.into_iter().map(|place| listed[place]).collect();
        indices.dedup();
        indices
    }

    /// Returns the rest after `path` of the names with superfluous leading zeros in the number,
    /// each beside the rest without these zeros.
    pub(crate) fn zero_padded<'a>(
        &'a self,
        path: &Path<'_>,
        spec: &'static Spec,
        is_other: IsOther<'a>,
    ) -> Vec<(&'a str, String)> {
        let mut ends = Vec::new();
        let mut padded = Vec::new();
        for rest in self.below(path, &|_| false) {
            let below = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
            let digits = &rest[..rest.len() - below.len()];
            let is_padded = digits.len() > 1 && digits.starts_with('0');
            if !is_padded || is_other(&path.name(rest)) {
                continue;
            }
            if ends.is_empty() {
                ends = End::all(spec, path);
            }
            if ends.iter().any(|end| end.is_end(below)) {
                let number = digits[..digits.len() - 1].trim_start_matches('0');
                let last = &digits[digits.len() - 1..];
                padded.push((rest, format!("{number}{last}{below}")));
            }
        }
        padded
    }

    /// Returns the keys between `path` and the names of a group's variables.
    pub(crate) fn keys(&self, path: &Path<'_>, spec: &'static Spec, is_other: IsOther<'_>) -> Self {
        let mut below = self.below(path, is_other).peekable();
        if below.peek().is_none() {
            return Self(Vec::new());
        }
        let ends = End::all(spec, path);
        let mut keys: Vec<&str> = Vec::new();
        let mut bare: Vec<&str> = Vec::new();
        for rest in below {
            match key(rest, &ends) {
                Some(key) if key == rest => bare.push(rest),
                key => keys.extend(key),
            }
        }
        keys.sort_unstable();
        keys.dedup();
        // In their order, so that of two the shorter comes first.
        let mut others: Vec<&str> = Vec::new();
        for name in bare {
            if !is_in_variant(name, &[&keys, &others], spec, path.delimiter()) {
                others.push(name);
            }
        }
        keys.append(&mut others);
        Self::new(keys.into_iter().map(str::to_owned).collect())
    }
}

/// Returns whether a name reads like a variable in a variant of a group with a key of `keys`:
/// then the name is a misspelt variable, rather than another group.
fn is_in_variant(name: &str, keys: &[&[&str]], spec: &Spec, delimiter: &str) -> bool {
    name.match_indices(delimiter).any(|(at, _)| {
        let (key, below_key) = (&name[..at], &name[at + delimiter.len()..]);
        is_below_variant(below_key, spec, delimiter)
            && keys.iter().any(|keys| keys.binary_search(&key).is_ok())
    })
}

fn is_below_variant(below_key: &str, spec: &Spec, delimiter: &str) -> bool {
    spec.items.iter().any(|item| {
        let in_variant = below_key.strip_prefix(item.segment());
        matches!(item.presence, Presence::Variant(_))
            && !item.segment().is_empty()
            && in_variant.is_some_and(|rest| rest.starts_with(delimiter))
    })
}

/// The name of a variable after the key of its group.
struct End {
    /// The delimiter and the name, up to a placeholder, from which on the name may be anything.
    text: String,
    is_whole: bool,
    /// The length of the name with its placeholder.
    len: usize,
}

impl End {
    /// Returns the ends of all names that a group's variables are read from.
    fn all(spec: &'static Spec, path: &Path<'_>) -> Vec<Self> {
        let inside = path.without_beginning();
        let variables = variables::of(spec.items, &inside, &variables::placeholders);
        let mut names = Vec::new();
        for variable in &variables {
            names.append(&mut variable.all_names());
            #[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
            names.extend(variable.secret_ids());
            #[cfg(feature = "gcp")]
            names.extend(variable.ciphertexts());
        }
        names
            .iter()
            .map(|name| Self::of(name, path.delimiter()))
            .collect()
    }

    /// Returns whether a text is this end.
    fn is_end(&self, text: &str) -> bool {
        text == self.text || !self.is_whole && text.starts_with(&*self.text)
    }

    fn of(name: &str, delimiter: &str) -> Self {
        let start = name.split_once('<').map(|(start, _)| start);
        Self {
            text: match (start, name) {
                (None, "") => String::new(),
                _ => format!("{delimiter}{}", start.unwrap_or(name)),
            },
            is_whole: start.is_none(),
            len: name.len(),
        }
    }

    /// Returns the part of `name` before this end.
    fn before<'n>(&self, name: &'n str) -> Option<&'n str> {
        let key = if self.is_whole {
            name.strip_suffix(&*self.text)
        } else {
            name.find(&*self.text).map(|at| &name[..at])
        };
        key.filter(|key| !key.is_empty())
    }
}

/// Returns the part of `name` before the longest of `ends` that it has: before `POOL_SIZE`
/// rather than `SIZE`, or the key would be taken to end in `_POOL`.
fn key<'n>(name: &'n str, ends: &[End]) -> Option<&'n str> {
    let mut longest: Option<(&End, &str)> = None;
    for end in ends {
        if longest.is_none_or(|(other, _)| end.len > other.len) {
            longest = end.before(name).map(|key| (end, key)).or(longest);
        }
    }
    longest.map(|(_, key)| key)
}

/// The number that a name begins with, as it is written and not otherwise.
fn index(name: &str) -> Option<u64> {
    let digits = name.split('_').next()?;
    let index: u64 = digits.parse().ok()?;
    (index.to_string() == digits).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::{key, End, NameSet, Path};

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
        let path = Path::root("APP_UP", "_", "_");
        assert_eq!(names.indices(&path, &|name| name == "APP_UP_10"), [0, 2]);
        assert_eq!(names.indices(&path, &|_| false), [0, 2, 10]);
    }

    #[test]
    fn a_key_stands_before_the_longest_end() {
        for ends in [["SIZE", "POOL_SIZE"], ["POOL_SIZE", "SIZE"]] {
            let ends = ends.map(|end| End::of(end, "_"));
            assert_eq!(key("MAIN_POOL_SIZE", &ends), Some("MAIN"));
            assert_eq!(key("MAIN_SIZE", &ends), Some("MAIN"));
            assert_eq!(key("MAIN_NAME", &ends), None);
        }
    }

    #[test]
    fn a_key_stands_before_the_end() {
        let before = |name, end| End::of(end, "_").before(name);
        assert_eq!(before("MAIN_URL", "URL"), Some("MAIN"));
        assert_eq!(before("MAIN_DB_URL", "URL"), Some("MAIN_DB"));
        assert_eq!(before("URL", "URL"), None);
        assert_eq!(before("_URL", "URL"), None);
        assert_eq!(before("MAINURL", "URL"), None);
        assert_eq!(before("MAIN", ""), Some("MAIN"));
        assert_eq!(before("MAIN_UP_0_HOST", "UP_<N>_HOST"), Some("MAIN"));
    }
}
