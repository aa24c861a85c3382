//! Expands the implementation of `EnvValue` for a struct around a single value.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::tokens::{allow_deprecated, in_scope, local, probe};
use crate::model::Newtype;

pub(crate) fn newtype(input: &Newtype<'_>) -> TokenStream {
    let Newtype {
        target,
        ty,
        spelled,
        field,
    } = input;
    let ident = target.ident;
    let (text, value) = (
        local("text", Span::call_site()),
        local("value", Span::call_site()),
    );
    let (form, texts, read) = (probe(ty, "FORM"), probe(ty, "TEXTS"), probe(ty, "read"));
    let built = if let Some(field) = field {
        quote!(Self { #field: #value })
    } else {
        quote!(Self(#value))
    };
    let (impl_generics, ty_generics, where_clause) = target.generics.split_for_impl();
    let own = where_clause.iter().flat_map(|clause| &clause.predicates);
    let is_generic = target.generics.type_params().next().is_some();
    let bound = is_generic.then(|| quote!(#ty: __environ::EnvValue,));
    let allow = allow_deprecated(target);
    in_scope(
        target,
        &quote! {
            #[automatically_derived]
            #allow
            impl #impl_generics __environ::EnvValue for #ident #ty_generics
            where
                #(#own,)*
                #bound
            {
                const FORM: __environ::Form = #form.or_spelled(#spelled);
                const TEXTS: __environ::Texts = #texts;
                fn from_text(
                    #text: &mut __environ::Text<'_>,
                ) -> __environ::Result<Self, __environ::Invalid> {
                    #read(#text).map(|#value| #built)
                }
            }
        },
    )
}
