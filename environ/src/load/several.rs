//! The names of the groups of lists and maps: which groups are there, and names that are
//! not as such names must be.

use super::{wording, Loading};
use crate::name::{self, order, Path};
use crate::report::{Absence, Fault, Problem};
use crate::spec::variables::Variable;
use crate::spec::{variables, Kind, Spec};
use crate::value::Form;

impl Loading<'_> {
    /// Returns the numbers of the groups of a list that are there, and remembers the
    /// problems of the numbers.
    pub(super) fn indices(&mut self, index: usize, spec: &'static Spec) -> Vec<String> {
        let item = &self.items[index];
        let path = item.path(&self.path);
        let indices = self.lookup.segments(&item.kind, &path);
        self.check_gaps(index, spec, &path, &indices);
        let before = self.problems.len();
        self.check_zeros(index, spec, &path);
        if indices.is_empty() && self.problems.len() == before {
            self.check_bare(index, &path);
        }
        indices
    }

    /// Returns the keys of the groups of a map that are there, and remembers the problems
    /// of the keys.
    pub(super) fn keys(&mut self, index: usize) -> Vec<String> {
        let item = &self.items[index];
        let path = item.path(&self.path);
        if self.lookup.listed().is_none() {
            let why = "the source cannot list its variables, so the keys are not known";
            self.problem(path.any(), "unknown", why.to_owned(), item.doc);
            return Vec::new();
        }
        let keys = self.lookup.segments(&item.kind, &path);
        self.check_keys(index, &path, &keys);
        if keys.is_empty() {
            self.check_bare(index, &path);
        }
        keys
    }

    /// Remembers that a list or a map has no group, unless a problem says why.
    pub(super) fn none_is_there(&mut self, index: usize) {
        let item = &self.items[index];
        let path = item.path(&self.path);
        let is_of_item = |problem: &Problem| {
            let name = problem.variable();
            *name == *path || path.is_above(name)
        };
        if self.problems.iter().any(is_of_item) {
            return;
        }
        let name = match item.kind {
            Kind::List(_) => path.join("0").any(),
            _ => path.any(),
        };
        let fault = Fault::Missing {
            absence: Absence::Unset,
            because: None,
            form: Form::text(),
        };
        self.problems.push(Problem::new(name, fault, item.doc));
    }

    /// Remembers numbers that are left out.
    fn check_gaps(
        &mut self,
        index: usize,
        spec: &'static Spec,
        path: &Path<'_>,
        indices: &[String],
    ) {
        let doc = self.items[index].doc;
        let numbers = indices.iter().filter_map(|index| index.parse::<u64>().ok());
        let mut next = 0;
        for number in numbers {
            if number > next {
                let left_out = match number - next {
                    1 => format!("{next} is"),
                    _ => format!("{next} to {} are", number - 1),
                };
                let why = format!(
                    "{left_out} left out, since {} is set; \
                     groups are numbered from 0, without a gap",
                    path.join(&number.to_string()).any()
                );
                let left_out = path.join(&next.to_string());
                let hint = self.empty_variable(spec, &left_out);
                let problem = self.problem(left_out.any(), "gap", why, doc);
                if let Some(name) = hint {
                    problem.hint(&wording::set_to_nothing(&name));
                }
            }
            next = number.saturating_add(1);
        }
    }

    /// Returns the first variable of a group that is set, but to nothing.
    fn empty_variable(&self, spec: &'static Spec, path: &Path<'_>) -> Option<String> {
        let variables = self.lookup.variables(spec.items, path);
        let mut names = variables.iter().flat_map(Variable::all_names);
        names.find(|name| self.lookup.is_empty(name))
    }

    /// Remembers variables with superfluous leading zeros in the number of their group.
    fn check_zeros(&mut self, index: usize, spec: &'static Spec, path: &Path<'_>) {
        let doc = self.items[index].doc;
        for (name, right) in self.lookup.zero_padded(path, spec) {
            let why = match self.lookup.set(&right) {
                None => format!("the number has no leading zero; write {right}"),
                Some(_) => format!(
                    "the number has no leading zero, and {right} is set too; remove one of them"
                ),
            };
            self.problem(name, "invalid", why, doc);
        }
    }

    /// Remembers a variable that is called as the list or the map itself.
    fn check_bare(&mut self, index: usize, path: &Path<'_>) {
        let item = &self.items[index];
        let is_ours = !self.lookup.root.is_empty() && name::is_under(self.lookup.root, path);
        if !is_ours || self.lookup.set(path).is_none() || self.lookup.is_own(path) {
            return;
        }
        if let Some(why) = not_bare(&item.kind, path) {
            let why = format!("{}, {why}", self.is_set(path));
            self.problem(path.to_string(), "invalid", why, item.doc);
        }
    }

    /// Remembers keys that are equal in lower case.
    fn check_keys(&mut self, index: usize, path: &Path<'_>, keys: &[String]) {
        let doc = self.items[index].doc;
        let lower: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
        let mut before = vec![None; keys.len()];
        for pair in order(keys.len(), &|one, other| lower[one].cmp(&lower[other])).windows(2) {
            if lower[pair[0]] == lower[pair[1]] {
                before[pair[1]] = Some(pair[0]);
            }
        }
        for (key, before) in keys.iter().zip(before) {
            let Some(before) = before else { continue };
            let (key, before) = (path.join(key), path.join(&keys[before]));
            let why = format!(
                "the same key as {}, for keys are in lower case; rename one",
                before.any()
            );
            self.problem(key.any(), "conflict", why, doc);
        }
    }
}

/// Returns how the groups of a list or a map are called, where a variable is called as the
/// list or the map itself: the clause after "set, ".
pub(super) fn not_bare(kind: &Kind, path: &Path<'_>) -> Option<String> {
    let (spec, are, segment) = match kind {
        Kind::List(spec) => (spec, "numbered", "0"),
        Kind::Map(spec) => (spec, "named", name::ANY_KEY),
        Kind::Var(_) | Kind::Group(_) | Kind::Rule(_) | Kind::Removed(_) => return None,
    };
    let variables = variables::of(spec.items, &path.join(segment), &variables::placeholders);
    let mut always_read = variables.iter().filter(|variable| variable.when.is_none());
    let required = always_read.find(|variable| variable.is_required());
    let example = &required.or(variables.first())?.name;
    Some(format!("but groups are {are}; write {example}"))
}
