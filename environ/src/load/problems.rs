//! The problems of a load, each worded when it is found.
//!
//! A value is looked up again to be shown, so that a load without problems keeps nothing.

use std::ffi::OsStr;

use super::stores::Sought;
use super::{leaks, wording, Loading, Reported};
use crate::lookup::ranked_names;
use crate::name;
use crate::redact::display;
use crate::report::{Absence, Fault, Problem};
use crate::spec::{Presence, Var};
use crate::value::{Invalid, Why};

impl Loading<'_> {
    /// Remembers that a variable is not set.
    #[cold]
    pub(super) fn missing(&mut self, index: usize) -> Reported {
        let (item, var) = self.item(index);
        let names: Vec<String> = ranked_names(item, var, &self.path)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let files: Vec<String> = names
            .iter()
            .filter(|_| var.file)
            .map(|name| name::of_file(name))
            .collect();
        let empty = names
            .iter()
            .chain(&files)
            .find_map(|name| Some((name, self.lookup.get(name)?)));
        let sought = match &empty {
            None => self.sought(item, var),
            Some(_) => None,
        };
        let (nowhere, hint) = match sought {
            Some(Sought { nowhere, hint }) => (Some(nowhere), hint),
            None => (None, None),
        };
        let absence = match &empty {
            None => nowhere.map_or(Absence::Unset, Absence::NotStored),
            Some((_, text)) if text.is_empty() => Absence::EmptyVariable,
            Some((_, path)) => Absence::EmptyFile(path.into()),
        };
        let fault = Fault::Missing {
            absence,
            because: None,
            form: var.form,
        };
        let name = empty.map_or(&names[0], |(name, _)| name).clone();
        let mut problem = Problem::new(name, fault, item.doc);
        if let Some(hint) = hint {
            problem.hint(hint);
        }
        self.problems.push(problem);
        Reported
    }

    /// Remembers why a text is not a value.
    #[cold]
    pub(super) fn wrong(&mut self, index: usize, invalid: Invalid) {
        let (item, var) = self.item(index);
        let places = self.lookup.places(item, var, &self.path);
        let place = places.first();
        // A selector whose name is misspelt may hold a secret.
        let may_be_another = self.in_map && item.is_selector();
        let is_hidden = var.is_hidden() || may_be_another;
        let text = place.and_then(|place| place.contents.text());
        let name = match place {
            Some(place) => place.name.clone(),
            None => item.full_name(&self.path),
        };
        let subject = match (place, item.presence) {
            (Some(place), _) => wording::subject(place, var, is_hidden),
            (None, Presence::Default(text)) if !is_hidden => {
                format!("the default {}", display::quoted(OsStr::new(text)))
            }
            (None, _) => "the default".to_owned(),
        };
        let (code, why) = if var.secret || quotes_hidden(&invalid, text, var) {
            wording::withheld(&subject, &invalid, var.form)
        } else {
            wording::shown(&subject, invalid, var.form)
        };
        let hint = text.and_then(|text| wording::hint(&name, text, is_hidden));
        let problem = self.problem(name, code, why, item.doc);
        if let Some(hint) = hint {
            problem.hint(hint);
        }
    }

    /// Remembers why a validator of a whole config type rejects it.
    #[cold]
    pub(super) fn refused(&mut self, invalid: Invalid) {
        let reason = match *invalid.0 {
            Why::Refused(reason) | Why::Because(reason) => reason,
            Why::NotUnicode | Why::NotThat | Why::OfElement(..) => String::new(),
        };
        // The validator has seen the secrets, so its reason may quote a secret.
        let why = if self.quotes_a_secret(&reason) {
            "refused; why is not shown, since it quotes a secret".to_owned()
        } else {
            format!("refused: {}", display::reason(&reason))
        };
        let name = name::join(&self.path, "*");
        self.problem(name, "constraint", why, "");
    }

    fn quotes_a_secret(&self, reason: &str) -> bool {
        let variables = self.lookup.variables(self.items, &self.path);
        let mut hidden = variables.iter().filter(|variable| variable.var.is_hidden());
        hidden.any(|variable| {
            let places = self
                .lookup
                .places(variable.item, variable.var, &variable.path);
            let default = match variable.item.presence {
                Presence::Default(text) if places.is_empty() => Some(text),
                _ => None,
            };
            let mut texts = places
                .iter()
                .filter_map(|place| place.contents.text()?.to_str())
                .chain(default);
            texts.any(|text| leaks::quotes(reason, text, variable.var))
        })
    }

    /// Remembers a problem, and returns it.
    pub(super) fn problem(
        &mut self,
        name: String,
        code: &'static str,
        why: String,
        doc: &'static str,
    ) -> &mut Problem {
        self.problems
            .push(Problem::new(name, Fault::Wrong { code, why }, doc));
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// Fails if a problem was remembered since there were `before`.
    pub(super) fn reported_since(&self, before: usize) -> Result<(), Reported> {
        if self.problems.len() > before {
            return Err(Reported);
        }
        Ok(())
    }
}

/// Returns whether a validator quotes a part of JSON, which may hold a secret.
fn quotes_hidden(invalid: &Invalid, text: Option<&OsStr>, var: &Var) -> bool {
    match (&*invalid.0, text.and_then(OsStr::to_str)) {
        (Why::Refused(reason), Some(text)) => var.is_hidden() && leaks::quotes(reason, text, var),
        _ => false,
    }
}
