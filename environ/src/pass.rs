//! One pass over the table: look up, read, go on, remember what is wrong.
//!
//! What generated code calls is here. The generic functions are thin: each is
//! compiled once for every type, and what they call only once.

use std::borrow::Cow;
use std::ffi::OsStr;

use crate::env::Env;
use crate::error::Problem;
use crate::name;
use crate::origin::Origins;
use crate::spec::{Item, Kind, Presence, Var};
use crate::value::{Check, Read, Text};
use crate::warning::Warning;

/// One pass over the variables of a root type.
pub struct Pass<'s> {
    pub(crate) env: Env<'s>,
    /// What is read in the group that is being loaded.
    pub(crate) items: &'static [Item],
    /// What the names of that group begin with.
    pub(crate) path: String,
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

/// What a look-up comes to.
pub(crate) enum Found<'s> {
    Text(Text<'s>),
    Nothing,
    /// A problem tells what is wrong.
    Wrong,
}

/// Where a pass stood before a group.
struct Mark {
    problems: usize,
    warnings: usize,
    origins: usize,
}

impl<'s> Pass<'s> {
    pub(crate) fn new(env: Env<'s>, items: &'static [Item]) -> Self {
        // Long enough for most names, since to grow takes as long as to read one.
        let mut path = String::with_capacity(64);
        path.push_str(env.root);
        Self {
            path,
            env,
            items,
            problems: Vec::new(),
            notes: None,
            rules: Rules::default(),
        }
    }

    /// A field that must have a value, from a variable or from its default.
    pub fn var<T>(&mut self, index: usize, read: Read<T>) -> Option<T> {
        match self.find(index) {
            Found::Text(text) => self.read(index, text, read),
            Found::Nothing => {
                let text = self.default(index)?;
                self.read(index, text, read)
            }
            Found::Wrong => None,
        }
    }

    /// A field that is an `Option`.
    pub fn optional<T>(&mut self, index: usize, read: Read<T>) -> Option<Option<T>> {
        match self.find(index) {
            Found::Text(text) => self.read(index, text, read).map(Some),
            Found::Nothing => Some(None),
            Found::Wrong => None,
        }
    }

    /// A field whose default is made by a function.
    pub fn var_or<T>(&mut self, index: usize, read: Read<T>, default: fn() -> T) -> Option<T> {
        match self.find(index) {
            Found::Text(text) => self.read(index, text, read),
            Found::Nothing => {
                self.note_default(index);
                Some(default())
            }
            Found::Wrong => None,
        }
    }

    /// The variant that a one-of group's own variable names.
    pub fn select(&mut self, words: &[&[&str]]) -> Option<usize> {
        let text = match self.find(0) {
            Found::Text(text) => text,
            Found::Nothing => self.default(0)?,
            Found::Wrong => return None,
        };
        match text.word(words) {
            Ok(index) => {
                self.warn_of_unselected(words[index][0]);
                Some(index)
            }
            Err(invalid) => self.wrong(0, invalid),
        }
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
        let group = self.group(index, load);
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
        let outer = self.enter(index);
        let base = self.path.len();
        let (mut groups, count) = (Vec::new(), segments.len());
        for segment in segments {
            let before = self.problems.len();
            name::push(&mut self.path, &segment);
            match load(self) {
                Some(group) => groups.push(with(segment, group)),
                None => self.explain_presence(before),
            }
            self.path.truncate(base);
        }
        self.leave(outer);
        (groups.len() == count).then_some(groups)
    }

    fn read<T>(&mut self, index: usize, mut text: Text<'_>, read: Read<T>) -> Option<T> {
        match read(&mut text) {
            Ok(value) => Some(value),
            Err(invalid) => self.wrong(index, invalid),
        }
    }

    /// The text of the default; otherwise a problem.
    #[cold]
    fn default(&mut self, index: usize) -> Option<Text<'s>> {
        let (item, var) = self.item(index);
        if let Presence::Default(text) = item.presence {
            self.note_default(index);
            return Some(Text::new(Cow::Borrowed(OsStr::new(text)), var.separator));
        }
        self.missing(item, var);
        None
    }

    /// The text of a variable, if it is anywhere.
    fn find(&mut self, index: usize) -> Found<'s> {
        let (item, var) = self.item(index);
        if !var.is_plain || self.notes.is_some() {
            return self.search(item, var);
        }
        match self.get(item) {
            Some(raw) => Found::Text(Text::new(raw, var.separator)),
            None => Found::Nothing,
        }
    }

    /// The text of the variable under its own name.
    fn get(&mut self, item: &Item) -> Option<Cow<'s, OsStr>> {
        let base = self.path.len();
        let name = item.full_name(&mut self.path);
        let raw = self.env.set(name);
        self.path.truncate(base);
        raw
    }

    pub(crate) fn item(&self, index: usize) -> (&'static Item, &'static Var) {
        let item = &self.items[index];
        match &item.kind {
            Kind::Var(var) => (item, var),
            _ => unreachable!("the derive calls for what it put in the table"),
        }
    }

    fn enter(&mut self, index: usize) -> (&'static [Item], usize) {
        let outer = (self.items, self.path.len());
        let item = &self.items[index];
        match &item.kind {
            Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => {
                item.full_name(&mut self.path);
                self.items = spec.items;
            }
            Kind::Var(_) => unreachable!("the derive calls for what it put in the table"),
        }
        outer
    }

    fn leave(&mut self, (items, path): (&'static [Item], usize)) {
        self.items = items;
        self.path.truncate(path);
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
