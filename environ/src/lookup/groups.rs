//! Which groups of a list or a map are there, and which variables those groups have.

use super::kubernetes;
use super::{Contents, Lookup, NameSet, Place};
use crate::name;
use crate::redact::display;
use crate::spec::variables::{self, Variable};
use crate::spec::{Item, Kind};

/// How many groups of a list are tried if names cannot be listed, because a closure may
/// have a text for every name.
const MAX_TRIED: u64 = 1_000;

impl Lookup<'_> {
    /// Returns all variables of `items`, with the variables of the groups of lists and maps
    /// that are there.
    pub(crate) fn variables(&self, items: &'static [Item], path: &str) -> Vec<Variable> {
        variables::of(items, path, &|kind, path| self.segments(kind, path))
    }

    /// Returns the segments that tell the groups of a list or a map apart.
    pub(crate) fn segments(&self, kind: &Kind, path: &str) -> Vec<String> {
        match kind {
            Kind::List(spec) => {
                let is_there = |index: &u64| self.is_there(spec.items, path, &index.to_string());
                let indices: Vec<u64> = match self.listed() {
                    Some(listed) => {
                        let mut indices = listed.indices(path, &|name| self.own().contains(name));
                        indices.retain(is_there);
                        indices
                    }
                    None => (0..MAX_TRIED).take_while(is_there).collect(),
                };
                indices.iter().map(u64::to_string).collect()
            }
            Kind::Map(spec) => {
                let Some(listed) = self.listed() else {
                    return Vec::new();
                };
                let is_other = |name: &str| {
                    self.own().contains(name)
                        || kubernetes::is_link_in_pod(name, &|name| self.get(name))
                };
                let mut keys = listed.keys(path, spec, &is_other).into_vec();
                keys.retain(|key| self.is_there(spec.items, path, key));
                keys
            }
            Kind::Var(_) | Kind::Group(_) => Vec::new(),
        }
    }

    fn is_there(&self, items: &'static [Item], path: &str, segment: &str) -> bool {
        self.presence(items, &name::join(path, segment)).is_some()
    }

    /// Returns why a group is there: a clause about the first of its variables that is set.
    pub(crate) fn presence(&self, items: &'static [Item], path: &str) -> Option<String> {
        let clause = |Place { name, contents, .. }: &Place<'_>| match contents {
            Contents::Variable(_) | Contents::File { .. } => format!("{name} is set"),
            Contents::Store {
                store, text: Ok(_), ..
            } => format!("{name} is in {}", display::reason(store)),
            Contents::Store {
                store,
                text: Err(_),
                ..
            } => {
                let store = display::reason(store);
                format!("{store} failed to say whether {name} is there")
            }
        };
        self.variables(items, path).iter().find_map(|variable| {
            let places = self.places(variable.item, variable.var, &variable.path);
            places.first().map(clause)
        })
    }

    /// Returns the names of the fields outside of lists and maps: a set variable of this
    /// name says nothing of a group, although the name may read as if it did.
    fn own(&self) -> &NameSet {
        self.own.get_or_init(|| {
            let variables = variables::of(self.items, self.root, &|_, _| Vec::new());
            NameSet::of(&variables)
        })
    }

    /// Returns the names of all variables that hold a secret, including the variables of
    /// stores.
    pub(crate) fn secret_vars(&self) -> Vec<String> {
        let mut names = Vec::new();
        for variable in self.variables(self.items, self.root) {
            if variable.var.secret {
                names.extend(variable.names().map(str::to_owned));
                names.append(&mut self.store_vars(&variable));
            }
        }
        names
    }

    /// Returns the variables in which stores that are but variables have this secret.
    pub(crate) fn store_vars(&self, variable: &Variable) -> Vec<String> {
        let Variable { item, var, .. } = variable;
        if !var.secret {
            return Vec::new();
        }
        let key = variables::store_key(item, var, &variable.path, self.root);
        self.stores
            .iter()
            .filter_map(|store| store.variable(&key, self.source()))
            .collect()
    }
}
