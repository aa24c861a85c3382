//! What a pass remembers: problems and warnings, and how they are worded.
//!
//! A value is looked up again to be shown, so that a pass without problems
//! keeps nothing.

use std::ffi::OsStr;

use super::leaks;
use crate::load::{Pass, Reported};
use crate::lookup::kubernetes;
use crate::lookup::{self as env, Hit, Rank, Text};
use crate::name;
use crate::redact::display;
use crate::report::Origin;
use crate::report::Warning;
use crate::report::{Absence, Problem, What};
use crate::spec::{Item, Kind, Presence, Var};
use crate::value::{Form, Invalid, Why};

impl Pass<'_> {
    /// Remembers what is wrong about the places where a variable is.
    pub(crate) fn check_hits(
        &mut self,
        item: &'static Item,
        var: &Var,
        hits: &[Hit<'_>],
    ) -> Result<(), Reported> {
        let before = self.problems.len();
        let deny_env = var.secret && self.rules.deny_env_secrets;
        for hit in hits {
            let exposed = hit.exposed().filter(|_| deny_env);
            let wrong = match &hit.text {
                text if exposed.is_some() => {
                    let store = match text {
                        Text::Store { .. } => "another store",
                        _ => "a store",
                    };
                    let file = name::of_file(&hit.name);
                    Some((
                        "constraint",
                        format!(
                            "a secret in the environment, where every child process sees it; \
                             put it into {store}, or into a file that {file} names"
                        ),
                    ))
                }
                Text::Variable(_) => twin(hits, hit).map(|file| {
                    (
                        "conflict",
                        format!("set, and so is {}; remove one of them", file.name),
                    )
                }),
                Text::File { path, text } => match &**text {
                    Err(err) => {
                        let path = if var.is_hidden() {
                            display::path_of_secret(path)
                        } else {
                            display::path(path)
                        };
                        Some(("file", format!("cannot read {path}: {err}")))
                    }
                    Ok(_) => None,
                },
                Text::Store {
                    store,
                    text: Err(err),
                    ..
                } => Some(("store", format!("cannot be read from {store}: {err}"))),
                Text::Store { .. } => None,
            };
            if let Some((code, why)) = wrong {
                let name = exposed.unwrap_or(&hit.name).to_owned();
                self.problem(name, code, why, item.doc);
            }
        }
        self.check_deprecated(item, hits);
        if self.problems.len() > before {
            return Err(Reported);
        }
        Ok(())
    }

    /// A name that is out of use must not contradict the one that is used.
    fn check_deprecated(&mut self, item: &'static Item, hits: &[Hit<'_>]) {
        let Some((used, rest)) = hits.split_first() else {
            return;
        };
        for hit in rest.iter().filter(|hit| hit.rank == Rank::Deprecated) {
            if hit.text.get() != used.text.get() {
                let why = format!(
                    "deprecated, and set to something else than {}; remove {}",
                    used.name, hit.name
                );
                self.problem(hit.name.clone(), "conflict", why, item.doc);
            }
        }
    }

    /// Remembers where a value came from, and what is odd about that.
    pub(crate) fn note_hits(&mut self, item: &'static Item, var: &Var, hits: &[Hit<'_>]) {
        let (Some(notes), Some(used)) = (&mut self.notes, hits.first()) else {
            return;
        };
        let names = env::names(item, var, &self.path);
        let main = &names[0].0;
        let text = used.text.get().map(OsStr::to_string_lossy);
        let shown = text.map(|text| shown_or_redacted(var, &text));
        notes.origins.add(main.clone(), origin(used), shown);
        for hit in hits {
            let is_used = std::ptr::eq(hit, used);
            let warnings = &mut notes.warnings;
            if hit.rank == Rank::Deprecated {
                let what = format!("deprecated; write {main} instead");
                warnings.push(Warning::new(&hit.name, "deprecated", what));
            } else if !is_used {
                let what = format!("not read, since {}", found_at(used));
                warnings.push(Warning::new(&hit.name, "shadowed", what));
            }
            if let (true, Some(exposed)) = (var.secret, hit.exposed()) {
                let what = format!(
                    "a secret in the environment, where every child process sees it; \
                     {} can name a file instead",
                    name::of_file(main)
                );
                warnings.push(Warning::new(exposed, "exposed", what));
            }
            if var.secret && is_used && hit.text.get().is_some_and(is_padded_line) {
                let what = "the secret begins or ends with white space, which is part of it; \
                            remove that if a login is refused";
                warnings.push(Warning::new(&hit.name, "padded", what.to_owned()));
            }
        }
    }

    pub(crate) fn note_default(&mut self, index: usize) {
        if self.notes.is_none() {
            return;
        }
        let (item, var) = self.item(index);
        let name = env::names(item, var, &self.path).swap_remove(0).0;
        let shown = match item.presence {
            Presence::Default(text) => Some(shown_or_redacted(var, text)),
            _ => None,
        };
        if let Some(notes) = &mut self.notes {
            notes.origins.add(name, Origin::Default, shown);
        }
    }

    /// Remembers variables that are set for a variant that is not selected.
    pub(crate) fn warn_of_unselected(&mut self, selected: &str) {
        let Some(notes) = &mut self.notes else {
            return;
        };
        for item in self.items {
            let Presence::Variant(word) = item.presence else {
                continue;
            };
            if word == selected {
                continue;
            }
            for variable in self.env.variables(std::slice::from_ref(item), &self.path) {
                let names = variable.all_names();
                let set = names.iter().filter(|name| self.env.set(name).is_some());
                notes.warnings.extend(set.map(|name| {
                    let what = format!("not read, since {} is {selected}", self.path);
                    Warning::new(name, "unselected", what)
                }));
            }
        }
    }

    /// Remembers that a variable is not set.
    #[cold]
    pub(crate) fn missing(&mut self, index: usize) -> Reported {
        let (item, var) = self.item(index);
        let names = env::names(item, var, &self.path);
        let twins = names.iter().map(|(name, _)| name::of_file(name));
        let twins: Vec<String> = twins.filter(|_| var.file).collect();
        let mut all = names.iter().map(|(name, _)| name).chain(&twins);
        let empty = all.find_map(|name| Some((name, self.env.get(name)?)));
        let absence = match &empty {
            None => Absence::Unset,
            Some((_, text)) if text.is_empty() => Absence::EmptyVariable,
            Some((_, path)) => Absence::EmptyFile(path.into()),
        };
        let what = What::Missing {
            absence,
            because: None,
            form: var.form,
        };
        let name = empty.map_or(&names[0].0, |(name, _)| name).clone();
        self.problems.push(Problem::new(name, what, item.doc));
        Reported
    }

    /// Remembers why a text is not a value.
    #[cold]
    pub(crate) fn wrong(&mut self, index: usize, invalid: Invalid) {
        let (item, var) = self.item(index);
        let hits = self.env.hits(item, var, &self.path);
        // One whose name is misspelt may hold a secret.
        let may_be_another = self.in_map && item.is_selector();
        let is_hidden = var.is_hidden() || may_be_another;
        let text = hits.first().and_then(|hit| hit.text.get());
        let name = match hits.first() {
            Some(hit) => hit.name.clone(),
            None => env::names(item, var, &self.path).swap_remove(0).0,
        };
        let subject = match (hits.first(), item.presence) {
            (Some(hit), _) => subject(hit, var, is_hidden),
            (None, Presence::Default(text)) if !is_hidden => {
                format!("the default {}", display::quoted(OsStr::new(text)))
            }
            (None, _) => "the default".to_owned(),
        };
        let (code, why) = if var.secret || quotes_hidden(&invalid, text, var) {
            withheld(&subject, &invalid, var.form)
        } else {
            shown(&subject, invalid, var.form)
        };
        let hint = text.and_then(|text| hint(&name, text, is_hidden));
        let problem = self.problem(name, code, why, item.doc);
        if let Some(hint) = hint {
            problem.hint(hint);
        }
    }

    /// Remembers why a whole value is refused.
    #[cold]
    pub(crate) fn refused(&mut self, invalid: Invalid) {
        let reason = match *invalid.0 {
            Why::Refused(reason) | Why::Because(reason) => reason,
            Why::NotUnicode | Why::NotThat | Why::OfElement(..) => String::new(),
        };
        // The function has seen the secrets: what it says may quote one.
        let why = if self.quotes_a_secret(&reason) {
            "refused; why is not shown, since it quotes a secret".to_owned()
        } else {
            format!("refused: {}", display::reason(&reason))
        };
        let name = name::join(&self.path, "*");
        self.problem(name, "constraint", why, "");
    }

    fn quotes_a_secret(&self, reason: &str) -> bool {
        let variables = self.env.variables(self.items, &self.path);
        let mut hidden = variables.iter().filter(|variable| variable.var.is_hidden());
        hidden.any(|variable| {
            let hits = self.env.hits(variable.item, variable.var, &variable.path);
            let default = match variable.item.presence {
                Presence::Default(text) if hits.is_empty() => Some(text),
                _ => None,
            };
            let texts = hits.iter().filter_map(|hit| hit.text.get()?.to_str());
            let mut texts = texts.chain(default);
            texts.any(|text| leaks::quotes(reason, text, variable.var))
        })
    }

    /// The segments of the groups that are there, and a problem if there must be
    /// more than none, or if they cannot be known.
    pub(crate) fn instances(&mut self, index: usize, non_empty: bool) -> Vec<String> {
        let item = &self.items[index];
        let path = item.full_name(&self.path);
        if matches!(item.kind, Kind::Map(_)) && self.env.names().is_none() {
            let why = "the source cannot list its variables, so the keys are not known";
            self.problem(format!("{path}_*"), "unknown", why.to_owned(), item.doc);
            return Vec::new();
        }
        let instances = self.env.instances(&item.kind, &path);
        if instances.is_empty() && non_empty {
            let name = match item.kind {
                Kind::List(_) => format!("{path}_0_*"),
                _ => format!("{path}_*"),
            };
            let what = What::Missing {
                absence: Absence::Unset,
                because: None,
                form: Form::Text,
            };
            self.problems.push(Problem::new(name, what, item.doc));
        }
        instances
    }

    /// Remembers numbers that are left out.
    pub(crate) fn check_gaps(&mut self, index: usize, indices: &[String]) -> Result<(), Reported> {
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
        if self.problems.len() > before {
            return Err(Reported);
        }
        Ok(())
    }

    /// Remembers keys that would be one.
    pub(crate) fn check_keys(&mut self, index: usize, keys: &[String]) -> Result<(), Reported> {
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
        if self.problems.len() > before {
            return Err(Reported);
        }
        Ok(())
    }

    pub(crate) fn problem(
        &mut self,
        name: String,
        code: &'static str,
        why: String,
        doc: &'static str,
    ) -> &mut Problem {
        self.problems
            .push(Problem::new(name, What::Wrong { code, why }, doc));
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }
}

