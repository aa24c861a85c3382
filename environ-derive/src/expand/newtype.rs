//! Expands the implementation of `EnvValue` for a struct around a single value.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::GenericParam;

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
    let (built, member) = if let Some(field) = field {
        (quote!(Self { #field: #value }), quote!(#field))
    } else {
        (quote!(Self(#value)), quote!(0))
    };
    let (impl_generics, ty_generics, where_clause) = target.generics.split_for_impl();
    let own: Vec<_> = where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .collect();
    let parameters: Vec<_> = target.generics.params.iter().map(without_default).collect();
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

            #[automatically_derived]
            #allow
            impl #impl_generics __environ::Inside<#ty> for #ident #ty_generics
            where
                #(#own,)*
            {
                fn inside(&self) -> &#ty {
                    &self.#member
                }
            }

            #[automatically_derived]
            #allow
            impl<#(#parameters,)* __E, __Via> __environ::Ranged<__E, __environ::Within<__Via>>
                for #ident #ty_generics
            where
                #(#own,)*
                #ty: __environ::Ranged<__E, __Via>,
            {
                fn ranged(&self) -> &__E {
                    __environ::Ranged::ranged(&self.#member)
                }
            }

            #[automatically_derived]
            #allow
            impl<#(#parameters,)* const __UNIT: __environ::usize> __environ::InUnit<__UNIT>
                for #ident #ty_generics
            where
                #(#own,)*
                #ty: __environ::InUnit<__UNIT>,
            {
                const FORM: __environ::Form = <#ty as __environ::InUnit<__UNIT>>::FORM;
                fn in_unit(
                    #text: &mut __environ::Text<'_>,
                ) -> __environ::Result<Self, __environ::Invalid> {
                    <#ty as __environ::InUnit<__UNIT>>::in_unit(#text).map(|#value| #built)
                }
            }
        },
    )
}

/// Returns a parameter as an implementation declares it.
fn without_default(parameter: &GenericParam) -> TokenStream {
    match parameter {
        GenericParam::Lifetime(lifetime) => quote!(#lifetime),
        GenericParam::Type(ty) => {
            let (ident, bounds) = (&ty.ident, &ty.bounds);
            quote!(#ident: #bounds)
        }
        GenericParam::Const(constant) => {
            let (ident, ty) = (&constant.ident, &constant.ty);
            quote!(const #ident: #ty)
        }
    }
}
