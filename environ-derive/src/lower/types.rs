//! Reads the spelling of a type.
//!
//! A macro sees tokens, not types: an alias of `Option` stays unknown here, and a
//! user's own type with the name `Option` passes for the standard type. So the spelling
//! decides only on the generated call: `Option`, `Secret`, and the types that hold
//! several groups. Traits decide everything else, because the compiler knows the types.
//! A function of the user's may read a type without any trait; then the type is secret
//! if its spelling names a `Secret`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, GenericParam, Generics, PathArguments, PathSegment, Type};

/// Returns `T` of `Option<T>`.
pub(super) fn option(ty: &Type) -> Option<&Type> {
    wrapped(ty, "Option")
}

/// Returns `T` of `Live<T>`.
pub(super) fn live(ty: &Type) -> Option<&Type> {
    wrapped(ty, "Live")
}

/// Returns the type without a `Live` around it, as a variable is read.
pub(super) fn unlived(ty: &Type) -> &Type {
    live(ty).unwrap_or(ty)
}

/// Returns `T` of `Secret<T>`.
pub(super) fn secret(ty: &Type) -> Option<&Type> {
    wrapped(ty, "Secret")
}

/// Returns the type inside all pointers and secrets around it.
pub(super) fn innermost(ty: &Type) -> &Type {
    let wrappers = ["Secret", "SecretBox", "Box", "Rc", "Arc"];
    let inner = wrappers.iter().find_map(|wrapper| wrapped(ty, wrapper));
    inner.map_or(ty, innermost)
}

fn wrapped<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    match arguments(ty) {
        Some((name, types)) if name == wrapper && types.len() == 1 => Some(types[0]),
        _ => None,
    }
}

/// Returns whether the type names, at any depth, a type that hides its value.
pub(super) fn names_secret(ty: &Type) -> bool {
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

/// Returns whether the type names, at any depth, the type that is called `ident`.
pub(super) fn names(ty: &Type, ident: &Ident) -> bool {
    match ty {
        Type::Group(group) => names(&group.elem, ident),
        Type::Paren(paren) => names(&paren.elem, ident),
        Type::Path(path) => {
            let path = &path.path;
            let own = |segment: &PathSegment| segment.ident == "Self" || segment.ident == *ident;
            let is_own = path.segments.len() == 1 && path.segments.first().is_some_and(own);
            let inner = path.segments.last().map(|last| &last.arguments);
            is_own
                || match inner {
                    Some(PathArguments::AngleBracketed(arguments)) => {
                        arguments.args.iter().any(|argument| match argument {
                            GenericArgument::Type(ty) => names(ty, ident),
                            _ => false,
                        })
                    }
                    _ => false,
                }
        }
        _ => false,
    }
}

/// Returns the first parameter that the type names, at any depth: `T`, `N` or `'a`.
pub(super) fn first_parameter(ty: &Type, generics: &Generics) -> Option<String> {
    let mut named = Vec::new();
    name_all(ty.to_token_stream(), &mut named);
    let mut parameters = generics.params.iter().map(|parameter| match parameter {
        GenericParam::Type(ty) => ty.ident.to_string(),
        GenericParam::Const(constant) => constant.ident.to_string(),
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_string(),
    });
    parameters.find(|name| named.contains(name))
}

/// Adds all names and lifetimes among the tokens, but for the parts of a path after the first.
fn name_all(tokens: TokenStream, named: &mut Vec<String>) {
    let (mut before, mut is_lifetime) = (' ', false);
    for token in tokens {
        match &token {
            TokenTree::Ident(ident) if is_lifetime => named.push(format!("'{ident}")),
            TokenTree::Ident(ident) if before != ':' => named.push(ident.to_string()),
            TokenTree::Group(group) => name_all(group.stream(), named),
            _ => {}
        }
        before = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        is_lifetime = before == '\'';
    }
}

/// The type of a group's field, taken apart into the config type and the type around it.
pub(super) enum Groups<'a> {
    One(&'a Type),
    Option(&'a Type),
    Vec(&'a Type),
    Map { key: &'a Type, group: &'a Type },
}

pub(super) fn groups(ty: &Type) -> Groups<'_> {
    let Some((name, types)) = arguments(ty) else {
        return Groups::One(ty);
    };
    match (&*name, &*types) {
        ("Option", [group]) => Groups::Option(group),
        ("Vec", [group]) => Groups::Vec(group),
        ("HashMap" | "BTreeMap", [key, group, ..]) => Groups::Map { key, group },
        _ => Groups::One(ty),
    }
}

/// Returns the type in a type of the standard library that cannot hold groups, and what can, of
/// groups of a type `G`.
pub(super) fn no_groups(ty: &Type) -> Option<(&Type, &'static str)> {
    let (name, types) = arguments(ty)?;
    let [inner] = *types else {
        return None;
    };
    match &*name {
        "VecDeque" | "LinkedList" | "HashSet" | "BTreeSet" => Some((inner, "Vec<G>")),
        "Arc" | "Rc" => Some((inner, "G` or `Box<G>")),
        _ => None,
    }
}

/// Returns whether a type is spelled like `bool`, with or without a path.
pub(super) fn is_bool(ty: &Type) -> bool {
    spelled(ty).rsplit("::").next() == Some("bool")
}

/// Returns whether the spelling of a type rules out `String`.
pub(super) fn is_no_string(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => NO_STRINGS.iter().any(|name| path.path.is_ident(name)),
        Type::Reference(_) | Type::Tuple(_) | Type::Array(_) => true,
        _ => false,
    }
}

const NO_STRINGS: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "bool",
    "char", "OsString", "PathBuf",
];