/// The file that is named beside a variable that holds the text itself.
fn twin<'h, 's>(hits: &'h [Hit<'s>], hit: &Hit<'_>) -> Option<&'h Hit<'s>> {
    let file = name::of_file(&hit.name);
    hits.iter()
        .find(|other| matches!(other.text, Text::File { .. }) && other.name == file)
}

fn origin(hit: &Hit<'_>) -> Origin {
    match (&hit.text, hit.rank) {
        (Text::Store { store, .. }, _) => Origin::Store(store.clone().into_owned()),
        (Text::File { path, .. }, _) => Origin::File {
            variable: hit.name.clone(),
            path: path.clone(),
        },
        (Text::Variable(_), Rank::Main) => Origin::Environment,
        (Text::Variable(_), Rank::Alias) => Origin::Alias(hit.name.clone()),
        (Text::Variable(_), Rank::Deprecated) => Origin::Deprecated(hit.name.clone()),
    }
}

fn shown_or_redacted(var: &Var, text: &str) -> String {
    if var.is_hidden() {
        "[REDACTED]".to_owned()
    } else {
        display::without_password(text).into_owned()
    }
}

fn found_at(hit: &Hit<'_>) -> String {
    match &hit.text {
        Text::Store { store, .. } => format!("{store} has it too"),
        Text::File { .. } | Text::Variable(_) => format!("{} is set too", hit.name),
    }
}

