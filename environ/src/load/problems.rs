//! The problems of a load, each worded when it is found.
//!
//! A value is looked up again to be shown, so that a load without problems keeps nothing.

use std::ffi::OsStr;
use std::path::Path;

use super::{leaks, wording, Loading, Reported};
use crate::lookup::ranked_names;
use crate::name;
use crate::redact::display;
use crate::redact::leak::Reason;
use crate::report::{Absence, Fault, Problem};
use crate::source::StoreError;
use crate::spec::{composed, Item, Kind, Part, Presence, Var};
#[cfg(feature = "json")]
use crate::value;
use crate::value::{Invalid, Why};

impl Loading<'_> {
    /// Remembers that a variable is not set.
    #[cold]
    pub(super) fn missing(&mut self, index: usize) -> Reported {
        let (item, var) = self.item(index);
        let mut hint = None;
        let (name, absence) = self.empty_place(item, var).unwrap_or_else(|| {
            let absence = match self.sought(item, var) {
                Some(sought) => {
                    hint = sought.hint;
                    Absence::NotStored(sought.nowhere)
                }
                None => Absence::Unset,
            };
            (item.full_name(&self.path), absence)
        });
        let fault = Fault::Missing {
            absence,
            because: None,
            form: var.form(),
        };
        let mut problem = Problem::new(name, fault, item.doc);
        if let Some(hint) = hint {
            problem.hint(&hint);
        }
        self.problems.push(problem);
        Reported
    }

    /// Returns the name and the place of a variable that is set, but to nothing.
    pub(super) fn empty_place(&self, item: &Item, var: &Var) -> Option<(String, Absence)> {
        let names = || {
            let names = ranked_names(item, var, &self.path).into_iter();
            names.map(|(name, _)| name)
        };
        if let Some(name) = names().find(|name| self.lookup.is_empty(name)) {
            return Some((name, Absence::EmptyVariable));
        }
        let mut files = names()
            .filter(|_| var.file)
            .map(|name| name::of_file(&name));
        files.find_map(|name| {
            let path = self.lookup.get(&name)?;
            let absence = if path.is_empty() {
                Absence::EmptyVariable
            } else {
                Absence::EmptyFile(display::path(Path::new(&path)))
            };
            Some((name, absence))
        })
    }

    /// Remembers why a text is not a value.
    #[cold]
    pub(super) fn wrong(&mut self, index: usize, invalid: &Invalid) {
        let (item, var) = self.item(index);
        let places = self.lookup.places(item, var, &self.path);
        let place = places.first();
        if let (None, Presence::From(parts)) = (place, item.presence) {
            // The report has the text that is wrong, which is the text of another field.
            if self.is_any_wrong(parts) {
                return;
            }
        }
        // A selector whose name is misspelt may hold a secret.
        let may_be_another = self.in_map && item.is_selector();
        let is_hidden = var.is_hidden() || may_be_another;
        let text = place.and_then(|place| place.contents.text());
        let name = match place {
            Some(place) => place.name.clone(),
            None => item.full_name(&self.path),
        };
        let composed = match item.presence {
            Presence::From(parts) => self.composed(parts).unwrap_or_default(),
            _ => String::new(),
        };
        let subject = match (place, item.presence) {
            (Some(place), _) => wording::subject(place, var, is_hidden),
            (None, Presence::Default(text)) if !is_hidden => {
                format!("the default {}", display::quoted(OsStr::new(text)))
            }
            (None, Presence::From(parts))
                if !is_hidden && !composed::is_hidden(parts, self.items) =>
            {
                let source = composed::documented(parts, self.items, &self.path);
                let default = display::quoted(OsStr::new(&composed));
                format!("the default {default} from {}", display::line(&source))
            }
            (None, _) => "the default".to_owned(),
        };
        let known = match (text, item.presence) {
            (None, Presence::Default(text)) if place.is_none() => Some(text),
            (None, Presence::From(_)) if place.is_none() => Some(&*composed),
            _ => text.and_then(OsStr::to_str),
        };
        let (code, why) = match shown_reason(invalid, known, var) {
            Ok(reason) => wording::shown(&subject, invalid, var, &reason),
            Err(Withheld) => wording::withheld(&subject, invalid, var.form()),
        };
        let service = text
            .filter(|_| !is_hidden)
            .and_then(|text| self.lookup.service_of(&name, text));
        let hint = match service {
            Some(service) => Some(wording::of_service(&service)),
            None => text.and_then(|text| wording::hint(text, var.form())),
        };
        self.forget_service_link(&name);
        let problem = self.problem(name, code, why, item.doc);
        if let Some(hint) = hint {
            problem.hint(&hint);
        }
    }

    /// Returns whether a default with these parts contains the text of a wrong field.
    fn is_any_wrong(&self, parts: &[Part]) -> bool {
        let fields = parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Field(index) => Some(self.item(*index)),
        });
        let is_wrong = |(item, var): (&'static Item, &'static Var)| {
            let places = self.lookup.places(item, var, &self.path);
            let name = match places.first() {
                Some(place) => place.name.clone(),
                None => item.full_name(&self.path),
            };
            match item.presence {
                _ if self.problems.iter().any(|it| it.variable() == name) => true,
                Presence::From(parts) if places.is_empty() => self.is_any_wrong(parts),
                _ => false,
            }
        };
        fields.into_iter().any(is_wrong)
    }

    /// Remembers why a validator of a whole config type rejects it.
    #[cold]
    pub(super) fn refused(&mut self, invalid: &Invalid, ty: &'static str) {
        let (reason, is_constant) = match &*invalid.0 {
            Why::Refused(reason) | Why::Because(reason) | Why::At(_, reason) => {
                (&*reason.text, reason.is_constant)
            }
            Why::NotUnicode | Why::NotThat | Why::OfElement(..) => ("", true),
        };
        let items = self.items;
        let shown = if is_constant {
            Ok(display::line(reason))
        } else {
            // The validator has seen the secrets.
            self.unless_quoted(items, &self.path, display::reason(reason))
        };
        let why = match shown {
            Ok(reason) => format!("refused: {reason}"),
            Err(Withheld) => {
                "refused; the reason is not shown, because it quotes a secret".to_owned()
            }
        };
        let field = match &*invalid.0 {
            Why::At(field, _) => field,
            _ => "",
        };
        let (name, doc) = match field_at(items, &self.path, field) {
            Some(found) => found,
            None if self.path.is_empty() => (last_segment(ty).to_owned(), ""),
            None => (self.path.any(), ""),
        };
        self.problem(name, "constraint", why, doc);
    }

    /// Returns the reason of a store, unless it quotes the text of any variable.
    pub(super) fn reason_of_store(&self, err: &StoreError) -> String {
        let reason = display::reason_of_store(&err.to_string());
        let lookup = &self.lookup;
        let shown = self.unless_quoted(lookup.items, &lookup.root_path(), reason);
        shown.unwrap_or_else(|Withheld| {
            "the reason is not shown, because it quotes a secret".to_owned()
        })
    }

    /// Returns the reason as it is shown, unless it quotes a variable of the group.
    fn unless_quoted(
        &self,
        items: &'static [Item],
        path: &name::Path<'_>,
        reason: String,
    ) -> Result<String, Withheld> {
        let searched = Reason::of(&reason);
        let is_quoted = self.lookup.variables(items, path).iter().any(|variable| {
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
            texts.any(|text| leaks::quotes(&searched, text, variable.var))
        });
        if is_quoted {
            return Err(Withheld);
        }
        Ok(reason)
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

/// Returns the name and the documentation of a field, which may be in a group: `tls.key`,
/// `peers[0].host`, `db[eu].url`.
fn field_at(
    items: &'static [Item],
    path: &name::Path<'_>,
    field: &str,
) -> Option<(String, &'static str)> {
    let (first, rest) = split_field(field);
    let mut fields = items.iter().filter(|_| !first.is_empty());
    let Some(item) = fields.find(|item| item.field == first) else {
        // A group beside its switch has no name of its own.
        return items.iter().find_map(|item| match &item.kind {
            Kind::Group(spec) if item.field.is_empty() => {
                field_at(spec.items, &item.path(path), field)
            }
            _ => None,
        });
    };
    match (&item.kind, rest) {
        (Kind::Group(spec), Some(rest)) => field_at(spec.items, &item.path(path), rest),
        (Kind::List(spec) | Kind::Map(spec), Some(rest)) => {
            let (segment, rest) = split_field(rest);
            let path = item.path(path).join(&segment.to_ascii_uppercase());
            match rest {
                Some(rest) => field_at(spec.items, &path, rest),
                None => Some((path.any(), item.doc)),
            }
        }
        _ => Some((item.name_in_rule(path), item.doc)),
    }
}

/// Splits off the first field, number or key. The field `r#type` is called `type`.
fn split_field(field: &str) -> (&str, Option<&str>) {
    let field = field.strip_prefix("r#").unwrap_or(field);
    match field.split_once(['.', '[']) {
        Some((first, rest)) => (first.trim_end_matches(']'), Some(rest)),
        None => (field.trim_end_matches(']'), None),
    }
}

/// Returns the name of a type without its path and parameters.
fn last_segment(ty: &str) -> &str {
    let ty = ty.split('<').next().unwrap_or(ty);
    ty.rsplit("::").next().unwrap_or(ty)
}

/// Says that a reason may give away a hidden text.
struct Withheld;

/// A validator's reason is searched for the secret, unless the secret is shorter than this.
const MIN_SECRET: usize = 4;

/// Returns the reason as it is shown of the text that a variable is read from. A parser has
/// the text itself in hand, so of a secret its reason is shown only if it is constant.
fn shown_reason(invalid: &Invalid, text: Option<&str>, var: &Var) -> Result<String, Withheld> {
    let (reason, is_refused) = match &*invalid.0 {
        Why::NotThat | Why::OfElement(_, None) if var.secret => return Err(Withheld),
        Why::NotUnicode | Why::NotThat | Why::OfElement(_, None) => return Ok(String::new()),
        Why::Because(reason) | Why::OfElement(_, Some(reason)) => (reason, false),
        Why::Refused(reason) | Why::At(_, reason) => (reason, true),
    };
    if reason.is_constant {
        return Ok(display::line(&reason.text));
    }
    let is_short = text.is_none_or(|text| text.chars().nth(MIN_SECRET - 1).is_none());
    if var.secret && (!is_refused || is_short) {
        return Err(Withheld);
    }
    let shown = display::reason(&reason.text);
    let searched = Reason::of(&shown);
    if !text.is_some_and(|text| leaks::quotes(&searched, text, var)) {
        return Ok(shown);
    }
    match &reason.place {
        #[cfg(feature = "json")]
        Some(place) if !is_refused => Ok(value::does_not_fit(place)),
        _ => Err(Withheld),
    }
}
