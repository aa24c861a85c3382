//! One field of a config struct: what its attributes mean together.

use proc_macro2::Ident;
use syn::Type;

use crate::ast::{Group, Kind, Name, Presence, Secrecy, Segment, Var};
use crate::attr::{Attrs, Value};
use crate::ctxt::Ctxt;
use crate::key::{Key, Place};
use crate::{doc, name, ty};

/// Keys that mean something only beside another.
const NEEDS: &[(Key, Key, &str)] = &[
    (Key::Flatten, Key::Group, "write `#[env(group, flatten)]`"),
    (
        Key::Prefix,
        Key::Group,
        "write `#[env(group, prefix = \"...\")]`, or `name` for one variable",
    ),
    (Key::Plain, Key::Secret, "write `#[env(secret, plain)]`"),
];

/// Keys that contradict each other.
const CONFLICTS: &[(Key, Key, &str)] = &[
    (Key::DefaultFn, Key::Default, "remove one of them"),
    (
        Key::Prefix,
        Key::Flatten,
        "`flatten` adds no segment; remove one of them",
    ),
    (
        Key::Separator,
        Key::Parse,
        "`parse` is given the whole text; split it there",
    ),
];

pub(crate) fn kind<'a>(ctxt: &Ctxt, ident: &'a Ident, node: &'a syn::Field) -> Kind<'a> {
    let attrs = Attrs::parse(ctxt, Place::Field, &node.attrs);
    if let Some(inner) = ty::option(&node.ty).filter(|inner| ty::option(inner).is_some()) {
        ctxt.error(
            inner,
            "an absent `Option` cannot be told from an absent `Option` inside it; remove one",
        );
    }
    check_keys(ctxt, &attrs);
    if attrs.find(Key::Skip).is_some() {
        refuse_beside(
            ctxt,
            &attrs,
            Key::Skip,
            &[],
            "a field that is skipped reads nothing",
        );
        Kind::Skip
    } else if attrs.find(Key::Group).is_some() {
        Kind::Group(group(ctxt, ident, &node.ty, &attrs))
    } else {
        Kind::Var(Box::new(var(ctxt, ident, node, &attrs)))
    }
}

fn check_keys(ctxt: &Ctxt, attrs: &Attrs) {
    for (key, needed, remedy) in NEEDS {
        if let (Some(entry), None) = (attrs.find(*key), attrs.find(*needed)) {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` needs `{}`; {remedy}", key.name(), needed.name()),
            );
        }
    }
    for (key, other, remedy) in CONFLICTS {
        if let (Some(entry), Some(_)) = (attrs.find(*key), attrs.find(*other)) {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` contradicts `{}`; {remedy}", key.name(), other.name()),
            );
        }
    }
}

/// Reports every key but `key` and those of `allowed`.
fn refuse_beside(ctxt: &Ctxt, attrs: &Attrs, key: Key, allowed: &[Key], remedy: &str) {
    for entry in attrs.entries() {
        if entry.key != key && !allowed.contains(&entry.key) {
            ctxt.error(
                &entry.ident,
                format_args!(
                    "`{}` has no effect beside `{}`; {remedy}",
                    entry.key.name(),
                    key.name()
                ),
            );
        }
    }
}

fn group<'a>(ctxt: &Ctxt, ident: &Ident, field: &'a Type, attrs: &Attrs) -> Group<'a> {
    let inner = ty::option(field);
    let ty = inner.unwrap_or(field);
    let remedy = format!("put it on the fields of `{}`", ty::spelled(ty));
    refuse_beside(
        ctxt,
        attrs,
        Key::Group,
        &[Key::Flatten, Key::Prefix],
        &remedy,
    );
    let segment = match (attrs.find(Key::Flatten), attrs.text(Key::Prefix)) {
        (Some(_), _) => Segment::Flatten,
        (None, Some(text)) if text.value().is_empty() => {
            ctxt.error(
                text,
                "the prefix is empty; for no segment at all write `flatten`",
            );
            Segment::Flatten
        }
        (None, Some(text)) => Segment::Fixed(name::prefix(ctxt, text)),
        (None, None) => Segment::Field(name::of_field(ctxt, ident)),
    };
    Group {
        segment,
        ty,
        optional: inner.is_some(),
    }
}

fn var<'a>(ctxt: &Ctxt, ident: &Ident, node: &'a syn::Field, attrs: &Attrs) -> Var<'a> {
    let inner = ty::option(&node.ty);
    let ty = inner.unwrap_or(&node.ty);
    let name = match attrs.text(Key::Name) {
        Some(text) => Name::Full(name::as_written(ctxt, text)),
        None => Name::Segment(name::of_field(ctxt, ident)),
    };
    let aliases = attrs.texts(Key::Alias);
    let separator = attrs.text(Key::Separator);
    if let Some(text) = separator.filter(|text| text.value().is_empty()) {
        ctxt.error(text, "a separator must not be empty");
    }
    Var {
        name,
        aliases: aliases.map(|text| name::as_written(ctxt, text)).collect(),
        ty,
        presence: presence(ctxt, attrs, inner.is_some()),
        parse: attrs.path(Key::Parse).cloned(),
        validate: attrs.paths(Key::Validate).cloned().collect(),
        secrecy: secrecy(attrs, ty),
        separator: separator.cloned(),
        doc: match attrs.text(Key::Help) {
            Some(help) => help.value(),
            None => doc::first_paragraph(&node.attrs),
        },
    }
}

fn presence(ctxt: &Ctxt, attrs: &Attrs, option: bool) -> Presence {
    let default = attrs.find(Key::Default).or(attrs.find(Key::DefaultFn));
    match default {
        Some(entry) if option => {
            ctxt.error(
                &entry.ident,
                format_args!(
                    "`{}` has no effect on an `Option`; remove one of them",
                    entry.key.name()
                ),
            );
            Presence::Optional
        }
        None if option => Presence::Optional,
        None => Presence::Required,
        Some(entry) => match &entry.value {
            Value::Default(Some(text)) => Presence::Default(text.clone()),
            Value::Path(path) => Presence::DefaultFn(path.clone()),
            Value::Default(None) | Value::Flag | Value::Text(_) => Presence::DefaultValue,
        },
    }
}

fn secrecy(attrs: &Attrs, ty: &Type) -> Secrecy {
    if attrs.find(Key::Plain).is_some() {
        Secrecy::Plain
    } else if attrs.find(Key::Secret).is_some() || ty::secret(ty).is_some() {
        Secrecy::Hidden
    } else {
        Secrecy::Public
    }
}
