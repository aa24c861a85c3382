//! One field of a config struct: what its attributes mean together.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{LitStr, Type};

use crate::attr::{Attrs, Key, Place, Value};
use crate::ctxt::Ctxt;
use crate::lower::{doc, names, types};
use crate::model::{Checks, Count, Group, Kind, Name, Presence, Reader, Secrecy, Segment, Var};

/// Keys that mean something only beside another.
const NEEDS: &[(Key, Key, &str)] = &[
    (Key::Flatten, Key::Group, "write `#[env(group, flatten)]`"),
    (
        Key::Prefix,
        Key::Group,
        "write `#[env(group, prefix = \"...\")]`, or `name` for one variable",
    ),
    (Key::Plain, Key::Secret, "write `#[env(secret, plain)]`"),
    (
        Key::StoreAs,
        Key::Secret,
        "stores hold secrets only; for a variable's name write `name`",
    ),
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
    (
        Key::Separator,
        Key::Json,
        "JSON has its own; remove one of them",
    ),
    (
        Key::Separator,
        Key::Truthy,
        "a bool is no list; remove one of them",
    ),
    (Key::Truthy, Key::Parse, "remove one of them"),
    (Key::Json, Key::Parse, "remove one of them"),
    (Key::Json, Key::Truthy, "remove one of them"),
    (
        Key::File,
        Key::Secret,
        "a secret may stand in a file already; remove `file`",
    ),
];

pub(crate) fn kind<'a>(ctxt: &Ctxt, ident: &'a Ident, node: &'a syn::Field) -> Kind<'a> {
    let attrs = Attrs::parse(ctxt, Place::Field, &node.attrs);
    if let Some(inner) = types::option(&node.ty).filter(|inner| types::option(inner).is_some()) {
        ctxt.error(
            inner,
            "an absent `Option` cannot be told from an absent `Option` inside it; remove one",
        );
    }
    if attrs.has(Key::Skip) {
        refuse_beside(
            ctxt,
            &attrs,
            Key::Skip,
            &[],
            "a field that is skipped reads nothing",
        );
        return Kind::Skip(&node.ty);
    }
    let value = types::option(&node.ty).unwrap_or(&node.ty);
    let implied = types::secret(value).map(|_| Key::Secret);
    check_keys(ctxt, &attrs, implied);
    if attrs.has(Key::Group) {
        Kind::Group(group(ctxt, ident, &node.ty, &attrs))
    } else {
        Kind::Var(Box::new(var(ctxt, ident, node, &attrs)))
    }
}

/// Reports what is missing or contradictory. `implied` is a key that the type
/// says without words.
fn check_keys(ctxt: &Ctxt, attrs: &Attrs, implied: Option<Key>) {
    for (key, needed, remedy) in NEEDS {
        // The word that is needed may be the one that is misspelt.
        if attrs.has_mistakes() {
            break;
        }
        if implied == Some(*needed) {
            continue;
        }
        if let (Some(entry), None) = (attrs.find(*key), attrs.find(*needed)) {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` needs `{}`; {remedy}", key.name(), needed.name()),
            );
        }
    }
    for (key, other, remedy) in CONFLICTS {
        let is_there = attrs.has(*other) || implied == Some(*other);
        if let (Some(entry), true) = (attrs.find(*key), is_there) {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` contradicts `{}`; {remedy}", key.name(), other.name()),
            );
        }
    }
}

