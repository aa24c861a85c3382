//! What type parameters must be able to do.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Generics, Type, WherePredicate};

use crate::ast::{Field, Kind};

/// A bound for the type of each field that names a parameter.
pub(super) fn of_fields(generics: &Generics, fields: &[Field<'_>]) -> Vec<WherePredicate> {
    let bound = |field: &Field<'_>| -> Option<WherePredicate> {
        match &field.kind {
            Kind::Var(var) if var.parse.is_none() && names_parameter(generics, var.ty) => {
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
