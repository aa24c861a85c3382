//! Fields that are groups: one, an optional one, a variant, a list or a map. A group is
//! loaded by the same generated code as a root type, under a longer path.

use std::borrow::Cow;
use std::mem;

use super::{Loading, Reported};
use crate::name;
use crate::report::{Absence, Fault, Problem};
use crate::spec::{Item, Kind, Presence, Spec};
use crate::value::{Check, Form};

/// The function that loads a group.
type Load<T> = fn(&mut Loading<'_>) -> Option<T>;

/// The group that a load comes back to.
struct Outer<'s> {
    items: &'static [Item],
    path: Cow<'s, str>,
}

/// How much was remembered before a group.
struct Mark {
    problems: usize,
    warnings: usize,
    origins: usize,
}

impl<'s> Loading<'s> {
    /// Loads a field that is a group.
    pub fn group<T>(&mut self, index: usize, spec: &'static Spec, load: Load<T>) -> Option<T> {
        let outer = self.enter(index, spec);
        let group = load(self);
        self.leave(outer);
        group
    }

    /// Loads a field that is a group in an `Option`.
    pub fn optional_group<T>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
    ) -> Option<Option<T>> {
        let before = self.mark();
        let group = self.group(index, spec, load);
        if group.is_none() && self.is_absent(index, &before) {
            return Some(None);
        }
        group.map(Some)
    }

    /// Loads the group of the variant that was selected.
    pub fn variant<T>(&mut self, index: usize, spec: &'static Spec, load: Load<T>) -> Option<T> {
        let before = self.problems.len();
        let known = mem::take(&mut self.known);
        let group = self.group(index, spec, load);
        self.known = known;
        if let (None, Presence::Variant(word)) = (&group, self.items[index].presence) {
            let by_default = match self.lookup.set(&self.path) {
                Some(_) => "",
                None => " by default",
            };
            self.explain(before, &format!("{} is {word}{by_default}", self.path));
        }
        group
    }

    /// Loads a field that is a list of groups.
    pub fn groups<T>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
        non_empty: bool,
    ) -> Option<Vec<T>> {
        let indices = self.segments(index, non_empty);
        let complete = self.check_gaps(index, &indices);
        self.several(index, spec, indices, load, |_, group| group)
            .filter(|_| complete.is_ok())
    }

    /// Loads a field that is a map of groups.
    pub fn group_map<T, C>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
        non_empty: bool,
    ) -> Option<C>
    where
        C: FromIterator<(String, T)>,
    {
        let keys = self.segments(index, non_empty);
        let distinct = self.check_keys(index, &keys);
        let outer = mem::replace(&mut self.in_map, true);
        let pairs = self.several(index, spec, keys, load, |key, group| {
            (key.to_lowercase(), group)
        });
        self.in_map = outer;
        pairs
            .filter(|_| distinct.is_ok())
            .map(|pairs| pairs.into_iter().collect())
    }

    /// Checks a config type by validators that see all of its fields.
    pub fn whole<T>(&mut self, value: T, checks: &[Check<T>]) -> Option<T> {
        let before = self.problems.len();
        for check in checks {
            if let Err(invalid) = check(&value) {
                self.refused(&invalid);
            }
        }
        (self.problems.len() == before).then_some(value)
    }

    /// Loads all groups of a list or a map: each is asked for before one can fail.
    fn several<T, U>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        segments: Vec<String>,
        load: Load<T>,
        with: fn(String, T) -> U,
    ) -> Option<Vec<U>> {
        let known = mem::take(&mut self.known);
        let outer = self.enter(index, spec);
        let path = self.path.clone();
        let (mut groups, count) = (Vec::new(), segments.len());
        for segment in segments {
            let before = self.problems.len();
            self.path = name::join(&path, &segment).into();
            match load(self) {
                Some(group) => groups.push(with(segment, group)),
                None => self.explain_presence(before),
            }
        }
        self.leave(outer);
        self.known = known;
        (groups.len() == count).then_some(groups)
    }

    fn enter(&mut self, index: usize, spec: &'static Spec) -> Outer<'s> {
        debug_assert!(matches!(
            self.items[index].kind,
            Kind::Group(own) | Kind::List(own) | Kind::Map(own) if own.ident == spec.ident
        ));
        let path = match self.known.next() {
            Some(path) => {
                debug_assert!(self.items[index].is_called(path, &self.path), "{path}");
                Cow::Borrowed(*path)
            }
            None => self.path_of(index),
        };
        Outer {
            items: mem::replace(&mut self.items, spec.items),
            path: mem::replace(&mut self.path, path),
        }
    }

    #[cold]
    fn path_of(&self, index: usize) -> Cow<'s, str> {
        self.items[index].full_name(&self.path).into()
    }

    fn leave(&mut self, outer: Outer<'s>) {
        self.items = outer.items;
        self.path = outer.path;
    }

    /// Returns the segments of the groups that are there. A problem is remembered if there
    /// must be a group, or if the groups cannot be known.
    fn segments(&mut self, index: usize, non_empty: bool) -> Vec<String> {
        let item = &self.items[index];
        let path = item.full_name(&self.path);
        if matches!(item.kind, Kind::Map(_)) && self.lookup.listed().is_none() {
            let why = "the source cannot list its variables, so the keys are not known";
            self.problem(format!("{path}_*"), "unknown", why.to_owned(), item.doc);
            return Vec::new();
        }
        let segments = self.lookup.segments(&item.kind, &path);
        if segments.is_empty() && non_empty {
            let name = match item.kind {
                Kind::List(_) => format!("{path}_0_*"),
                _ => format!("{path}_*"),
            };
            let fault = Fault::Missing {
                absence: Absence::Unset,
                because: None,
                form: Form::Text,
            };
            self.problems.push(Problem::new(name, fault, item.doc));
        }
        segments
    }

    /// Remembers numbers that are left out.
    fn check_gaps(&mut self, index: usize, indices: &[String]) -> Result<(), Reported> {
        let item = &self.items[index];
        let path = item.full_name(&self.path);
        let numbers = indices.iter().filter_map(|index| index.parse::<u64>().ok());
        let mut next = 0;
        let before = self.problems.len();
        for number in numbers {
            if number > next {
                let left_out = match number - next {
                    1 => format!("{next} is"),
                    _ => format!("{next} to {} are", number - 1),
                };
                let why = format!(
                    "{left_out} left out, since {path}_{number}_* is set; \
                     groups are numbered from 0, without a gap"
                );
                self.problem(format!("{path}_{next}_*"), "gap", why, item.doc);
            }
            next = number.saturating_add(1);
        }
        self.reported_since(before)
    }

    /// Remembers keys that are equal in lower case.
    fn check_keys(&mut self, index: usize, keys: &[String]) -> Result<(), Reported> {
        let item = &self.items[index];
        let path = item.full_name(&self.path);
        let before = self.problems.len();
        let mut seen: Vec<String> = Vec::new();
        for key in keys {
            let lower = key.to_lowercase();
            let same = seen.iter().rposition(|other| *other == lower);
            seen.push(lower);
            if let Some(same) = same {
                let why = format!(
                    "the same key as {path}_{}_*, for keys are in lower case; rename one",
                    keys[same]
                );
                self.problem(format!("{path}_{key}_*"), "conflict", why, item.doc);
            }
        }
        self.reported_since(before)
    }

    fn mark(&self) -> Mark {
        let notes = self.notes.as_ref();
        Mark {
            problems: self.problems.len(),
            warnings: notes.map_or(0, |notes| notes.warnings.len()),
            origins: notes.map_or(0, |notes| notes.origins.len()),
        }
    }

    /// Returns whether an optional group is absent: a variable of it is required, and none
    /// of its variables is set. Then nothing of the group is reported. Otherwise each
    /// missing variable of the group is told why it is required.
    fn is_absent(&mut self, index: usize, before: &Mark) -> bool {
        let new = &self.problems[before.problems..];
        if !new.iter().any(Problem::is_missing) {
            return false;
        }
        let items = &self.items[index..=index];
        if let Some(clause) = self.lookup.presence(items, &self.path) {
            self.explain(before.problems, &clause);
            return false;
        }
        self.problems.truncate(before.problems);
        if let Some(notes) = &mut self.notes {
            notes.warnings.truncate(before.warnings);
            notes.origins.truncate(before.origins);
        }
        true
    }

    /// Tells each variable of this group that is missing since `before` why it is required.
    fn explain_presence(&mut self, before: usize) {
        if let Some(clause) = self.lookup.presence(self.items, &self.path) {
            self.explain(before, &clause);
        }
    }

    fn explain(&mut self, before: usize, clause: &str) {
        for problem in &mut self.problems[before..] {
            problem.required_because(clause);
        }
    }
}
