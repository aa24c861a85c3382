//! Expands the implementation of `EnvValue`.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::tokens::{allow_deprecated, in_scope, local};
use crate::model::{Word, Words};

pub(crate) fn words(input: &Words<'_>) -> TokenStream {
    let Words { target, words } = input;
    let ident = target.ident;
    let text = local("text", Span::call_site());
    let allow = allow_deprecated(target);
    let (impl_generics, ty_generics, where_clause) = target.generics.split_for_impl();
    let main = words.iter().map(|word| &word.main);
    let aliases = aliases(words.iter());
    let all = words.iter().map(|word| {
        let words = word.all();
        quote!(&[#(#words),*])
    });
    let arms = words.iter().enumerate().map(|(index, word)| {
        let variant = word.ident;
        quote!(__environ::Ok(#index) => __environ::Ok(Self::#variant),)
    });
    in_scope(
        target,
        &quote! {
            #[automatically_derived]
            #allow
            impl #impl_generics __environ::EnvValue for #ident #ty_generics #where_clause {
                const FORM: __environ::Form = __environ::Form::words(&[#(#main),*]) #aliases;
                const TEXTS: __environ::Texts = __environ::Texts::Words(&[#(#all),*]);
                fn from_text(
                    #text: &mut __environ::Text<'_>,
                ) -> __environ::Result<Self, __environ::Invalid> {
                    match #text.word(<Self as __environ::EnvValue>::TEXTS.words()) {
                        #(#arms)*
                        __environ::Ok(_) => __environ::Err(__environ::Invalid::word()),
                        __environ::Err(invalid) => __environ::Err(invalid),
                    }
                }
            }
        },
    )
}

/// Returns the words that are read too, each with the main word of its variant.
pub(super) fn aliases<'w>(words: impl Iterator<Item = &'w Word<'w>>) -> Option<TokenStream> {
    let pairs = words.flat_map(|Word { main, aliases, .. }| {
        aliases.iter().map(move |alias| quote!((#alias, #main)))
    });
    let pairs: Vec<TokenStream> = pairs.collect();
    (!pairs.is_empty()).then(|| quote!(.word_aliases(&[#(#pairs),*])))
}
