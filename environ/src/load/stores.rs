//! Secrets that no store has: where they were looked for, and the key that was probably
//! meant.

use super::Loading;
use crate::lookup::Lookup;
use crate::name::near::{Candidates, Search};
use crate::report::Warning;
use crate::source::SecretStore;
use crate::spec::variables::{self, Variable};
use crate::spec::{Item, Var};

/// A longer list of keys is cut in the search for a near miss.
const MAX_KEYS: usize = 10_000;

/// The places where a secret is not.
pub(super) struct Sought {
    /// A clause after `not set, and`: `no db_url in the files in /run/secrets`.
    pub(super) nowhere: String,
    /// A key that was probably meant, or the reason why a store has none.
    pub(super) hint: Option<String>,
}

impl Loading<'_> {
    /// Returns the stores that were asked for a secret, if there are any.
    pub(super) fn sought(&self, item: &Item, var: &Var) -> Option<Sought> {
        let stores = self.lookup.stores;
        if !var.secret || stores.is_empty() {
            return None;
        }
        let key = variables::store_key(item, var, &self.path, self.lookup.root);
        let places: Vec<String> = stores
            .iter()
            .map(|store| match self.lookup.variable_of(&**store, &key) {
                Some(variable) => variable,
                None => store.name().into_owned(),
            })
            .collect();
        let is_variable = |store: &dyn SecretStore| self.lookup.variable_of(store, &key).is_some();
        let nowhere = if stores.iter().all(|store| is_variable(&**store)) {
            format!("neither is {}", places.join(", nor "))
        } else {
            format!("no {key} in {}", places.join(", nor in "))
        };
        let mut hints = stores.iter().filter_map(|store| self.hint(&**store, &key));
        let hint = hints.next();
        Some(Sought { nowhere, hint })
    }

    fn hint(&self, store: &dyn SecretStore, key: &str) -> Option<String> {
        let keys = match self.lookup.keys(store) {
            Ok(keys) => keys,
            Err(err) => return Some(err.to_string()),
        };
        let near = self.near(key, &keys, false)?;
        let near = match self.lookup.variable_of(store, near) {
            Some(variable) => variable,
            None => near.escape_debug().to_string(),
        };
        Some(match self.lookup.stores {
            [_] => format!("{near} is there; is it meant?"),
            _ => format!("{near} is in {}; is it meant?", store.name()),
        })
    }

    /// Returns the key that differs from `key` by its spelling, or unless `is_strict` by a
    /// typing error. A key that another secret has is not meant.
    fn near<'k>(&self, key: &str, keys: &'k [String], is_strict: bool) -> Option<&'k str> {
        let read = keys_read(&self.lookup);
        let free = keys.iter().map(String::as_str).take(MAX_KEYS);
        let free: Vec<&str> = free
            .filter(|key| !read.iter().any(|it| it == key))
            .collect();
        let root = self.lookup.root;
        let respelt = free.iter().find(|other| is_respelt(key, other, root));
        if respelt.is_some() || is_strict {
            return respelt.copied();
        }
        let candidates = Candidates::of(free.iter().map(|key| (*key, *key)));
        let nearest = Search::new("").nearest(key, &candidates, &|_| true)?;
        keys.iter()
            .map(String::as_str)
            .find(|key| *key == nearest.name)
    }

    /// Warns of secrets that need not be there and have a misspelt key in a store.
    pub(super) fn warn_of_respelt_keys(&mut self, variables: &[Variable]) {
        let mut warnings = Vec::new();
        for variable in variables.iter().filter(|variable| variable.var.secret) {
            let Variable { item, var, .. } = variable;
            let path = &variable.path;
            let is_missing = |name: &str| {
                let mut problems = self.problems.iter();
                problems.any(|problem| problem.variable() == name)
            };
            if is_missing(&variable.name) || !self.lookup.places(item, var, path).is_empty() {
                continue;
            }
            let key = variables::store_key(item, var, path, self.lookup.root);
            for store in self.lookup.stores {
                let keys = self.lookup.keys(&**store).unwrap_or_default();
                if let Some(near) = self.near(&key, &keys, true) {
                    let near = near.escape_debug();
                    let name = store.name();
                    let why = format!("not set, but {near} is in {name}; is {key} meant?");
                    warnings.push(Warning::new(&variable.name, "unknown", &why));
                }
            }
        }
        if let Some(notes) = &mut self.notes {
            notes.warnings.append(&mut warnings);
        }
    }
}

/// Returns whether a key is the same but for letter case, signs between words, the prefix
/// of the config and the ending of a file.
fn is_respelt(key: &str, other: &str, root: &str) -> bool {
    let key = folded(key);
    let other = folded(other.strip_suffix(".txt").unwrap_or(other));
    !key.is_empty() && (other == key || other == format!("{}{key}", folded(root)))
}

fn folded(key: &str) -> String {
    let letters = key.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns the keys of all secrets of the config.
fn keys_read(lookup: &Lookup<'_>) -> Vec<String> {
    let all = lookup.all_variables().into_iter();
    let secrets = all.filter(|variable| variable.var.secret);
    let key = |it: Variable| variables::store_key(it.item, it.var, &it.path, lookup.root);
    secrets.map(key).collect()
}
