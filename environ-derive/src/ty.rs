//! What a type's spelling says.
//!
//! A macro sees tokens, not types: an alias of `Option` is not recognised here,
//! and a type of the user's that is called `Option` is taken for the standard
//! one. Only two names are treated so. Everything else is decided by traits,
//! when the types are known.

use syn::{GenericArgument, PathArguments, Type};

/// `T` of `Option<T>`.
pub(crate) fn option(ty: &Type) -> Option<&Type> {
    wrapped(ty, "Option")
}

/// `T` of `Secret<T>`.
pub(crate) fn secret(ty: &Type) -> Option<&Type> {
    wrapped(ty, "Secret")
}

fn wrapped<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == wrapper && arguments.args.len() == 1 => {
            Some(inner)
        }
        _ => None,
    }
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
