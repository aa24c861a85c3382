//! The words that an enum's variants are written as.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Generics};

use crate::attr::{Attrs, Key, Place, Value};
use crate::ctxt::Ctxt;
use crate::lower::deprecated::is_deprecated;

/// A type that derives `EnvValue`.
pub(crate) struct Words<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// Where `environ` is, if not at `::environ`.
    pub(crate) krate: Option<TokenStream>,
    /// Whether it, or a part of it, is said to be out of use.
    pub(crate) is_deprecated: bool,
    pub(crate) variants: Vec<(&'a Ident, Vec<String>)>,
}

impl<'a> Words<'a> {
    pub(crate) fn from_syn(ctxt: &Ctxt, node: &'a DeriveInput) -> Self {
        let attrs = Attrs::parse(ctxt, Place::Words, &node.attrs);
        let case = Case::of(ctxt, &attrs);
        let variants = match &node.data {
            Data::Enum(data) if !data.variants.is_empty() => data
                .variants
                .iter()
                .map(|variant| (&variant.ident, word(ctxt, case, variant)))
                .collect(),
            _ => {
                ctxt.error(
                    &node.ident,
                    "`EnvValue` is derived for enums of words; for another type implement `FromStr`",
                );
                Vec::new()
            }
        };
        check_unique(
            ctxt,
            variants.iter().map(|(ident, words)| (*ident, &**words)),
        );
        Self {
            ident: &node.ident,
            generics: &node.generics,
            krate: attrs.value(Key::Crate, Value::tokens).cloned(),
            is_deprecated: is_deprecated(node),
            variants,
        }
    }
}

fn word(ctxt: &Ctxt, case: Case, variant: &syn::Variant) -> Vec<String> {
    let attrs = Attrs::parse(ctxt, Place::Word, &variant.attrs);
    if !matches!(variant.fields, Fields::Unit) {
        ctxt.error(
            &variant.ident,
            format_args!(
                "a word cannot fill the fields of `{}`; remove them, \
                 or derive `EnvConfig` for a one-of group",
                variant.ident
            ),
        );
    }
    of_variant(ctxt, case, &variant.ident, &attrs)
}

/// A spelling of several words as one.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    name: &'static str,
    separator: &'static str,
    upper: bool,
}

/// Words are compared in any letter case, so `camelCase` and `PascalCase` would
/// be `lowercase`; what is upper case here is so in help and errors.
const CASES: &[Case] = &[
    case("kebab-case", "-", false),
    case("snake_case", "_", false),
    case("lowercase", "", false),
    case("SCREAMING_SNAKE_CASE", "_", true),
    case("UPPERCASE", "", true),
];

const fn case(name: &'static str, separator: &'static str, upper: bool) -> Case {
    Case {
        name,
        separator,
        upper,
    }
}

impl Case {
    /// What `rename_all` says, or `kebab-case`.
    pub(crate) fn of(ctxt: &Ctxt, attrs: &Attrs) -> Self {
        let Some(wanted) = attrs.value(Key::RenameAll, Value::text) else {
            return CASES[0];
        };
        let known = CASES.iter().find(|case| case.name == wanted.value());
        known.copied().unwrap_or_else(|| {
            let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
            ctxt.error(
                wanted,
                format_args!("unknown case; there are: {}", names.join(", ")),
            );
            CASES[0]
        })
    }

    fn spell(self, variant: &str) -> String {
        let words = split(variant).join(self.separator);
        if self.upper {
            words.to_uppercase()
        } else {
            words.to_lowercase()
        }
    }
}

/// `HttpProxy2` to `Http`, `Proxy2`; `HTTPProxy` to `HTTP`, `Proxy`.
fn split(variant: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = variant.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for i in 1..letters.len() {
        let (at, letter) = letters[i];
        let before = letters[i - 1].1;
        let after_is_lower = letters.get(i + 1).is_some_and(|next| next.1.is_lowercase());
        if letter.is_uppercase() && (!before.is_uppercase() || after_is_lower) {
            words.push(&variant[start..at]);
            start = at;
        }
    }
    words.push(&variant[start..]);
    words
}

/// The words of one variant, the one that is shown first.
pub(crate) fn of_variant(ctxt: &Ctxt, case: Case, ident: &Ident, attrs: &Attrs) -> Vec<String> {
    let main = match attrs.value(Key::Rename, Value::text) {
        Some(rename) => rename.value(),
        None => case.spell(&ident.unraw().to_string()),
    };
    let mut words = vec![main];
    words.extend(
        attrs
            .values(Key::Alias, Value::text)
            .map(syn::LitStr::value),
    );
    for text in attrs
        .values(Key::Rename, Value::text)
        .chain(attrs.values(Key::Alias, Value::text))
    {
        let word = text.value();
        if word.is_empty() || word.trim() != word {
            ctxt.error(
                text,
                "a word must not be empty, nor begin or end with a space",
            );
        }
    }
    words
}

/// Reports words that stand for two variants.
pub(crate) fn check_unique<'a>(
    ctxt: &Ctxt,
    variants: impl Iterator<Item = (&'a Ident, &'a [String])>,
) {
    let mut seen: Vec<(&Ident, &String)> = Vec::new();
    for (ident, words) in variants {
        for word in words {
            match seen.iter().find(|(_, old)| old.eq_ignore_ascii_case(word)) {
                Some((first, _)) => ctxt.error(
                    ident,
                    format_args!(
                        "`{word}` means `{first}` already; \
                         give one of them another word with `rename`"
                    ),
                ),
                None => seen.push((ident, word)),
            }
        }
    }
}
