//! One pass over the table: look up, read, go on, remember what is wrong.
//!
//! What generated code calls is here. The generic functions are thin: each is
//! compiled once for every type, and what they call only once.

use std::borrow::Cow;
use std::ffi::OsStr;

use crate::error::Problem;
use crate::name;
use crate::source::Source;
use crate::spec::{Item, Kind, Presence, Spec, Var};
use crate::value::{Read, Text};
use crate::warning::Warning;

/// One pass over the variables of a root type.
pub struct Pass<'s> {
    pub(crate) source: &'s dyn Source,
    /// What is read in the group that is being loaded.
    pub(crate) items: &'static [Item],
    /// What the names of that group begin with.
    pub(crate) path: String,
    pub(crate) problems: Vec<Problem>,
    /// Kept only where somebody will read them.
    pub(crate) warnings: Option<Vec<Warning>>,
}

impl<'s> Pass<'s> {
    pub(crate) fn new(source: &'s dyn Source, spec: &'static Spec, warn: bool) -> Self {
        Self {
            source,
            items: spec.items,
            path: spec.root().to_owned(),
            problems: Vec::new(),
            warnings: warn.then(Vec::new),
        }
    }

    /// A field that must have a value, from a variable or from its default.
    pub fn var<T>(&mut self, index: usize, read: Read<T>) -> Option<T> {
        let text = self.required(index)?;
        self.read(index, text, read)
    }

    /// A field that is an `Option`.
    pub fn optional<T>(&mut self, index: usize, read: Read<T>) -> Option<Option<T>> {
        match self.find(index) {
            Some(text) => self.read(index, text, read).map(Some),
            None => Some(None),
        }
    }

    /// A field whose default is made by a function.
    pub fn var_or<T>(&mut self, index: usize, read: Read<T>, default: fn() -> T) -> Option<T> {
        match self.find(index) {
            Some(text) => self.read(index, text, read),
            None => Some(default()),
        }
    }

    /// The variant that a one-of group's own variable names.
    pub fn select(&mut self, words: &[&[&str]]) -> Option<usize> {
        let text = self.required(0)?;
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
        let before = self.problems.len();
        let group = self.group(index, load);
        if group.is_none() && self.is_absent(index, before) {
            self.problems.truncate(before);
            return Some(None);
        }
        group.map(Some)
    }

    /// The group of the variant that was selected.
    pub fn variant<T>(&mut self, index: usize, load: fn(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.problems.len();
        let group = self.group(index, load);
        if let (None, Presence::Variant(word)) = (&group, self.items[index].presence) {
            self.explain(before, &format!("{} is {word}", self.path));
        }
        group
    }

    fn read<T>(&mut self, index: usize, mut text: Text<'_>, read: Read<T>) -> Option<T> {
        match read(&mut text) {
            Ok(value) => Some(value),
            Err(invalid) => self.wrong(index, invalid),
        }
    }

    /// The text of a variable or of its default; otherwise a problem.
    fn required(&mut self, index: usize) -> Option<Text<'s>> {
        let found = self.find(index);
        if found.is_some() {
            return found;
        }
        let (item, var) = self.item(index);
        match item.presence {
            Presence::Default(text) => {
                Some(Text::new(Cow::Borrowed(OsStr::new(text)), var.separator))
            }
            _ => self.missing(item, var),
        }
    }

    /// The text of a variable, under the first of its names that is set.
    fn find(&mut self, index: usize) -> Option<Text<'s>> {
        let (item, var) = self.item(index);
        let raw = self.get(item).or_else(|| {
            let mut aliases = var.aliases.iter();
            aliases.find_map(|alias| set(self.source, alias))
        })?;
        if self.warnings.is_some() {
            self.warn_of_shadowed(item, var);
        }
        Some(Text::new(raw, var.separator))
    }

    /// The text of the variable under its own name.
    fn get(&mut self, item: &Item) -> Option<Cow<'s, OsStr>> {
        let base = self.path.len();
        let name = item.full_name(&mut self.path);
        let raw = set(self.source, name);
        self.path.truncate(base);
        raw
    }

    pub(crate) fn item(&self, index: usize) -> (&'static Item, &'static Var) {
        let item = &self.items[index];
        match &item.kind {
            Kind::Var(var) => (item, var),
            Kind::Group(_) => unreachable!("the derive calls for what it put in the table"),
        }
    }

    fn enter(&mut self, index: usize) -> (&'static [Item], usize) {
        let outer = (self.items, self.path.len());
        let item = &self.items[index];
        match &item.kind {
            Kind::Group(spec) => {
                name::push(&mut self.path, item.segment());
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

    /// Whether an optional group is not there: something in it is required, and
    /// nothing of it is set. If it is there, what is missing in it is told why
    /// it is required.
    fn is_absent(&mut self, index: usize, before: usize) -> bool {
        if !self.problems[before..].iter().any(Problem::is_missing) {
            return false;
        }
        let Some(name) = self.first_set(&self.items[index..=index]) else {
            return true;
        };
        self.explain(before, &format!("{name} is set"));
        false
    }

    /// Says why what is missing since `before` is required.
    fn explain(&mut self, before: usize, clause: &str) {
        for problem in &mut self.problems[before..] {
            problem.required_because(clause);
        }
    }
}

/// A variable that is set to nothing counts as not set.
pub(crate) fn set<'s>(source: &'s dyn Source, name: &str) -> Option<Cow<'s, OsStr>> {
    source.get(name).filter(|text| !text.is_empty())
}
