//! What a type's spelling says.
//!
//! A macro sees tokens, not types: an alias of `Option` is not recognised here,
//! and a type of the user's that is called `Option` is taken for the standard
//! one. So only what decides which call is generated is looked at: an `Option`,
//! a `Secret`, and what holds several groups. Everything else is decided by
//! traits, when the types are known; or, where a function reads the value, by
//! whether a `Secret` is named.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

use crate::model::Count;

/// `T` of `Option<T>`.
pub(crate) fn option(ty: &Type) -> Option<&Type> {
    wrapped(ty, "Option")
}

/// `T` of `Secret<T>`.
pub(crate) fn secret(ty: &Type) -> Option<&Type> {
    wrapped(ty, "Secret")
}

/// Whether a type that hides its value is named anywhere in it.
pub(crate) fn names_secret(ty: &Type) -> bool {
    fn names(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => {
                ident == "Secret" || ident == "SecretBox" || ident == "SecretString"
            }
            TokenTree::Group(group) => names(group.stream()),
            _ => false,
        })
    }
    names(ty.to_token_stream())
}

/// The config type in the type of a group's field, and how many of it there are.
pub(crate) fn groups(ty: &Type) -> (Count, &Type) {
    let arguments = arguments(ty);
    match (
        arguments.as_ref().map(|(name, types)| (&**name, &**types)),
        ty,
    ) {
        (Some(("Option", [inner])), _) => (Count::Optional, inner),
        (Some(("Vec", [inner])), _) => (Count::List, inner),
        (Some(("HashMap" | "BTreeMap", [_, inner, ..])), _) => (Count::Map, inner),
        (_, ty) => (Count::One, ty),
    }
}

/// The key of a map of groups, where its spelling says that it is no `String`.
pub(crate) fn odd_key(ty: &Type) -> Option<&Type> {
    let (_, types) = arguments(ty).filter(|(name, _)| name == "HashMap" || name == "BTreeMap")?;
    let key = *types.first()?;
    let is_odd = match key {
        Type::Path(path) => ODD_KEYS.iter().any(|odd| path.path.is_ident(odd)),
        Type::Reference(_) | Type::Tuple(_) | Type::Array(_) => true,
        _ => false,
    };
    is_odd.then_some(key)
}

const ODD_KEYS: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "bool",
    "char", "OsString", "PathBuf",
];

fn wrapped<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    match arguments(ty) {
        Some((name, types)) if name == wrapper && types.len() == 1 => Some(types[0]),
        _ => None,
    }
}

/// `Name` and `T`, `U` of `path::to::Name<T, U>`.
fn arguments(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let path = match ty {
        // What a `macro_rules!` passed on as `$ty:ty`.
        Type::Group(group) => return arguments(&group.elem),
        Type::Paren(paren) => return arguments(&paren.elem),
        Type::Path(path) => path,
        _ => return None,
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some((last.ident.to_string(), types.collect()))
}

/// The type as a person would write it: `Vec<u16>`, not `Vec < u16 >`.
pub(crate) fn spelled(ty: &Type) -> String {
    let tokens = quote::quote!(#ty).to_string();
    let mut text = String::with_capacity(tokens.len());
    for token in tokens.split(' ') {
        let after_word = text.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let before_word = token.starts_with(|first: char| first.is_alphanumeric() || first == '_');
        if (after_word && before_word) || text.ends_with([',', ';']) {
            text.push(' ');
        }
        text.push_str(token);
    }
    text
}
