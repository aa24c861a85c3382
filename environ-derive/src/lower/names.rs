//! What may be part of a variable's name.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::LitStr;

use crate::ctxt::Ctxt;

/// The segment that a field adds: its name in upper case, without `r#`.
pub(crate) fn of_field(ctxt: &Ctxt, ident: &Ident) -> String {
    let name = ident.unraw().to_string();
    if !name.is_ascii() {
        ctxt.error(
            ident,
            format_args!(
                "`{name}` has letters that a variable's name cannot have; \
                 add `#[env(name = \"...\")]`"
            ),
        );
    }
    name.to_uppercase()
}

/// A name that is used as it is written.
pub(crate) fn as_written(ctxt: &Ctxt, text: &LitStr) -> String {
    let name = text.value();
    let odd = |letter: char| !letter.is_ascii_alphanumeric() && !"_.-".contains(letter);
    if name.is_empty() {
        ctxt.error(text, "a variable's name must not be empty");
    } else if name.starts_with(|first: char| first.is_ascii_digit()) {
        ctxt.error(text, "a variable's name must not begin with a digit");
    } else if let Some(letter) = name.chars().find(|letter| odd(*letter)) {
        ctxt.error(
            text,
            format_args!("{letter:?} cannot be part of a variable's name; use A-Z, 0-9 and `_`"),
        );
    }
    name
}

/// A prefix: upper case, without the `_` that joins it to what follows.
pub(crate) fn prefix(ctxt: &Ctxt, text: &LitStr) -> String {
    let prefix = text.value();
    let odd = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    if prefix.ends_with('_') {
        ctxt.error(
            text,
            format_args!(
                "the `_` after a prefix is added; write `{}`",
                prefix.trim_end_matches('_')
            ),
        );
    } else if prefix.starts_with(|first: char| first.is_ascii_digit()) {
        ctxt.error(text, "a prefix must not begin with a digit");
    } else if let Some(letter) = prefix.chars().find(|letter| odd(*letter)) {
        ctxt.error(
            text,
            format_args!("{letter:?} cannot be part of a prefix; use A-Z, 0-9 and `_`"),
        );
    }
    prefix.to_uppercase()
}