/// What a sentence about the text begins with.
fn subject(hit: &Hit<'_>, var: &Var, is_hidden: bool) -> String {
    let text = match hit.text.get() {
        Some(text) if !is_hidden => display::quoted(text),
        Some(_) if !var.secret => "the text".to_owned(),
        _ => "the secret".to_owned(),
    };
    match &hit.text {
        Text::Variable(_) => text,
        Text::File { path, .. } => format!("{text} in {}", path.display()),
        Text::Store { store, .. } => format!("{text} from {store}"),
    }
}

/// Whether a validator of JSON, which may hold a secret, says a part of it.
fn quotes_hidden(invalid: &Invalid, text: Option<&OsStr>, var: &Var) -> bool {
    match (&*invalid.0, text.and_then(OsStr::to_str)) {
        (Why::Refused(reason), Some(text)) => var.is_hidden() && leaks::quotes(reason, text, var),
        _ => false,
    }
}

fn hint(name: &str, text: &OsStr, is_hidden: bool) -> Option<String> {
    let service = kubernetes::service_of(name, &text.to_string_lossy());
    if let (Some(service), false) = (service, is_hidden) {
        return Some(format!(
            "Kubernetes sets it for the Service `{service}`; \
             set `enableServiceLinks: false` in the pod, or rename one of them"
        ));
    }
    is_padded(text).then(|| "it begins or ends with white space; remove that".to_owned())
}

