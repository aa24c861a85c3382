//! The names of all variables, for what cannot be asked for by name: how many
//! groups there are, what is misspelt, what nobody reads.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsString;

use crate::spec::Spec;
use crate::walk::{self, Variable};

/// The names of all variables that are UTF-8, in order.
pub(crate) struct Names(Vec<String>);

impl Names {
    pub(crate) fn new(names: Vec<OsString>) -> Self {
        let mut names: Vec<String> = names
            .into_iter()
            .filter_map(|name| name.into_string().ok())
            .collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What follows `path` and a `_`, of all names that begin so, and that are no
    /// other field's own.
    fn below<'a>(
        &'a self,
        path: &'a str,
        own: &'a HashSet<String>,
    ) -> impl Iterator<Item = &'a str> {
        let start = self.0.partition_point(|name| name.as_str() < path);
        let names = self.0[start..]
            .iter()
            .take_while(move |name| name.starts_with(path))
            .filter(|name| !own.contains(*name));
        names.filter_map(move |name| name.strip_prefix(path)?.strip_prefix('_'))
    }

    /// The numbers that follow `path`.
    pub(crate) fn indices(&self, path: &str, own: &HashSet<String>) -> BTreeSet<u64> {
        let index = |rest: &str| {
            let digits = rest.split('_').next()?;
            let index: u64 = digits.parse().ok()?;
            (index.to_string() == digits).then_some(index)
        };
        self.below(path, own).filter_map(index).collect()
    }

    /// What stands between `path` and the names of a group's variables.
    pub(crate) fn keys(
        &self,
        path: &str,
        spec: &'static Spec,
        own: &HashSet<String>,
    ) -> BTreeSet<String> {
        let variables = walk::variables(spec.items, "", &walk::placeholders);
        let mut ends: Vec<String> = variables.iter().flat_map(Variable::all_names).collect();
        #[cfg(feature = "aws")]
        ends.extend(variables.iter().flat_map(Variable::secret_ids));
        // `POOL_SIZE` before `SIZE`, or the key would be taken to end in `_POOL`.
        ends.sort_unstable_by_key(|end| std::cmp::Reverse(end.len()));
        let key = |rest: &str| {
            ends.iter()
                .find_map(|end| before(rest, end))
                .map(str::to_owned)
        };
        self.below(path, own).filter_map(key).collect()
    }
}

/// What stands in `name` before `_` and `end`. From a placeholder on, `end` may
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
    use std::collections::HashSet;

    use super::{before, Names};

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
        let names = Names::new(names.map(Into::into).to_vec());
        assert_eq!(
            names
                .indices("APP_UP", &HashSet::from(["APP_UP_10".to_owned()]))
                .into_iter()
                .collect::<Vec<_>>(),
            [0, 2]
        );
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
