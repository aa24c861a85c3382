//! Expands the `where` clause: the traits that type parameters need.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Generics, Type, TypeParamBound};

use crate::model::{Body, Input, Kind, Reader};

/// Returns the type's own predicates, then `bound`, or else a bound for each type in
/// the body that names a parameter.
pub(super) fn where_clause(input: &Input<'_>) -> TokenStream {
    let generics = input.target.generics;
    let own = generics.where_clause.iter();
    let own: Vec<_> = own.flat_map(|clause| &clause.predicates).collect();
    let inferred = || inferred(generics, &input.body);
    let bounds = input.bound.clone().unwrap_or_else(inferred);
    if own.is_empty() && bounds.is_empty() {
        return TokenStream::new();
    }
    quote!(where #(#own,)* #(#bounds,)*)
}

fn inferred(generics: &Generics, body: &Body<'_>) -> Vec<TokenStream> {
    let bound = |(ty, to)| bound(generics, ty, to);
    match body {
        Body::Struct { fields, .. } => {
            let kinds = fields.iter().map(|field| &field.kind);
            kinds.filter_map(of_kind).filter_map(bound).collect()
        }
        Body::OneOf { choices, .. } => {
            let groups = choices.iter().filter_map(|choice| choice.group.as_ref());
            let types = groups.map(|group| (group.ty, "EnvConfig"));
            types.filter_map(bound).collect()
        }
    }
}

/// Returns the type of a field, and the trait that reads the type. A live value is shared
/// between threads, which the compiler tells at the field.
fn of_kind<'a>(kind: &Kind<'a>) -> Option<(&'a Type, &'static str)> {
    match kind {
        Kind::Var(var) => match var.reader {
            Reader::Type { .. } => Some((var.ty, "EnvValue")),
            _ => None,
        },
        Kind::Group(group) => Some((group.ty, "EnvConfig")),
    }
}

fn bound(generics: &Generics, ty: &Type, to: &str) -> Option<TokenStream> {
    if !names_parameter(generics, ty) || has_bound(generics, ty, to) {
        return None;
    }
    let to = Ident::new(to, Span::call_site());
    Some(quote!(#ty: __environ::#to))
}

/// Returns whether the type is a parameter that has the bound already. A lint reports a
/// bound that is there twice.
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
