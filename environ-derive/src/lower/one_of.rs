//! Lowers the variants of a one-of group.

use syn::{DataEnum, Field, Fields, Type, Variant};

use super::case::Case;
use super::words::{check_unique, word};
use super::{doc, names, types};
use crate::attr::{Attrs, Key, Place, Value};
use crate::ctxt::Ctxt;
use crate::model::{Body, Choice, ChoiceGroup};

pub(super) fn one_of<'a>(ctxt: &Ctxt, case: Case, data: &'a DataEnum) -> Body<'a> {
    let (mut choices, mut defaults) = (Vec::new(), Vec::new());
    for node in &data.variants {
        let attrs = Attrs::parse(ctxt, Place::Choice, &node.attrs);
        let choice = choice(ctxt, case, node, &attrs);
        if attrs.has(Key::Default) {
            defaults.push((&node.ident, choice.word.main.clone()));
        }
        choices.push(choice);
    }
    check_unique(ctxt, choices.iter().map(|choice| &choice.word));
    if let [(first, _), (second, _), ..] = &*defaults {
        ctxt.error(
            second,
            format_args!("`{first}` is the default already; remove one `default`"),
        );
    }
    let default = defaults.into_iter().next().map(|(_, word)| word);
    Body::OneOf { choices, default }
}

fn choice<'a>(ctxt: &Ctxt, case: Case, node: &'a Variant, attrs: &Attrs) -> Choice<'a> {
    let config = config(ctxt, node);
    if let Some(entry) = attrs.find(Key::Default) {
        if !matches!(entry.value, Value::Flag) {
            ctxt.error(
                &entry.ident,
                "`default` on a variant takes no value; write `default` alone",
            );
        }
    }
    let word = word(ctxt, case, &node.ident, attrs);
    let is_flat = attrs.has(Key::Flatten);
    if let (Some(flatten), None) = (attrs.find(Key::Flatten), config) {
        ctxt.error(
            &flatten.ident,
            "`flatten` has no effect on a variant without a group; remove it",
        );
    }
    let group = config.map(|ty| ChoiceGroup {
        segment: (!is_flat).then(|| names::of_word(ctxt, &node.ident, &word.main)),
        ty,
        doc: doc::first_paragraph(&node.attrs),
    });
    Choice { word, group }
}

/// Returns the config type that the variant holds.
fn config<'a>(ctxt: &Ctxt, node: &'a Variant) -> Option<&'a Type> {
    match &node.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = &fields.unnamed[0];
            reject_attributes(ctxt, field);
            Some(&field.ty)
        }
        Fields::Unnamed(_) | Fields::Named(_) => {
            ctxt.error(
                &node.ident,
                format_args!(
                    "`{0}` must hold nothing or one config struct; \
                     write `{0}({0}Config)` and derive `EnvConfig` for that",
                    node.ident
                ),
            );
            None
        }
    }
}

/// Reports every `#[env(...)]` inside the parentheses of a variant.
fn reject_attributes(ctxt: &Ctxt, field: &Field) {
    let attributes = field.attrs.iter();
    for attribute in attributes.filter(|attribute| attribute.path().is_ident("env")) {
        ctxt.error(
            attribute,
            format_args!(
                "this has no effect here; put it on the variant, or on the fields of `{}`",
                types::spelled(&field.ty)
            ),
        );
    }
}
