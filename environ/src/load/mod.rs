//! One load of a root type: look up, read, go on, and remember each problem, so that all
//! are reported at once.
//!
//! Generated code calls the public functions of [`Loading`], one a field: `variable.rs` has
//! the whole way of a variable, `groups.rs` the groups. Generic functions are thin, because
//! each is compiled once for every type, and the functions that they call only once.

mod checks;
mod groups;
mod leaks;
mod notes;
mod problems;
mod readers;
mod relations;
mod rules;
mod several;
mod stores;
#[cfg(test)]
#[cfg(feature = "deployment")]
mod tests;
mod unknown;
#[cfg(feature = "deployment")]
pub(crate) mod untyped;
mod variable;
#[cfg(feature = "watch")]
pub(crate) mod watched;
mod wording;

use std::mem;
use std::slice;

pub use rules::Level;
pub(crate) use rules::Rules;

use crate::lookup::Lookup;
use crate::name::Path;
use crate::report::{Error, Origins, Problem, Warning};
use crate::spec::{Item, Kind, Var};

/// One load of a root type, in the order of its table.
pub struct Loading<'s> {
    /// The names of the items that are asked for next, as far as they were joined while
    /// compiling; empty but in a load by `from_env`.
    pub(crate) known: slice::Iter<'static, &'static str>,
    pub(crate) lookup: Lookup<'s>,
    /// The table of the group that is being loaded.
    items: &'static [Item],
    /// The path of that group: its names begin so.
    path: Path<'s>,
    /// The last name that was joined, kept for its allocation.
    joined: String,
    problems: Vec<Problem>,
    /// How many of the problems are those of layers.
    problems_of_layers: usize,
    /// `None` if the caller drops warnings and origins.
    pub(crate) notes: Option<Notes>,
    pub(crate) rules: Rules,
    /// The names of variables that another program reads; a `*` ends the beginning of several.
    pub(crate) others: &'s [String],
    /// Whether a map of groups is being loaded. The names of its groups come from the
    /// environment, so a misspelt name can make any variable the selector of a variant.
    in_map: bool,
    /// Whether a list or a map has a group.
    is_any_of_several: bool,
    /// The paths of one-of groups with a selected variant that has aliases, and the main word of
    /// the variant.
    with_aliases: Vec<(String, &'static str)>,
}

/// The notes of a load: where each value came from, and oddities.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) warnings: Vec<Warning>,
    pub(crate) origins: Origins,
    /// `None` if nobody compares the load with a later load.
    #[cfg(feature = "watch")]
    pub(crate) watched: Option<watched::Watched>,
}

/// Says that a problem was remembered.
#[derive(Debug)]
struct Reported;

impl<'s> Loading<'s> {
    pub(crate) fn new(lookup: Lookup<'s>, items: &'static [Item]) -> Self {
        Self {
            path: lookup.root_path(),
            lookup,
            items,
            known: [].iter(),
            joined: String::new(),
            problems: Vec::new(),
            problems_of_layers: 0,
            notes: None,
            rules: Rules::default(),
            others: &[],
            in_map: false,
            is_any_of_several: false,
            with_aliases: Vec::new(),
        }
    }

    /// Loads the root type by `load`, to the end.
    #[inline]
    pub(crate) fn root<T>(
        &mut self,
        load: impl for<'l> Fn(&mut Loading<'l>) -> Option<T>,
    ) -> Result<T, Error> {
        let value = load(self);
        if self.may_conflict() || self.rules.unknown != Level::Allow || !self.problems.is_empty() {
            self.report_names();
        }
        match value {
            Some(value) if self.problems.is_empty() => {
                if let Some(notes) = &mut self.notes {
                    notes.forget_unread();
                }
                Ok(value)
            }
            _ => self.again(&load),
        }
    }

    /// Adds the problems of a layer.
    pub(crate) fn add_problems(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
        self.problems_of_layers = self.problems.len();
    }

    /// Repeats a load that went wrong, from a source that is asked for each variable once. The
    /// first load takes no notes, and looks texts up again for its problems: the report of a
    /// source that changes meanwhile would contradict itself.
    #[cold]
    fn again<T>(
        &mut self,
        load: &dyn for<'l> Fn(&mut Loading<'l>) -> Option<T>,
    ) -> Result<T, Error> {
        let sources = self.lookup.remembered();
        let layers = self.lookup.layers_of(&sources);
        let mut again = Loading::new(self.lookup.of_layers(&layers), self.lookup.items);
        self.problems.truncate(self.problems_of_layers);
        again.add_problems(mem::take(&mut self.problems));
        let mut notes = self.notes.take().unwrap_or_default();
        notes.truncate(&notes::Lengths::default());
        again.notes = Some(notes);
        again.rules = self.rules;
        again.others = self.others;
        let value = load(&mut again);
        again.report_names();
        if let Some(notes) = &mut again.notes {
            notes.forget_unread();
        }
        let loaded = match value {
            Some(value) if again.problems.is_empty() => Ok(value),
            _ => Err(again.error()),
        };
        self.notes = again.notes.take();
        self.lookup.take_files_of(&again.lookup);
        loaded
    }

    /// Returns the problems, with the warnings.
    fn error(&mut self) -> Error {
        let problems = mem::take(&mut self.problems);
        let warnings = self.notes.as_ref().map(|notes| notes.warnings.clone());
        let mut warnings = warnings.unwrap_or_default();
        warnings.retain(|warning| !problems.iter().any(|problem| problem.repeats(warning)));
        Error::new(problems, warnings)
    }

    /// Reports variables that two fields read, and variables that no field reads.
    #[cold]
    fn report_names(&mut self) {
        let is_unread_wanted =
            self.rules.unknown != Level::Allow || self.problems.iter().any(Problem::is_missing);
        if !self.may_conflict() && !is_unread_wanted {
            return;
        }
        let variables = self.lookup.all_variables();
        if self.may_conflict() {
            self.report_conflicts(&variables);
        }
        if is_unread_wanted {
            self.report_unread(&variables);
        }
    }

    /// Loads the root type by `load` for its problems alone. A variable with an unknown text is
    /// no problem, although the load returns no value then.
    #[cfg(feature = "deployment")]
    pub(crate) fn problems<T>(
        &mut self,
        load: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Vec<Problem> {
        load(self);
        self.report_names();
        mem::take(&mut self.problems)
    }

    fn item(&self, index: usize) -> (&'static Item, &'static Var) {
        let item = &self.items[index];
        match &item.kind {
            Kind::Var(var) => (item, var),
            _ => unreachable!("the derive calls for what it put in the table"),
        }
    }
}
