//! One pass over the table: look up, read, go on, remember what is wrong.
//!
//! What generated code calls is here. The generic functions are thin: each is
//! compiled once for every type, and what they call only once.

use std::borrow::Cow;
use std::mem;
use std::slice;

use crate::env::Env;
use crate::error::Problem;
use crate::name;
use crate::origin::Origins;
use crate::spec::{Item, Kind, Presence, Var};
use crate::value::{Check, Invalid, Read, Text};
use crate::warning::Warning;

/// One pass over the variables of a root type, in the order of its table.
pub struct Pass<'s> {
    /// The names that are asked for next, as far as they are known.
    pub(crate) known: slice::Iter<'static, &'static str>,
    /// The last name that was not known, kept for the room that it takes.
    pub(crate) joined: String,
    /// What the last look-up found. It stays here while it is read: to move it
    /// takes longer than to look at it.
    pub(crate) text: Option<Text<'s>>,
    pub(crate) env: Env<'s>,
    /// What is read in the group that is being loaded.
    pub(crate) items: &'static [Item],
    /// What the names of that group begin with.
    pub(crate) path: Cow<'s, str>,
    pub(crate) problems: Vec<Problem>,
    /// Kept only where somebody will read them.
    pub(crate) notes: Option<Notes>,
    pub(crate) rules: Rules,
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
    pub(crate) deny_unknown: bool,
    pub(crate) deny_env_secrets: bool,
}

/// Says that something is wrong, and that a problem tells what.
#[derive(Debug)]
pub(crate) struct Reported;

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
            text: None,
            problems: Vec::new(),
            notes: None,
            rules: Rules::default(),
        }
    }

    /// A field that must have a value, from a variable or from its default.
    pub fn var<T>(&mut self, index: usize, read: Read<T>) -> Option<T> {
        let text = self.find(index).ok()??;
        let value = read(text);
        self.accept(index, value)
    }

    /// A field that is an `Option`.
    pub fn optional<T>(&mut self, index: usize, read: Read<T>) -> Option<Option<T>> {
        let Some(text) = self.find(index).ok()? else {
            return Some(None);
        };
        let value = read(text);
        self.accept(index, value).map(Some)
    }

    /// A field whose default is made by a function.
    pub fn var_or<T>(&mut self, index: usize, read: Read<T>, default: fn() -> T) -> Option<T> {
        let Some(text) = self.find(index).ok()? else {
            self.note_default(index);
            return Some(default());
        };
        let value = read(text);
        self.accept(index, value)
    }

    /// The variant that a one-of group's own variable names.
    pub fn select(&mut self, words: &[&[&str]]) -> Option<usize> {
        let index = self.find(0).ok()??.word(words);
        let index = self.accept(0, index)?;
        self.warn_of_unselected(words[index][0]);
        Some(index)
    }

    /// A field that is a group.
    pub fn group<T>(&mut self, index: usize, load: fn(&mut Self) -> Option<T>) -> Option<T> {
        let outer = self.enter(index);
        let group = load(self);
        self.leave(outer);
        group
    }

    /// A field that is a group in an `Option`.
    pub fn optional_group<T>(
        &mut self,
        index: usize,
        load: fn(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        let before = self.mark();
        let group = self.group(index, load);
        if group.is_none() && self.is_absent(index, &before) {
            return Some(None);
        }
        group.map(Some)
    }

    /// The group of the variant that was selected.
    pub fn variant<T>(&mut self, index: usize, load: fn(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.problems.len();
        let known = mem::take(&mut self.known);
        let group = self.group(index, load);
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
        load: fn(&mut Self) -> Option<T>,
        non_empty: bool,
    ) -> Option<Vec<T>> {
        let indices = self.instances(index, non_empty);
        let complete = self.check_gaps(index, &indices);
        let groups = self.each(index, indices, load, |_, group| group);
        groups.filter(|_| complete.is_ok())
    }

    /// A field that is a map of groups.
    pub fn group_map<T, C>(
        &mut self,
        index: usize,
        load: fn(&mut Self) -> Option<T>,
        non_empty: bool,
    ) -> Option<C>
    where
        C: FromIterator<(String, T)>,
    {
        let keys = self.instances(index, non_empty);
        let distinct = self.check_keys(index, &keys);
        let groups = self.each(index, keys, load, |key, group| (key.to_lowercase(), group));
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
        segments: Vec<String>,
        load: fn(&mut Self) -> Option<T>,
        with: fn(String, T) -> U,
    ) -> Option<Vec<U>> {
        let known = mem::take(&mut self.known);
        let outer = self.enter(index);
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

    fn accept<T>(&mut self, index: usize, value: Result<T, Invalid>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.wrong(index, invalid);
                None
            }
        }
    }

    pub(crate) fn item(&self, index: usize) -> (&'static Item, &'static Var) {
        let item = &self.items[index];
        match &item.kind {
            Kind::Var(var) => (item, var),
            _ => unreachable!("the derive calls for what it put in the table"),
        }
    }

    fn enter(&mut self, index: usize) -> Place<'s> {
        let item = &self.items[index];
        let (Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec)) = &item.kind else {
            unreachable!("the derive calls for what it put in the table")
        };
        let path = match self.known.next() {
            Some(path) => {
                debug_assert_eq!(*path, item.full_name(&self.path));
                Cow::Borrowed(*path)
            }
            None => item.full_name(&self.path).into(),
        };
        Place {
            items: mem::replace(&mut self.items, spec.items),
            path: mem::replace(&mut self.path, path),
        }
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
