//! The fields before a field, which its default may depend on, and the parts of a default
//! text.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{FieldsNamed, LitStr};

use super::relations::{named, report_unknown};
use crate::attr::{Call, Key};
use crate::ctxt::Ctxt;
use crate::model::{Argument, Computed, Field, Kind, Part, Presence, Secrecy, Skipped};

/// The fields before a field.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    pub(super) ctxt: &'a Ctxt,
    /// The field.
    pub(super) own: &'a Ident,
    pub(super) fields: &'a [Field<'a>],
    pub(super) skipped: &'a [Skipped<'a>],
    /// All fields of the struct.
    pub(super) named: &'a FieldsNamed,
}

impl Before<'_> {
    /// Returns a call whose arguments are fields. Only a field without a variable may depend
    /// on another field without a variable.
    pub(super) fn computed(&self, call: &Call, may_skip: bool) -> Computed {
        let arguments = call.arguments.iter().filter_map(|ident| {
            let name = ident.unraw().to_string();
            match self.skipped(&name).filter(|_| may_skip) {
                Some(index) => Some(Argument::Skipped(index)),
                None => self.find(Key::DefaultFn, &name, ident).map(Argument::Field),
            }
        });
        Computed {
            arguments: arguments.collect(),
            path: call.path.clone(),
        }
    }

    fn skipped(&self, name: &str) -> Option<usize> {
        named(self.skipped.iter().map(|it| it.ident), name)
    }

    fn find(&self, key: Key, name: &str, at: impl ToTokens) -> Option<usize> {
        let found = named(self.fields.iter().map(|it| it.ident), name);
        if found.is_some() {
            return found;
        }
        let (own, key_name) = (self.own.unraw(), key.name());
        let idents = self.named.named.iter().filter_map(|it| it.ident.as_ref());
        if own == *name {
            self.ctxt.error(
                at,
                format_args!("`{own}` is the field itself; `{key_name}` names a field before it"),
            );
        } else if self.skipped(name).is_some() {
            report_unknown(self.ctxt, key, name, at, true);
        } else if named(idents, name).is_some() {
            self.ctxt.error(
                at,
                format_args!(
                    "`{name}` is declared after `{own}`, and `{key_name}` names a field before it; \
                     move `{name}` up"
                ),
            );
        } else {
            report_unknown(self.ctxt, key, name, at, false);
        }
        None
    }

    /// Returns the parts of a default text.
    pub(super) fn parts(&self, template: &LitStr, is_secret: bool) -> Vec<Part> {
        let (mut parts, mut text) = (Vec::new(), String::new());
        let value = template.value();
        let mut letters = value.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.peek() == Some(&letter) => {
                    letters.next();
                    text.push(letter);
                }
                '{' => {
                    let mut name = String::new();
                    let mut is_closed = false;
                    for letter in letters.by_ref() {
                        is_closed = letter == '}';
                        if is_closed {
                            break;
                        }
                        name.push(letter);
                    }
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    let index = self.part(template, &name, is_closed, is_secret);
                    parts.extend(index.map(Part::Field));
                }
                '}' => self
                    .ctxt
                    .error(template, "a `}` without a `{`; write `}}` for the letter"),
                letter => text.push(letter),
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        if !parts.iter().any(|part| matches!(part, Part::Field(_))) && !value.contains('{') {
            self.ctxt.error(
                template,
                "no `{field}` is in this text; write `default = \"...\"`",
            );
        }
        parts
    }

    fn part(&self, at: &LitStr, name: &str, is_closed: bool, is_secret: bool) -> Option<usize> {
        // Compared as text: the compiler reports what it cannot make tokens of by itself.
        let field = name.strip_prefix("r#").unwrap_or(name);
        if !is_closed || !is_word(field) {
            let of_group = field.split_once('.');
            let of_group = of_group.filter(|(group, _)| is_closed && is_word(group));
            match (of_group, field.trim()) {
                (Some((group, _)), _) => self.ctxt.error(
                    at,
                    format_args!(
                        "`{{{name}}}` looks into `{group}`, and a text takes fields of this struct \
                         only; write `default_fn = path({group})`"
                    ),
                ),
                (None, field) if is_closed && is_word(field) => self.ctxt.error(
                    at,
                    format_args!(
                        "a name stands in its braces without white space; write `{{{field}}}`"
                    ),
                ),
                _ => self.ctxt.error(
                    at,
                    "`{field}` stands for the text of a field; write `{{` for the letter",
                ),
            }
            return None;
        }
        let index = self.find(Key::DefaultFrom, field, at)?;
        if let Some(why) = self.no_text(index, is_secret) {
            self.ctxt.error(at, format_args!("`{field}` {why}"));
        }
        Some(index)
    }

    /// Returns why the text of a field cannot stand in a default.
    fn no_text(&self, index: usize, is_secret: bool) -> Option<&'static str> {
        let Kind::Var(var) = &self.fields[index].kind else {
            return Some("is a group, which has no text; name a variable");
        };
        match (&var.presence, &var.secrecy) {
            (_, Secrecy::Secret { .. }) if !is_secret => {
                Some("is a secret, which may stand in a secret only; make both secrets")
            }
            (Presence::Optional, _) => Some("may be absent; give it a default"),
            (Presence::DefaultValue | Presence::DefaultFn(_), _) => {
                Some("has a default without a text; write `default_fn = path(...)` here")
            }
            _ => None,
        }
    }
}

/// Returns whether a text may be the name of a field.
fn is_word(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.starts_with(|first: char| is_part(first) && !first.is_numeric())
        && text.chars().all(is_part)
}
