//! Lowers the words of an enum's variants, for `EnvValue` and for one-of groups.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, LitStr, Variant};

use super::case::Case;
use super::target::target;
use crate::attr::{Attrs, Key, Place, Value};
use crate::ctxt::Ctxt;
use crate::model::{Word, Words};

/// Lowers an enum that derives `EnvValue`.
pub(crate) fn words<'a>(ctxt: &Ctxt, node: &'a DeriveInput) -> Words<'a> {
    let attrs = Attrs::parse(ctxt, Place::Words, &node.attrs);
    let case = Case::of(ctxt, &attrs);
    let words: Vec<_> = match &node.data {
        Data::Enum(data) if !data.variants.is_empty() => {
            let variants = data.variants.iter();
            variants.map(|node| unit(ctxt, case, node)).collect()
        }
        _ => {
            ctxt.error(
                &node.ident,
                "`EnvValue` is derived for enums of words, and for structs around a single value; \
                 for another type implement `FromStr`",
            );
            Vec::new()
        }
    };
    check_unique(ctxt, &words);
    Words {
        target: target(&attrs, node),
        words,
    }
}

fn unit<'a>(ctxt: &Ctxt, case: Case, node: &'a Variant) -> Word<'a> {
    let attrs = Attrs::parse(ctxt, Place::Word, &node.attrs);
    if !matches!(node.fields, Fields::Unit) {
        ctxt.error(
            &node.ident,
            format_args!(
                "a word cannot fill the fields of `{}`; remove them, \
                 or derive `EnvConfig` for a one-of group",
                node.ident
            ),
        );
    }
    word(ctxt, case, &node.ident, &attrs)
}

/// Lowers the words of any variant.
pub(super) fn word<'a>(ctxt: &Ctxt, case: Case, ident: &'a Ident, attrs: &Attrs) -> Word<'a> {
    let rename = attrs.value(Key::Rename, Value::text);
    let aliases = || attrs.values(Key::Alias, Value::text);
    for text in rename.into_iter().chain(aliases()) {
        check_word(ctxt, text);
    }
    Word {
        ident,
        main: match rename {
            Some(rename) => rename.value(),
            None => case.spell(&ident.unraw().to_string()),
        },
        aliases: aliases().map(LitStr::value).collect(),
    }
}

fn check_word(ctxt: &Ctxt, text: &LitStr) {
    let word = text.value();
    if word.is_empty() || word.trim() != word {
        ctxt.error(
            text,
            "a word must not be empty, nor begin or end with a space",
        );
    }
}

/// Returns whether a text may be either word: letter case and `_` for `-` do not matter.
fn is_same(one: &str, other: &str) -> bool {
    let folded = |word: &str| word.to_lowercase().replace('_', "-");
    folded(one) == folded(other)
}

/// Reports each word that means two variants.
pub(super) fn check_unique<'a>(ctxt: &Ctxt, words: impl IntoIterator<Item = &'a Word<'a>>) {
    let mut seen: Vec<(&Ident, &String)> = Vec::new();
    for variant in words {
        for word in variant.all() {
            match seen.iter().find(|(_, old)| is_same(old, word)) {
                Some((first, _)) => ctxt.error(
                    variant.ident,
                    format_args!(
                        "`{word}` means `{first}` already; \
                         give one of them another word with `rename`"
                    ),
                ),
                None => seen.push((variant.ident, word)),
            }
        }
    }
}
