//! Which groups of a list or a map are there, and which variables those groups have.

use super::kubernetes;
use super::{Contents, Lookup, NameSet, Place};
use crate::name::Path;
use crate::redact::display;
use crate::source::Request;
use crate::spec::variables::{self, Variable};
use crate::spec::{Item, Kind, Spec};

/// How many groups of a list are tried if names cannot be listed, because a closure may
/// have a text for every name.
const MAX_TRIED: u64 = 1_000;

/// From how many groups on it is kept which of them are there.
const MANY: usize = 100;

impl Lookup<'_> {
    /// Returns all variables of `items`, with the variables of the groups of lists and maps
    /// that are there.
    pub(crate) fn variables(&self, items: &'static [Item], path: &Path<'_>) -> Vec<Variable> {
        variables::of(items, path, &|kind, path| self.segments(kind, path))
    }

    /// Returns the segments that tell the groups of a list or a map apart.
    pub(crate) fn segments(&self, kind: &Kind, path: &Path<'_>) -> Vec<String> {
        let (Kind::List(spec) | Kind::Map(spec)) = kind else {
            return Vec::new();
        };
        let is_there = |segment: &String| {
            let path = path.join(segment);
            self.presence(spec.items, &path).is_some()
        };
        let known = self.many.borrow();
        if let Some((_, segments)) = known.iter().find(|(known, _)| **known == **path) {
            return segments.clone();
        }
        drop(known);
        match self.candidates(kind, path) {
            Some(mut segments) => {
                segments.retain(is_there);
                if segments.len() >= MANY {
                    let known = (path.to_string(), segments.clone());
                    self.many.borrow_mut().push(known);
                }
                segments
            }
            None => (0..MAX_TRIED)
                .map(|index| index.to_string())
                .take_while(is_there)
                .collect(),
        }
    }

    /// Returns the segments of the groups that may be there, by the names that are set, or
    /// `None` if the names of a list cannot be listed.
    fn candidates(&self, kind: &Kind, path: &Path<'_>) -> Option<Vec<String>> {
        match kind {
            Kind::List(_) => {
                let indices = self
                    .listed()?
                    .indices(path, &|name| self.own().contains(name));
                Some(indices.iter().map(u64::to_string).collect())
            }
            Kind::Map(spec) => {
                let Some(listed) = self.listed() else {
                    return Some(Vec::new());
                };
                let is_other = |name: &str| self.own().contains(name) || self.is_link(name);
                Some(listed.keys(path, spec, &is_other).into_vec())
            }
            Kind::Var(_) | Kind::Group(_) | Kind::Rule(_) | Kind::Removed(_) => Some(Vec::new()),
        }
    }

    /// Returns whether Kubernetes set the variable for a Service.
    pub(crate) fn is_link(&self, name: &str) -> bool {
        kubernetes::may_be_link(name)
            && self
                .get(name)
                .is_some_and(|value| self.service_of(name, &value).is_some())
    }

    /// Returns why a group is there: a clause about the first of its variables that is set.
    /// A variable that Kubernetes set for a Service is no reason.
    pub(crate) fn presence(&self, items: &'static [Item], path: &Path<'_>) -> Option<String> {
        items.iter().find_map(|item| match &item.kind {
            Kind::Var(var) => {
                let places = self.places(item, var, path);
                places.iter().find_map(|place| self.reason(place))
            }
            Kind::Group(spec) => self.presence(spec.items, &item.path(path)),
            Kind::Rule(_) | Kind::Removed(_) => None,
            Kind::List(spec) | Kind::Map(spec) => {
                let path = item.path(path);
                let segments = self.candidates(&item.kind, &path);
                let mut segments = segments.unwrap_or_else(|| vec![0.to_string()]).into_iter();
                segments.find_map(|segment| self.presence(spec.items, &path.join(&segment)))
            }
        })
    }

    /// Returns a clause about a place that holds a text, unless Kubernetes set it for a Service.
    pub(crate) fn reason(&self, Place { name, contents, .. }: &Place<'_>) -> Option<String> {
        Some(match contents {
            Contents::Variable { text, .. } if self.service_of(name, text).is_some() => {
                return None
            }
            Contents::Variable { .. } | Contents::File { .. } => {
                format!("{} is set", display::name(name))
            }
            Contents::Store {
                store, text: Ok(_), ..
            } => {
                let name = display::name(name);
                format!("{name} is in {}", display::reason(store))
            }
            Contents::Store {
                store,
                text: Err(_),
                ..
            } => {
                let (store, name) = (display::reason(store), display::name(name));
                format!("{store} failed to say whether {name} is there")
            }
        })
    }

    /// Returns the variables of a list with superfluous leading zeros in the number, each with
    /// the name that the list reads.
    pub(crate) fn zero_padded(
        &self,
        path: &Path<'_>,
        spec: &'static Spec,
    ) -> Vec<(String, String)> {
        let Some(listed) = self.listed() else {
            return Vec::new();
        };
        let is_other = |name: &str| self.own().contains(name) || self.set(name).is_none();
        let padded = listed.zero_padded(path, spec, &is_other);
        padded
            .into_iter()
            .map(|(rest, right)| (path.name(rest), path.name(&right)))
            .collect()
    }

    /// Returns whether a field outside of lists and maps reads the name.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        self.own().contains(name)
    }

    /// Returns the names of the fields outside of lists and maps: a set variable of this
    /// name says nothing of a group, although the name may read as if it did.
    fn own(&self) -> &NameSet {
        self.own.get_or_init(|| {
            let variables = variables::of(self.items, &self.root_path(), &|_, _| Vec::new());
            NameSet::of(&variables)
        })
    }

    /// Returns the names of all variables that hold a secret, including the variables of
    /// stores.
    pub(crate) fn secret_vars(&self) -> Vec<String> {
        let mut names = Vec::new();
        for variable in self.variables(self.items, &self.root_path()) {
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
            .filter_map(|store| store.variable(&Request::new(&key, self.source())))
            .collect()
    }
}