/// Returns `Name` and `T`, `U` of `path::to::Name<T, U>`.
fn arguments(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let path = match ty {
        // A `$ty:ty` of `macro_rules!` arrives as a group.
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

/// Returns the type as a person writes it: `Vec<u16>`, not `Vec < u16 >`.
pub(super) fn spelled(ty: &Type) -> String {
    let tokens = ty.to_token_stream().to_string();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut text = String::with_capacity(tokens.len());
    for token in tokens.split(' ') {
        let is_between_words = text.ends_with(is_word) && token.starts_with(is_word);
        if is_between_words || text.ends_with([',', ';']) {
            text.push(' ');
        }
        text.push_str(token);
    }
    text
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
    use syn::{parse_quote, Type};

    use super::{groups, is_no_string, names, names_secret, option, secret, spelled, Groups};

    fn in_option(ty: &Type) -> Option<String> {
        option(ty).map(spelled)
    }

    /// Returns a type as a `$ty:ty` of `macro_rules!` arrives.
    fn passed_on(ty: &str) -> Type {
        let tokens: TokenStream = ty.parse().unwrap();
        let group = TokenTree::Group(Group::new(Delimiter::None, tokens));
        syn::parse2(group.into()).unwrap()
    }

    #[test]
    fn an_option_is_known_by_its_last_segment() {
        let full = parse_quote!(std::option::Option<u16>);
        for ty in [parse_quote!(Option<u16>), full] {
            assert_eq!(in_option(&ty).as_deref(), Some("u16"));
        }
        let array = parse_quote!([Option<u16>; 2]);
        for ty in [parse_quote!(Option), parse_quote!(Vec<u16>), array] {
            assert_eq!(in_option(&ty), None);
        }
    }

    #[test]
    fn a_type_that_a_macro_passed_on_is_taken_apart_too() {
        let ty = passed_on("Option<u16>");
        assert!(matches!(ty, Type::Group(_)));
        assert_eq!(in_option(&ty).as_deref(), Some("u16"));
        assert_eq!(
            in_option(&parse_quote!((Option<u16>))).as_deref(),
            Some("u16")
        );
    }

    #[test]
    fn a_type_is_named_by_its_ident_or_as_self_inside_other_types_too() {
        let node = parse_quote!(Node);
        for ty in [
            "Node",
            "Self",
            "(Node)",
            "Option<Box<Node>>",
            "Map<u8, (Self)>",
        ] {
            assert!(names(&passed_on(ty), &node), "{ty}");
            assert!(names(&syn::parse_str(ty).unwrap(), &node), "{ty}");
        }
        // A type of that name in another module is another type.
        for ty in [
            "Other",
            "tree::Node",
            "Node::Leaf",
            "Box<Other>",
            "[Node; 2]",
        ] {
            assert!(!names(&syn::parse_str(ty).unwrap(), &node), "{ty}");
        }
    }

    #[test]
    fn a_secret_is_named_at_any_depth() {
        assert!(secret(&parse_quote!(environ::Secret<String>)).is_some());
        assert!(secret(&parse_quote!(Vec<Secret<String>>)).is_none());
        assert!(names_secret(&parse_quote!(Vec<(u8, Secret<String>)>)));
        assert!(names_secret(&parse_quote!(secrecy::SecretString)));
        assert!(!names_secret(&parse_quote!(Vec<Secretary>)));
    }

    #[test]
    fn groups_are_counted_by_the_type_around_them() {
        let count = |ty: &str| {
            let ty: Type = syn::parse_str(ty).unwrap();
            match groups(&ty) {
                Groups::One(ty) => ("one", spelled(ty)),
                Groups::Option(ty) => ("option", spelled(ty)),
                Groups::Vec(ty) => ("vec", spelled(ty)),
                Groups::Map { group, .. } => ("map", spelled(group)),
            }
        };
        assert_eq!(count("Log"), ("one", "Log".to_owned()));
        assert_eq!(count("Wrapper<Log>"), ("one", "Wrapper<Log>".to_owned()));
        assert_eq!(count("Option<Log>"), ("option", "Log".to_owned()));
        assert_eq!(count("Vec<Log>"), ("vec", "Log".to_owned()));
        assert_eq!(
            count("HashMap<String, Log, Hasher>"),
            ("map", "Log".to_owned())
        );
    }

    #[test]
    fn an_unknown_type_may_be_a_string() {
        assert!(is_no_string(&parse_quote!(u16)));
        assert!(is_no_string(&parse_quote!(&'static str)));
        assert!(!is_no_string(&parse_quote!(String)));
        assert!(!is_no_string(&parse_quote!(Key)));
    }

    #[test]
    fn a_type_is_spelled_as_a_person_writes_it() {
        for ty in [
            "u16",
            "Vec<u16>",
            "std::collections::BTreeMap<String, Vec<u16>>",
            "[u8; 4]",
            "(u8, String)",
            "Box<dyn Check>",
        ] {
            let parsed: Type = syn::parse_str(ty).unwrap();
            assert_eq!(spelled(&parsed), ty);
        }
    }
}