/// A text of several lines, like a key, ends with a newline by nature.
fn is_padded_line(text: &OsStr) -> bool {
    is_padded(text) && !text.to_string_lossy().trim().contains('\n')
}

fn is_padded(text: &OsStr) -> bool {
    let text = text.to_string_lossy();
    text.trim() != text
}

fn shown(subject: &str, invalid: Invalid, form: Form) -> (&'static str, String) {
    match *invalid.0 {
        Why::NotUnicode => ("not_unicode", format!("{subject} is not UTF-8")),
        Why::NotThat => ("invalid", format!("{subject} is not {form}")),
        Why::Because(reason) => {
            let reason = display::reason(&reason);
            ("invalid", format!("{subject} is not {form}: {reason}"))
        }
        // Each was masked apart: of both at once, too much or too little would be.
        Why::OfElement(place, reason) => {
            let reason = reason.map(|reason| format!(": {}", display::reason(&reason)));
            let reason = reason.unwrap_or_default();
            (
                "invalid",
                format!("{subject} is not {form}: {place}{reason}"),
            )
        }
        Why::Refused(reason) => {
            let reason = display::reason(&reason);
            ("constraint", format!("{subject} is refused: {reason}"))
        }
    }
}

/// Neither the value nor the reason, which may quote it.
fn withheld(subject: &str, invalid: &Invalid, form: Form) -> (&'static str, String) {
    match *invalid.0 {
        Why::NotUnicode => ("not_unicode", format!("{subject} is not UTF-8")),
        Why::Refused(_) => (
            "constraint",
            format!("{subject} is refused; why is not shown"),
        ),
        Why::NotThat | Why::Because(_) | Why::OfElement(..) => (
            "invalid",
            format!("{subject} is not {form}; why is not shown"),
        ),
    }
}
