//! Finds out whether the implementation names something deprecated, which the compiler
//! warns of unless the implementation allows it.

use proc_macro2::TokenTree;
use syn::{Attribute, Data, DeriveInput, Fields, Meta, Path};

/// Returns whether the type, a field or a variant is deprecated, or has a lint
/// attribute for `deprecated` because its type is.
pub(super) fn is_deprecated(node: &DeriveInput) -> bool {
    let fields = |fields: &Fields| fields.iter().any(|field| names_deprecated(&field.attrs));
    names_deprecated(&node.attrs)
        || match &node.data {
            Data::Struct(data) => fields(&data.fields),
            Data::Enum(data) => data
                .variants
                .iter()
                .any(|variant| names_deprecated(&variant.attrs) || fields(&variant.fields)),
            Data::Union(_) => false,
        }
}

/// Returns whether `#[deprecated]`, `#[allow(deprecated)]` or the like is there.
fn names_deprecated(attributes: &[Attribute]) -> bool {
    let is_lint = |path: &Path| {
        ["allow", "expect", "warn"]
            .iter()
            .any(|lint| path.is_ident(lint))
    };
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if is_lint(&list.path) => list
            .tokens
            .clone()
            .into_iter()
            .any(|token| matches!(token, TokenTree::Ident(word) if word == "deprecated")),
        meta => meta.path().is_ident("deprecated"),
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::is_deprecated;

    #[test]
    fn a_deprecated_part_makes_the_type_deprecated() {
        assert!(is_deprecated(&parse_quote!(
            #[deprecated]
            struct A {
                a: u8,
            }
        )));
        assert!(is_deprecated(&parse_quote!(
            struct A {
                #[deprecated = "use b"]
                a: u8,
            }
        )));
        assert!(is_deprecated(&parse_quote!(
            enum A {
                #[deprecated(note = "use B")]
                A,
                B,
            }
        )));
        assert!(is_deprecated(&parse_quote!(
            enum A {
                A(#[allow(deprecated)] Old),
            }
        )));
        assert!(is_deprecated(&parse_quote!(
            struct A {
                #[expect(unused, deprecated)]
                a: u8,
            }
        )));
    }

    #[test]
    fn a_key_of_the_same_word_does_not() {
        assert!(!is_deprecated(&parse_quote!(
            struct A {
                #[env(deprecated = "OLD")]
                a: u8,
            }
        )));
        assert!(!is_deprecated(&parse_quote!(
            struct A {
                #[allow(unused)]
                a: u8,
            }
        )));
    }
}
