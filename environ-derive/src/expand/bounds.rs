//! What type parameters must be able to do.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Generics, Type};

use crate::ast::{Choice, Field, Kind, Reader};

/// A bound for the type of each field that names a parameter.
pub(super) fn of_fields(generics: &Generics, fields: &[Field<'_>]) -> Vec<TokenStream> {
    let bound = |field: &Field<'_>| -> Option<TokenStream> {
        match &field.kind {
            Kind::Var(var)
                if matches!(var.reader, Reader::Type) && names_parameter(generics, var.ty) =>
            {
                let ty = var.ty;
                Some(quote!(#ty: __environ::EnvValue))
            }
            Kind::Group(group) if names_parameter(generics, group.ty) => {
                let ty = group.ty;
                Some(quote!(#ty: __environ::EnvConfig))
            }
            _ => None,
        }
    };
    fields.iter().filter_map(bound).collect()
}

/// The same for the type that each variant holds.
pub(super) fn of_choices(generics: &Generics, choices: &[Choice<'_>]) -> Vec<TokenStream> {
    let configs = choices.iter().filter_map(|choice| choice.config);
    let named = configs.filter(|ty| names_parameter(generics, ty));
    named.map(|ty| quote!(#ty: __environ::EnvConfig)).collect()
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