/// Reports every key but `key` and those of `allowed`.
fn refuse_beside(ctxt: &Ctxt, attrs: &Attrs, key: Key, allowed: &[Key], remedy: &str) {
    for entry in attrs.iter() {
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
    let (count, ty) = types::groups(field);
    let mut allowed = vec![Key::Flatten, Key::Prefix];
    if matches!(count, Count::List | Count::Map) {
        allowed.push(Key::NonEmpty);
        if let Some(flatten) = attrs.find(Key::Flatten) {
            ctxt.error(
                &flatten.ident,
                "several groups cannot share one path; remove `flatten`",
            );
        }
    }
    if let Some(key) = types::odd_key(field).filter(|_| count == Count::Map) {
        ctxt.error(
            key,
            "the groups of a map have names; the key must be `String`",
        );
    }
    if count == Count::Optional && types::groups(ty).0 != Count::One {
        ctxt.error(
            ty,
            "without a variable this is empty already; remove the `Option`",
        );
    }
    let remedy = format!("put it on the fields of `{}`", types::spelled(ty));
    refuse_beside(ctxt, attrs, Key::Group, &allowed, &remedy);
    Group {
        segment: segment(ctxt, ident, attrs),
        ty,
        count,
        non_empty: attrs.has(Key::NonEmpty),
    }
}

fn segment(ctxt: &Ctxt, ident: &Ident, attrs: &Attrs) -> Segment {
    match attrs.value(Key::Prefix, Value::text) {
        _ if attrs.has(Key::Flatten) => Segment::Flatten,
        Some(text) if text.value().is_empty() => {
            ctxt.error(
                text,
                "the prefix is empty; for no segment at all write `flatten`",
            );
            Segment::Flatten
        }
        Some(text) => Segment::Fixed(names::prefix(ctxt, text)),
        None => Segment::Field(names::of_field(ctxt, ident)),
    }
}

fn var<'a>(ctxt: &Ctxt, ident: &Ident, node: &'a syn::Field, attrs: &Attrs) -> Var<'a> {
    let inner = types::option(&node.ty);
    let ty = inner.unwrap_or(&node.ty);
    let names = |key| {
        attrs
            .values(key, Value::text)
            .map(|text| names::as_written(ctxt, text))
    };
    let separator = attrs.value(Key::Separator, Value::text);
    if let Some(text) = separator.filter(|text| text.value().is_empty()) {
        ctxt.error(text, "a separator must not be empty");
    }
    Var {
        name: match names(Key::Name).next() {
            Some(name) => Name::Full(name),
            None => Name::Segment(names::of_field(ctxt, ident)),
        },
        aliases: names(Key::Alias).collect(),
        deprecated: names(Key::Deprecated).collect(),
        ty,
        presence: presence(ctxt, attrs, inner.is_some()),
        allow_empty: attrs.has(Key::AllowEmpty),
        reader: reader(attrs),
        checks: Checks {
            non_empty: attrs.has(Key::NonEmpty),
            range: attrs.value(Key::Range, Value::tokens).cloned(),
            validate: attrs
                .values(Key::Validate, Value::tokens)
                .cloned()
                .collect(),
        },
        secrecy: secrecy(attrs, ty),
        store_key: attrs
            .value(Key::StoreAs, Value::text)
            .map(|text| store_key(ctxt, text)),
        file: attrs.has(Key::File),
        separator: separator.map(ToTokens::to_token_stream),
        example: attrs.value(Key::Example, Value::literal).cloned(),
        doc: match attrs.value(Key::Help, Value::text) {
            Some(help) => help.value(),
            None => doc::first_paragraph(&node.attrs),
        },
    }
}

fn reader(attrs: &Attrs) -> Reader {
    match attrs.value(Key::Parse, Value::tokens) {
        Some(path) => Reader::Parse(path.clone()),
        None if attrs.has(Key::Truthy) => Reader::Truthy,
        None if attrs.has(Key::Json) => Reader::Json,
        None => Reader::Type,
    }
}

/// The name of a file and of a field of a document, so it must be neither empty
/// nor a path.
fn store_key(ctxt: &Ctxt, text: &LitStr) -> String {
    let key = text.value();
    if key.is_empty() || key.starts_with('.') || key.contains(['/', '\\', '\0']) {
        ctxt.error(
            text,
            "a key must not be empty, begin with a dot, or be a path",
        );
    }
    key
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
            Value::Literal(text) => Presence::Default(text.clone()),
            Value::Tokens(path) => Presence::DefaultFn(path.clone()),
            Value::Flag | Value::Text(_) => Presence::DefaultValue,
        },
    }
}

fn secrecy(attrs: &Attrs, ty: &Type) -> Secrecy {
    if attrs.has(Key::Plain) {
        Secrecy::Plain
    } else if attrs.has(Key::Secret) || types::secret(ty).is_some() {
        Secrecy::Hidden
    } else {
        Secrecy::Public
    }
}
