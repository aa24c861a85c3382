//! Lowers a field whose type is a config type, or holds several.

use proc_macro2::{Ident, Literal};
use syn::ext::IdentExt;
use syn::{Field, LitStr, Type};

use super::types::Groups;
use super::{doc, names, rules, types};
use crate::attr::{Attrs, Key, Value};
use crate::ctxt::Ctxt;
use crate::model::{Count, Group, Segment, Switch};

pub(super) fn group<'a>(ctxt: &Ctxt, ident: &Ident, node: &'a Field, attrs: &Attrs) -> Group<'a> {
    let field = &node.ty;
    let non_empty = attrs.has(Key::NonEmpty);
    let (count, ty) = match types::groups(field) {
        Groups::One(ty) => (Count::One, ty),
        Groups::Option(ty) => (Count::Optional(switch(ctxt, attrs)), ty),
        Groups::Vec(ty) => (Count::List { non_empty }, ty),
        Groups::Map { key, group } => (Count::Map { key, non_empty }, group),
    };
    check_type(ctxt, field, attrs);
    check_holder(ctxt, ty);
    check_keys(ctxt, &count, ty, attrs);
    Group {
        segment: segment(ctxt, ident, attrs),
        ty,
        count,
        selector: attrs
            .value(Key::Selector, Value::text)
            .map(|text| of_variable(ctxt, text)),
        defaults: defaults(ctxt, attrs),
        doc: doc::first_paragraph(&node.attrs),
    }
}

fn defaults(ctxt: &Ctxt, attrs: &Attrs) -> Vec<(String, Literal)> {
    let pairs = attrs.find(Key::Defaults).and_then(|it| it.value.pairs());
    let mut defaults: Vec<(String, Literal)> = Vec::new();
    for (field, text) in pairs.unwrap_or_default() {
        let name = field.unraw().to_string();
        if defaults.iter().any(|(given, _)| *given == name) {
            ctxt.error(
                field,
                format_args!("`{name}` is given twice; remove one of them"),
            );
        }
        defaults.push((name, text.clone()));
    }
    defaults
}

fn switch(ctxt: &Ctxt, attrs: &Attrs) -> Switch {
    let text = |key| attrs.value(key, Value::text);
    match (text(Key::When), text(Key::Switch)) {
        (Some(field), _) => Switch::When(unraw(field)),
        (None, Some(segment)) => Switch::Own(of_variable(ctxt, segment)),
        (None, None) => Switch::Any,
    }
}

/// Returns the name of a field as the table has it: `type` for `r#type`.
fn unraw(field: &LitStr) -> Literal {
    let name = field.value();
    let mut literal = Literal::string(name.strip_prefix("r#").unwrap_or(&name));
    literal.set_span(field.span());
    literal
}

/// Returns the segment of a variable, in upper case, at the text.
fn of_variable(ctxt: &Ctxt, text: &LitStr) -> Literal {
    let segment = if names::is_empty(text) {
        ctxt.error(text, "the segment of a variable must not be empty");
        String::new()
    } else {
        names::prefix(ctxt, text)
    };
    let mut segment = Literal::string(&segment);
    segment.set_span(text.span());
    segment
}

fn check_type(ctxt: &Ctxt, field: &Type, attrs: &Attrs) {
    let groups = types::groups(field);
    if let (Groups::Vec(_) | Groups::Map { .. }, Some(flatten)) =
        (&groups, attrs.find(Key::Flatten))
    {
        ctxt.error(
            &flatten.ident,
            "several groups cannot share one path; remove `flatten`",
        );
    }
    match groups {
        Groups::Map { key, .. } if types::is_no_string(key) => ctxt.error(
            key,
            "the groups of a map have names; the key must be `String`",
        ),
        Groups::Option(inner) if !matches!(types::groups(inner), Groups::One(_)) => ctxt.error(
            inner,
            "without a variable this is empty already; remove the `Option`",
        ),
        _ => {}
    }
}

/// Reports a type of the standard library around the type of the group that holds no groups.
fn check_holder(ctxt: &Ctxt, ty: &Type) {
    if let Some((group, remedy)) = types::no_groups(ty) {
        let (holder, group) = (types::spelled(ty), types::spelled(group));
        let remedy = remedy.replace('G', &group);
        ctxt.error(
            ty,
            format_args!("`{holder}` cannot be a group or hold groups; write `{remedy}`"),
        );
    }
}

fn check_keys(ctxt: &Ctxt, count: &Count<'_>, ty: &Type, attrs: &Attrs) {
    for key in [Key::When, Key::Switch] {
        let entry = attrs.find(key);
        if let Some(entry) = entry.filter(|_| !matches!(count, Count::Optional(_))) {
            ctxt.error(
                &entry.ident,
                format_args!(
                    "`{}` switches a group on, and this group is never off; \
                     write `Option<{}>`",
                    key.name(),
                    types::spelled(ty)
                ),
            );
        }
    }
    let allowed: &[Key] = match count {
        Count::One | Count::Optional(_) => &[
            Key::Flatten,
            Key::Prefix,
            Key::Conflicts,
            Key::Defaults,
            Key::Requires,
            Key::Selector,
            Key::Switch,
            Key::When,
        ],
        Count::List { .. } | Count::Map { .. } => &[
            Key::Flatten,
            Key::Prefix,
            Key::NonEmpty,
            Key::Conflicts,
            Key::Defaults,
            Key::Requires,
            Key::Selector,
            Key::Switch,
            Key::When,
        ],
    };
    let remedy = format!("put it on the fields of `{}`", types::spelled(ty));
    rules::reject_beside(ctxt, attrs, Key::Group, allowed, &remedy);
}

fn segment(ctxt: &Ctxt, ident: &Ident, attrs: &Attrs) -> Segment {
    match attrs.value(Key::Prefix, Value::text) {
        _ if attrs.has(Key::Flatten) => Segment::Flatten,
        Some(text) if names::is_empty(text) => {
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
