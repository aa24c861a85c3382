//! The variants of a one-of group.

use proc_macro2::Ident;
use syn::{DataEnum, Fields};

use crate::attr::{Attrs, Key, Place, Value};
use crate::ctxt::Ctxt;
use crate::lower::types;
use crate::lower::words::{self, Case};
use crate::model::Choice;

pub(crate) fn choices<'a>(ctxt: &Ctxt, data: &'a DataEnum, case: Case) -> Vec<Choice<'a>> {
    let choices: Vec<_> = data
        .variants
        .iter()
        .map(|node| choice(ctxt, case, node))
        .collect();
    words::check_unique(
        ctxt,
        choices.iter().map(|choice| (choice.ident, &*choice.words)),
    );
    let mut defaults = choices.iter().filter(|choice| choice.default);
    if let (Some(first), Some(second)) = (defaults.next(), defaults.next()) {
        ctxt.error(
            second.ident,
            format_args!(
                "`{}` is the default already; remove one `default`",
                first.ident
            ),
        );
    }
    choices
}

fn choice<'a>(ctxt: &Ctxt, case: Case, node: &'a syn::Variant) -> Choice<'a> {
    let attrs = Attrs::parse(ctxt, Place::Choice, &node.attrs);
    let config = match &node.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = &fields.unnamed[0];
            refuse_attributes(ctxt, field);
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
    };
    if let Some(entry) = attrs.find(Key::Default) {
        if !matches!(entry.value, Value::Flag) {
            ctxt.error(
                &entry.ident,
                "`default` on a variant takes no value; write `default` alone",
            );
        }
    }
    let words = words::of_variant(ctxt, case, &node.ident, &attrs);
    Choice {
        ident: &node.ident,
        segment: segment(ctxt, &node.ident, &words[0]),
        words,
        config,
        default: attrs.has(Key::Default),
    }
}

/// Reports every `#[env(...)]` on what a variant holds.
fn refuse_attributes(ctxt: &Ctxt, field: &syn::Field) {
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

/// The word as a part of a name.
fn segment(ctxt: &Ctxt, ident: &Ident, word: &str) -> String {
    if !word.is_ascii() {
        ctxt.error(
            ident,
            format_args!("{word:?} cannot be part of a variable's name; use A-Z, 0-9 and `-`"),
        );
    }
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    word.chars().map(letter).collect::<String>().to_uppercase()
}
