//! Fields that are groups: one, an optional one, a variant, a list or a map. A group is
//! loaded by the same generated code as a root type, under a longer path.

use std::any::type_name;
use std::mem;

use super::notes::Lengths;
use super::{Loading, Notes};
use crate::name::Path;
use crate::report::Problem;
use crate::spec::{Item, Kind, Presence, Spec, OFF, ON};
use crate::value::{Check, EnvValue};

/// The function that loads a group.
type Load<T> = fn(&mut Loading<'_>) -> Option<T>;

/// The group that a load comes back to.
struct Outer<'s> {
    items: &'static [Item],
    path: Path<'s>,
}

/// How much was remembered before a group.
struct Mark {
    problems: usize,
    notes: Lengths,
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
        let is_absent = match group {
            None => self.is_absent(index, spec, &before),
            Some(_) => self.is_switched_on_by_links(index, spec),
        };
        if is_absent {
            self.forget(&before);
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
            let selector = self.items[0].full_name(&self.path);
            let by_default = match self.lookup.set(&selector) {
                Some(_) => "",
                None => " by default",
            };
            self.explain(before, &format!("{selector} is {word}{by_default}"));
        }
        group
    }

    /// Loads a field that is a group in an `Option`, beside the variable that switches the
    /// group on.
    pub fn switched_group<T>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
    ) -> Option<Option<T>> {
        let outer = self.enter(index, spec);
        let group = match self.var(0, <bool as EnvValue>::from_text) {
            Some(true) => {
                self.with_aliases.push((self.path.to_string(), ON));
                self.switched_on(load).map(Some)
            }
            Some(false) => {
                self.warn_of_unselected(OFF, true);
                Some(None)
            }
            None => None,
        };
        self.leave(outer);
        group
    }

    fn switched_on<T>(&mut self, load: Load<T>) -> Option<T> {
        match self.items[1].kind {
            Kind::Group(spec) => self.variant(1, spec, load),
            _ => None,
        }
    }

    /// Loads a field that is a group in an `Option`, which is there if a certain variable of the
    /// group is set.
    pub fn group_when<T>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
    ) -> Option<Option<T>> {
        let Presence::When(variable) = self.items[index].presence else {
            return self.optional_group(index, spec, load);
        };
        let known = mem::take(&mut self.known);
        let outer = self.enter(index, spec);
        let (item, var) = self.item(variable);
        let places = self.lookup.places(item, var, &self.path);
        let clause = places.iter().find_map(|place| self.lookup.reason(place));
        let group = if let Some(clause) = clause {
            let before = self.problems.len();
            let group = load(self);
            self.explain(before, &clause);
            group.map(Some)
        } else if places.is_empty() && self.lookup.is_unknown(&places) {
            None
        } else {
            let items = self.items;
            let name = item.full_name(&self.path);
            self.warn_of_unread(items, &[], &format!("not read, since {name} is not set"));
            Some(None)
        };
        self.leave(outer);
        self.known = known;
        group
    }

    /// Loads a field that is a list of groups.
    pub fn groups<T>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
    ) -> Option<Vec<T>> {
        let before = self.problems.len();
        let indices = self.indices(index, spec);
        let is_complete = self.problems.len() == before;
        self.several(index, spec, indices, load, |_, group| group)
            .filter(|_| is_complete)
    }

    /// Loads a field that is a map of groups.
    pub fn group_map<K, T, C>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
    ) -> Option<C>
    where
        K: GroupKey,
        C: FromIterator<(K, T)>,
    {
        let before = self.problems.len();
        let keys = self.keys(index);
        let is_complete = self.problems.len() == before;
        let outer = mem::replace(&mut self.in_map, true);
        let pairs = self.several(index, spec, keys, load, |key, group| {
            (K::of(key.to_lowercase()), group)
        });
        self.in_map = outer;
        pairs
            .filter(|_| is_complete)
            .map(|pairs| pairs.into_iter().collect())
    }

    /// Checks a config type by validators that see all of its fields.
    pub fn whole<T>(&mut self, value: T, checks: &[Check<T>]) -> Option<T> {
        let before = self.problems.len();
        for check in checks {
            if let Err(invalid) = check(&value) {
                self.refused(&invalid, type_name::<T>());
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
        self.is_any_of_several |= !segments.is_empty();
        let known = mem::take(&mut self.known);
        let outer = self.enter(index, spec);
        let path = self.path.clone();
        let (mut groups, count) = (Vec::new(), segments.len());
        for segment in segments {
            let before = self.problems.len();
            self.path = path.join(&segment);
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
        let item = &self.items[index];
        let path = match self.known.next() {
            Some(path) => {
                debug_assert!(item.is_called(path, &self.path), "{path}");
                self.path.known(path, item.segment())
            }
            None => item.path(&self.path),
        };
        Outer {
            items: mem::replace(&mut self.items, spec.items),
            path: mem::replace(&mut self.path, path),
        }
    }

    fn leave(&mut self, outer: Outer<'s>) {
        self.items = outer.items;
        self.path = outer.path;
    }

    fn mark(&self) -> Mark {
        let notes = self.notes.as_ref();
        Mark {
            problems: self.problems.len(),
            notes: notes.map(Notes::lengths).unwrap_or_default(),
        }
    }

    /// Returns whether an optional group that did not load is absent: a variable of it is
    /// required, and none of its variables is set. Otherwise each missing variable of the
    /// group is told why it is required.
    fn is_absent(&mut self, index: usize, spec: &Spec, before: &Mark) -> bool {
        let new = &self.problems[before.problems..];
        if !new.iter().any(Problem::is_missing) {
            return self.is_switched_on_by_links(index, spec);
        }
        let items = &self.items[index..=index];
        if let Some(clause) = self.lookup.presence(items, &self.path) {
            self.explain(before.problems, &clause);
            return false;
        }
        true
    }

    /// Returns whether an optional group has only variables that Kubernetes sets for a Service.
    /// Such variables are no reason for the group to be there.
    fn is_switched_on_by_links(&self, index: usize, spec: &Spec) -> bool {
        (spec.may_be_linked || self.items[index].may_be_linked() || self.path.ends_with("_SERVICE"))
            && spec.is_anything_required()
            && self
                .lookup
                .presence(&self.items[index..=index], &self.path)
                .is_none()
    }

    /// Forgets the problems, the warnings and the origins of a group that is absent.
    fn forget(&mut self, before: &Mark) {
        self.problems.truncate(before.problems);
        if let Some(notes) = &mut self.notes {
            notes.truncate(&before.notes);
        }
    }

    /// Tells each variable of this group that is missing since `before` why it is required.
    fn explain_presence(&mut self, before: usize) {
        if let Some(clause) = self.lookup.presence(self.items, &self.path) {
            self.explain(before, &clause);
        }
    }

    pub(super) fn explain(&mut self, before: usize, clause: &str) {
        for problem in &mut self.problems[before..] {
            problem.required_because(clause);
        }
    }
}

/// The key of a map of groups.
#[diagnostic::on_unimplemented(
    message = "the groups of a map have names; the key must be `String`",
    label = "no `String`",
    note = "write `String` here, and make a map with other keys of it in code"
)]
pub trait GroupKey {
    fn of(name: String) -> Self;
}

impl GroupKey for String {
    fn of(name: String) -> Self {
        name
    }
}
