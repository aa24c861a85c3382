//! Expands the implementation that stands in after a mistake, so that code which uses
//! the type compiles and the mistakes are the only errors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::tokens::in_scope;
use crate::model::Target;

pub(crate) fn fallback(target: &Target<'_>, to: &str) -> TokenStream {
    let to = Ident::new(to, Span::call_site());
    let ident = target.ident;
    let (impl_generics, ty_generics, where_clause) = target.generics.split_for_impl();
    in_scope(
        target,
        &quote! {
            #[automatically_derived]
            impl #impl_generics __environ::#to for #ident #ty_generics #where_clause {
                __environ::fallback!(#to);
            }
        },
    )
}
