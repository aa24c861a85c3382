//! What a pass remembers: problems and warnings, and how they are worded.
//!
//! A value is looked up again to be shown, so that a pass without problems
//! keeps nothing.

use std::ffi::OsStr;

use crate::error::{Error, Problem, What};
use crate::pass::{set, Pass};
use crate::show;
use crate::spec::{self, Item, Presence, Var};
use crate::suggest;
use crate::value::{Invalid, Why};
use crate::warning::Warning;

impl Pass<'_> {
    /// Remembers that a variable is not set.
    #[cold]
    pub(crate) fn missing<T>(&mut self, item: &'static Item, var: &'static Var) -> Option<T> {
        let names = spec::names(item, var, &self.path);
        let empty = names.iter().find(|name| self.source.get(name).is_some());
        let what = What::Missing {
            empty: empty.is_some(),
            because: None,
            form: var.form,
        };
        let name = empty.unwrap_or(&names[0]).clone();
        self.problems.push(Problem::new(name, what, item.doc));
        None
    }

    /// Remembers why a text is not a value.
    #[cold]
    pub(crate) fn wrong<T>(&mut self, index: usize, invalid: Invalid) -> Option<T> {
        let (item, var) = self.item(index);
        let names = spec::names(item, var, &self.path);
        let found = names
            .iter()
            .find_map(|name| Some((name, set(self.source, name)?)));
        let (name, subject) = match (&found, item.presence) {
            (Some((name, text)), _) => (*name, show::quoted(text)),
            (None, Presence::Default(text)) => (
                &names[0],
                format!("the default {}", show::quoted(OsStr::new(text))),
            ),
            (None, _) => (&names[0], "the value".to_owned()),
        };
        let what = if var.secret || invalid.is_secret {
            withheld(&invalid, var)
        } else {
            shown(&subject, invalid, var)
        };
        let mut problem = Problem::new(name.clone(), what, item.doc);
        if found.is_some_and(|(_, text)| has_outer_space(&text)) {
            problem.hint("it begins or ends with white space; remove that".to_owned());
        }
        self.problems.push(problem);
        None
    }

    /// Remembers names that are set beside the one that is used.
    #[cold]
    pub(crate) fn warn_of_shadowed(&mut self, item: &'static Item, var: &'static Var) {
        let names = spec::names(item, var, &self.path);
        let mut set = names.iter().filter(|name| set(self.source, name).is_some());
        let Some(used) = set.next() else { return };
        let warnings = set.map(|name| {
            Warning::new(
                name,
                "shadowed",
                format!("not read, since {used} is set too"),
            )
        });
        self.warnings.get_or_insert_default().extend(warnings);
    }

    /// Remembers variables that are set for a variant that is not selected.
    pub(crate) fn warn_of_unselected(&mut self, selected: &str) {
        let Some(warnings) = &mut self.warnings else {
            return;
        };
        for item in self.items {
            let Presence::Variant(word) = item.presence else {
                continue;
            };
            if word == selected {
                continue;
            }
            for variable in spec::variables(std::slice::from_ref(item), &self.path) {
                let names = variable
                    .names()
                    .filter(|name| set(self.source, name).is_some());
                warnings.extend(names.map(|name| {
                    let what = format!("not read, since {} is {selected}", self.path);
                    Warning::new(name, "unselected", what)
                }));
            }
        }
    }

    /// The name of the first variable of `items` that is set to something.
    pub(crate) fn first_set(&self, items: &'static [Item]) -> Option<String> {
        let variables = spec::variables(items, &self.path);
        let mut names = variables.iter().flat_map(spec::Variable::names);
        let first = names.find(|name| set(self.source, name).is_some());
        first.map(str::to_owned)
    }

    /// The value, or everything that is wrong.
    pub(crate) fn finish<T>(mut self, value: Option<T>) -> Result<(T, Vec<Warning>), Error> {
        match value {
            Some(value) if self.problems.is_empty() => {
                Ok((value, self.warnings.unwrap_or_default()))
            }
            _ => {
                suggest::near_misses(self.source, self.items, &self.path, &mut self.problems);
                Err(Error::new(self.problems))
            }
        }
    }
}

fn has_outer_space(text: &OsStr) -> bool {
    let text = text.to_string_lossy();
    text.trim() != text
}

fn shown(subject: &str, invalid: Invalid, var: &Var) -> What {
    let form = var.form;
    let (code, why) = match invalid.why {
        Why::NotUnicode => ("not_unicode", format!("{subject} is not UTF-8")),
        Why::NotThat => ("invalid", format!("{subject} is not {form}")),
        Why::Because(reason) => {
            let reason = show::without_password(&reason);
            ("invalid", format!("{subject} is not {form}: {reason}"))
        }
        Why::Refused(reason) => {
            let reason = show::without_password(&reason);
            ("constraint", format!("{subject} is refused: {reason}"))
        }
    };
    What::Wrong { code, why }
}

/// Neither the value nor the reason, which may quote it.
fn withheld(invalid: &Invalid, var: &Var) -> What {
    let (code, why) = match invalid.why {
        Why::NotUnicode => ("not_unicode", "the secret is not UTF-8".to_owned()),
        Why::Refused(_) => (
            "constraint",
            "the secret is refused; why is not shown".to_owned(),
        ),
        Why::NotThat | Why::Because(_) => {
            let form = var.form;
            (
                "invalid",
                format!("the secret is not {form}; why is not shown"),
            )
        }
    };
    What::Wrong { code, why }
}
