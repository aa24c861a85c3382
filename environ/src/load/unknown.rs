//! Variables that are set and that no field reads: typing errors, mostly.

use super::near::{Letters, Search};
use super::{Loading, Unknown};
use crate::lookup::{kubernetes, NameSet};
use crate::name;
use crate::report::{Problem, Warning};
use crate::spec::variables::Variable;
use crate::spec::{Item, Kind};

const CODE: &str = "unknown";

impl Loading<'_> {
    /// Adds to each missing variable the nearest name that is set but not read, and reports
    /// all other unread names as problems or warnings, if the rules say so.
    ///
    /// A missing variable and the unread name nearest to it are one typing error, so they
    /// are reported once. Only names under the prefix are looked at.
    pub(super) fn report_unread(&mut self) {
        let is_any_missing = self.problems.iter().any(Problem::is_missing);
        if self.rules.unknown == Unknown::Ignored && !is_any_missing {
            return;
        }
        let variables = self.lookup.variables(self.items, self.lookup.root);
        if self.rules.unknown != Unknown::Ignored {
            self.warn_of_respelt_keys(&variables);
        }
        let unread = self.unread_names(&variables);
        let mut search = Search::new(self.lookup.root);
        let explained = self.hint_missing(&unread, &mut search);
        if self.rules.unknown == Unknown::Ignored {
            return;
        }
        if self.lookup.listed().is_none() && self.rules.unknown == Unknown::Problem {
            let name = name::join(self.lookup.root, "*");
            let why = "the source cannot list its variables, so strict mode cannot check them";
            self.problem(name, CODE, why.to_owned(), "");
        }
        let rest: Vec<&str> = unread
            .iter()
            .map(String::as_str)
            .filter(|name| !explained.contains(name))
            .filter(|name| is_claimed(self.lookup.root, self.items, name))
            .collect();
        self.report_unknown(&rest, &variables, &mut search);
    }

    /// Returns the names under the prefix that are set, and that neither a field nor a store
    /// nor Kubernetes explains.
    fn unread_names(&self, variables: &[Variable]) -> Vec<String> {
        let lookup = &self.lookup;
        let Some(listed) = lookup.listed() else {
            return Vec::new();
        };
        let mut read = Vec::new();
        for variable in variables {
            read.append(&mut variable.all_names());
            read.append(&mut lookup.store_vars(variable));
        }
        let read_by_fields = NameSet::new(read);
        listed
            .iter()
            .filter(|name| name::is_under(lookup.root, name) && !read_by_fields.contains(name))
            .filter(|name| !lookup.stores.iter().any(|store| store.reads(name)))
            .filter(|name| !kubernetes::is_service_link(name, &|name| lookup.get(name)))
            .map(str::to_owned)
            .collect()
    }

    /// Hints at the nearest unread name in each problem of a missing variable, and returns
    /// the names that are hints now.
    fn hint_missing<'n>(&mut self, unread: &'n [String], search: &mut Search<'_>) -> Vec<&'n str> {
        let candidates: Vec<Letters<'_>> = unread.iter().map(|name| Letters::of(name)).collect();
        let mut explained = Vec::new();
        for problem in &mut self.problems {
            if !problem.is_missing() {
                continue;
            }
            if let Some(name) = search.nearest(problem.name(), &candidates) {
                problem.hint(format!("{name} is set but not read; is it meant?"));
                explained.push(name);
            }
        }
        explained
    }

    fn report_unknown(&mut self, names: &[&str], variables: &[Variable], search: &mut Search<'_>) {
        let in_use: Vec<String> = variables.iter().flat_map(Variable::names_in_use).collect();
        let candidates: Vec<Letters<'_>> = in_use.iter().map(|name| Letters::of(name)).collect();
        for name in names {
            let why = match search.nearest(name, &candidates) {
                Some(near) => format!("set, but no field reads it; is {near} meant?"),
                None => "set, but no field reads it; remove it".to_owned(),
            };
            if self.rules.unknown == Unknown::Problem {
                self.problem((*name).to_owned(), CODE, why, "");
            } else if let Some(notes) = &mut self.notes {
                notes.warnings.push(Warning::new(name, CODE, why));
            }
        }
    }
}

/// Returns whether a name is under a prefix of the config. Without a prefix, only groups
/// have one: the rest of the environment belongs to other programs.
fn is_claimed(root: &str, items: &[Item], name: &str) -> bool {
    !root.is_empty()
        || items.iter().any(|item| {
            !matches!(item.kind, Kind::Var(_))
                && !item.segment().is_empty()
                && name::is_under(item.segment(), name)
        })
}
