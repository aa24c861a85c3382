//! One pass over the table: look up, read, go on, remember what is wrong.
//!
//! What generated code calls for a group is here, and for a variable in `var.rs`. The
//! generic functions are thin: each is compiled once for every type, and what they
//! call only once.

mod checks;
mod find;
mod leaks;
pub(crate) mod unknown;
mod variable;

use std::borrow::Cow;
use std::mem;
use std::slice;

use crate::lookup::Env;
use crate::name;
use crate::report::Origins;
use crate::report::Problem;
use crate::report::Warning;
use crate::spec::{Item, Kind, Presence, Spec, Var};
use crate::value::Check;

/// One pass over the variables of a root type, in the order of its table.
pub struct Pass<'s> {
    /// The names that are asked for next, as far as they are known, in a load by
    /// `from_env`.
    pub(crate) known: slice::Iter<'static, &'static str>,
    pub(crate) env: Env<'s>,
    /// What is read in the group that is being loaded.
    pub(crate) items: &'static [Item],
    /// What the names of that group begin with.
    pub(crate) path: Cow<'s, str>,
    /// The last name that was not known, kept for the room that it takes.
    pub(crate) joined: String,
    pub(crate) problems: Vec<Problem>,
    /// Kept only where somebody will read them.
    pub(crate) notes: Option<Notes>,
    pub(crate) rules: Rules,
    /// Whether the names of groups are taken from the environment: what selects a
    /// variant may then be any variable at all.
    pub(crate) in_map: bool,
}

/// What is worth knowing about a load that goes well.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) warnings: Vec<Warning>,
    pub(crate) origins: Origins,
}

/// What a loader was asked to be strict about.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rules {
    pub(crate) unknown: Unknown,
    pub(crate) deny_env_secrets: bool,
}

/// What a variable under the prefix is that no field reads.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Unknown {
    /// Nobody's business.
    #[default]
    Ignored,
    Warning,
    Problem,
}

/// Says that something is wrong, and that a problem tells what.
#[derive(Debug)]
pub(crate) struct Reported;

/// The function that loads a group.
type Load<T> = fn(&mut Pass<'_>) -> Option<T>;

/// Where a pass is.
struct Place<'s> {
    items: &'static [Item],
    path: Cow<'s, str>,
}

/// How much was told before a group.
struct Mark {
    problems: usize,
    warnings: usize,
    origins: usize,
}

impl<'s> Pass<'s> {
    pub(crate) fn new(env: Env<'s>, items: &'static [Item]) -> Self {
        Self {
            path: env.root.into(),
            env,
            items,
            known: [].iter(),
            joined: String::new(),
            problems: Vec::new(),
            notes: None,
            rules: Rules::default(),
            in_map: false,
        }
    }

    /// A field that is a group.
    pub fn group<T>(&mut self, index: usize, spec: &'static Spec, load: Load<T>) -> Option<T> {
        let outer = self.enter(index, spec);
        let group = load(self);
        self.leave(outer);
        group
    }

    /// A field that is a group in an `Option`.
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

    /// The group of the variant that was selected.
    pub fn variant<T>(&mut self, index: usize, spec: &'static Spec, load: Load<T>) -> Option<T> {
        let before = self.problems.len();
        let known = mem::take(&mut self.known);
        let group = self.group(index, spec, load);
        self.known = known;
        if let (None, Presence::Variant(word)) = (&group, self.items[index].presence) {
            let by_default = match self.env.set(&self.path) {
                Some(_) => "",
                None => " by default",
            };
            self.explain(before, &format!("{} is {word}{by_default}", self.path));
        }
        group
    }

    /// A field that is a list of groups.
    pub fn groups<T>(
        &mut self,
        index: usize,
        spec: &'static Spec,
        load: Load<T>,
        non_empty: bool,
    ) -> Option<Vec<T>> {
        let indices = self.instances(index, non_empty);
        let complete = self.check_gaps(index, &indices);
        let groups = self.each(index, spec, indices, load, |_, group| group);
        groups.filter(|_| complete.is_ok())
    }

    /// A field that is a map of groups.
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
        let keys = self.instances(index, non_empty);
        let distinct = self.check_keys(index, &keys);
        let outer = mem::replace(&mut self.in_map, true);
        let groups = self.each(index, spec, keys, load, |key, group| {
            (key.to_lowercase(), group)
        });
        self.in_map = outer;
        let groups = groups.filter(|_| distinct.is_ok());
        groups.map(|groups| groups.into_iter().collect())
    }

    /// A value that is seen as a whole.
    pub fn whole<T>(&mut self, value: T, checks: &[Check<T>]) -> Option<T> {
        let before = self.problems.len();
        for check in checks {
            if let Err(invalid) = check(&value) {
                self.refused(invalid);
            }
        }
        (self.problems.len() == before).then_some(value)
    }

    /// All groups of a list or a map: each is asked for before one can fail.
    fn each<T, U>(
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

    pub(crate) fn item(&self, index: usize) -> (&'static Item, &'static Var) {
        let item = &self.items[index];
        match &item.kind {
            Kind::Var(var) => (item, var),
            _ => unreachable!("the derive calls for what it put in the table"),
        }
    }

    fn enter(&mut self, index: usize, spec: &'static Spec) -> Place<'s> {
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
        Place {
            items: mem::replace(&mut self.items, spec.items),
            path: mem::replace(&mut self.path, path),
        }
    }

    #[cold]
    fn path_of(&self, index: usize) -> Cow<'s, str> {
        self.items[index].full_name(&self.path).into()
    }

    fn leave(&mut self, outer: Place<'s>) {
        self.items = outer.items;
        self.path = outer.path;
    }

    fn mark(&self) -> Mark {
        let notes = self.notes.as_ref();
        Mark {
            problems: self.problems.len(),
            warnings: notes.map_or(0, |notes| notes.warnings.len()),
            origins: notes.map_or(0, |notes| notes.origins.len()),
        }
    }

    /// Whether an optional group is not there: something in it is required, and
    /// nothing of it is set. Then nothing of it is reported. If it is there, what
    /// is missing in it is told why it is required.
    fn is_absent(&mut self, index: usize, before: &Mark) -> bool {
        let new = &self.problems[before.problems..];
        if !new.iter().any(Problem::is_missing) {
            return false;
        }
        let items = &self.items[index..=index];
        if let Some(clause) = self.env.presence(items, &self.path) {
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

    /// Says why what is missing in this group since `before` is required.
    fn explain_presence(&mut self, before: usize) {
        if let Some(clause) = self.env.presence(self.items, &self.path) {
            self.explain(before, &clause);
        }
    }

    fn explain(&mut self, before: usize, clause: &str) {
        for problem in &mut self.problems[before..] {
            problem.required_because(clause);
        }
    }
}
