//! Lowers the rules between the fields of a struct: `requires`, `conflicts`, `one_of(a, b)`
//! and the like.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

use crate::attr::{Attrs, Entry, Key};
use crate::ctxt::Ctxt;
use crate::model::{Count, Field, Kind, Presence, Relation, RuleKind, Switch};

/// The keys on a struct, each with its rule.
const ON_STRUCTS: &[(Key, RuleKind)] = &[
    (Key::OneOf, RuleKind::OneOf),
    (Key::AtMostOneOf, RuleKind::AtMostOneOf),
    (Key::AtLeastOneOf, RuleKind::AtLeastOneOf),
    (Key::AllOrNone, RuleKind::AllOrNone),
];

/// The keys on a field, each with its rule.
const ON_FIELDS: &[(Key, RuleKind)] = &[
    (Key::Requires, RuleKind::Requires),
    (Key::Conflicts, RuleKind::AtMostOneOf),
];

/// The keys of a field.
pub(super) struct OfField<'a> {
    pub(super) ident: &'a Ident,
    pub(super) attrs: Attrs,
}

/// Returns the rules of a struct, then the rules of its fields.
pub(super) fn relations(
    ctxt: &Ctxt,
    attrs: &Attrs,
    fields: &[Field<'_>],
    keys: &[OfField<'_>],
) -> Vec<Relation> {
    let all = Struct { ctxt, fields, keys };
    let mut relations: Vec<Relation> = non_empty(fields).collect();
    for (key, kind) in ON_STRUCTS {
        for entry in attrs.iter().filter(|entry| entry.key == *key) {
            relations.extend(all.on_struct(entry, *kind));
        }
    }
    for field in keys {
        for (key, kind) in ON_FIELDS {
            for entry in field.attrs.iter().filter(|entry| entry.key == *key) {
                relations.append(&mut all.on_field(field.ident, entry, *kind));
            }
        }
    }
    relations
}

/// Returns the rules that a list or a map of groups has a group.
fn non_empty<'a>(fields: &'a [Field<'a>]) -> impl Iterator<Item = Relation> + 'a {
    let is_non_empty = |field: &Field<'_>| match &field.kind {
        Kind::Group(group) => matches!(
            group.count,
            Count::List { non_empty: true }
                | Count::Map {
                    non_empty: true,
                    ..
                }
        ),
        Kind::Var(_) => false,
    };
    let indices = (0..fields.len()).filter(move |index| is_non_empty(&fields[*index]));
    indices.map(|index| Relation {
        kind: RuleKind::AtLeastOneOf,
        members: vec![index],
    })
}

struct Struct<'a> {
    ctxt: &'a Ctxt,
    fields: &'a [Field<'a>],
    keys: &'a [OfField<'a>],
}

impl Struct<'_> {
    fn on_struct(&self, entry: &Entry, kind: RuleKind) -> Option<Relation> {
        let names = entry.value.fields()?;
        if names.len() < 2 {
            let key = entry.key.name();
            self.ctxt.error(
                &entry.ident,
                format_args!("`{key}` is a rule between fields; name two or more: `{key}(a, b)`"),
            );
        }
        let mut members = Vec::new();
        for name in names {
            let index = self.find(entry.key, name)?;
            if members.contains(&index) {
                self.ctxt
                    .error(name, format_args!("`{name}` is named twice; remove one"));
            }
            self.check(entry.key, kind, index, name);
            members.push(index);
        }
        Some(Relation { kind, members })
    }

    fn on_field(&self, field: &Ident, entry: &Entry, kind: RuleKind) -> Vec<Relation> {
        let Some(own) = self.fields.iter().position(|it| it.ident == field) else {
            return Vec::new();
        };
        let mut members = vec![own];
        let key = entry.key;
        if kind == RuleKind::AtMostOneOf {
            self.check(key, kind, own, &entry.ident);
        }
        for name in entry.value.fields().unwrap_or_default() {
            let Some(index) = self.find(key, name) else {
                continue;
            };
            if index == own {
                self.ctxt.error(
                    name,
                    format_args!("`{name}` is the field itself; name another"),
                );
                continue;
            }
            self.check(key, kind, index, name);
            members.push(index);
        }
        if kind == RuleKind::Requires {
            return vec![Relation { kind, members }];
        }
        let others = members[1..].iter();
        others
            .map(|other| Relation {
                kind,
                members: vec![own, *other],
            })
            .collect()
    }

    /// Returns the index of a field that reads variables.
    fn find(&self, key: Key, name: &Ident) -> Option<usize> {
        let text = name.unraw().to_string();
        let found = named(self.fields.iter().map(|it| it.ident), &text);
        if found.is_none() {
            let skipped = named(self.keys.iter().map(|it| it.ident), &text);
            report_unknown(self.ctxt, key, &text, name, skipped.is_some());
        }
        found
    }

    /// Reports a field that is always present.
    fn check(&self, key: Key, kind: RuleKind, index: usize, at: &Ident) {
        let presence = match &self.fields[index].kind {
            Kind::Var(var) => match var.presence {
                Presence::Required => Some("is always set"),
                Presence::Optional => None,
                // Beside a default, another field may be set.
                _ if kind == RuleKind::AtMostOneOf => None,
                _ => Some("has a default, so that it is always there"),
            },
            Kind::Group(group) => match group.count {
                Count::One => Some("is a group that is always there"),
                Count::Optional(Switch::Any | Switch::When(_) | Switch::Own(_))
                | Count::List { .. }
                | Count::Map { .. } => None,
            },
        };
        if let Some(presence) = presence {
            let ident = self.fields[index].ident.unraw();
            self.ctxt.error(
                at,
                format_args!(
                    "`{ident}` {presence}, and `{}` asks whether it is set; \
                     make it an `Option`, or remove it from the rule",
                    key.name()
                ),
            );
        }
    }
}

/// Returns the place of the field that a key names: `type` is `r#type`.
pub(super) fn named<'a>(idents: impl IntoIterator<Item = &'a Ident>, name: &str) -> Option<usize> {
    idents.into_iter().position(|ident| ident.unraw() == *name)
}

/// Reports a name that is none of the fields that a key may name.
pub(super) fn report_unknown(
    ctxt: &Ctxt,
    key: Key,
    name: &str,
    at: impl ToTokens,
    is_skipped: bool,
) {
    let key = key.name();
    if is_skipped {
        ctxt.error(
            at,
            format_args!("`{name}` reads no variable, so that `{key}` cannot name it"),
        );
    } else {
        ctxt.error(
            at,
            format_args!("no field `{name}` is in this struct; `{key}` names a field"),
        );
    }
}
