//! What type parameters must be able to do.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Generics, Type, TypeParamBound};

use crate::model::{Choice, Field, Kind, Reader};

/// A bound for the type of each field that names a parameter.
pub(super) fn of_fields(generics: &Generics, fields: &[Field<'_>]) -> Vec<TokenStream> {
    let bound = |field: &Field<'_>| match &field.kind {
        Kind::Var(var) if matches!(var.reader, Reader::Type) => bound(generics, var.ty, "EnvValue"),
        Kind::Group(group) => bound(generics, group.ty, "EnvConfig"),
        _ => None,
    };
    fields.iter().filter_map(bound).collect()
}

/// The same for the type that each variant holds.
pub(super) fn of_choices(generics: &Generics, choices: &[Choice<'_>]) -> Vec<TokenStream> {
    let configs = choices.iter().filter_map(|choice| choice.config);
    let bound = |ty| bound(generics, ty, "EnvConfig");
    configs.filter_map(bound).collect()
}

fn bound(generics: &Generics, ty: &Type, to: &str) -> Option<TokenStream> {
    if !names_parameter(generics, ty) || has_bound(generics, ty, to) {
        return None;
    }
    let to = Ident::new(to, Span::call_site());
    Some(quote!(#ty: __environ::#to))
}

/// Whether it is a parameter with that bound already, which is linted when it is said
/// twice.
fn has_bound(generics: &Generics, ty: &Type, to: &str) -> bool {
    let Type::Path(ty) = ty else {
        return false;
    };
    generics.type_params().any(|parameter| {
        let mut bounds = parameter.bounds.iter();
        ty.path.is_ident(&parameter.ident)
            && bounds.any(|bound| match bound {
                TypeParamBound::Trait(bound) => bound
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == to),
                _ => false,
            })
    })
}

fn names_parameter(generics: &Generics, ty: &Type) -> bool {
    fn names(generics: &Generics, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => generics
                .type_params()
                .any(|parameter| parameter.ident == ident),
            TokenTree::Group(group) => names(generics, group.stream()),
            _ => false,
        })
    }
    names(generics, quote!(#ty))
}

/// What the type itself requires, and `bounds`.
pub(super) fn where_clause(generics: &Generics, bounds: &[TokenStream]) -> TokenStream {
    let own = generics.where_clause.iter();
    let own: Vec<_> = own.flat_map(|clause| &clause.predicates).collect();
    if own.is_empty() && bounds.is_empty() {
        return TokenStream::new();
    }
    quote!(where #(#own,)* #(#bounds,)*)
}
