//! What type parameters must be able to do.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Generics, Type, WherePredicate};

use crate::ast::{Choice, Field, Kind, Reader};

/// A bound for the type of each field that names a parameter.
pub(super) fn of_fields(generics: &Generics, fields: &[Field<'_>]) -> Vec<WherePredicate> {
    let bound = |field: &Field<'_>| -> Option<WherePredicate> {
        match &field.kind {
            Kind::Var(var)
                if matches!(var.reader, Reader::Type) && names_parameter(generics, var.ty) =>
            {
                let ty = var.ty;
                Some(syn::parse_quote!(#ty: __environ::EnvValue))
            }
            Kind::Group(group) if names_parameter(generics, group.ty) => {
                let ty = group.ty;
                Some(syn::parse_quote!(#ty: __environ::EnvConfig))
            }
            _ => None,
        }
    };
    fields.iter().filter_map(bound).collect()
}

/// The same for the type that each variant holds.
pub(super) fn of_choices(generics: &Generics, choices: &[Choice<'_>]) -> Vec<WherePredicate> {
    let configs = choices.iter().filter_map(|choice| choice.config);
    let named = configs.filter(|ty| names_parameter(generics, ty));
    named
        .map(|ty| syn::parse_quote!(#ty: __environ::EnvConfig))
        .collect()
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

pub(super) fn added(generics: &Generics, bounds: &[WherePredicate]) -> Generics {
    let mut generics = generics.clone();
    if !bounds.is_empty() {
        let clause = generics.make_where_clause();
        clause.predicates.extend(bounds.iter().cloned());
    }
    generics
}
