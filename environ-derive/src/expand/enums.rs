//! The variants of a one-of group: a variable that selects, and a group each.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::structs::whole;
use super::{doc, local, of_config};
use crate::model::{Choice, Input};

pub(super) fn items(input: &Input<'_>, choices: &[Choice<'_>]) -> Vec<TokenStream> {
    let words = choices.iter().map(|choice| &choice.words[0]);
    let default = choices.iter().find(|choice| choice.default).map(|choice| {
        let word = &choice.words[0];
        quote!(.default(#word))
    });
    let doc = doc(&input.doc);
    let mut items = vec![quote!(__environ::Item::selector(&[#(#words),*]) #default #doc)];
    items.extend(choices.iter().filter_map(|choice| {
        let (word, segment) = (&choice.words[0], &choice.segment);
        let spec = of_config(choice.config?, "SPEC");
        Some(quote!(__environ::Item::variant(#word, #segment, #spec)))
    }));
    items
}

pub(super) fn load(choices: &[Choice<'_>], validate: &[TokenStream]) -> TokenStream {
    let pass = local("pass", Span::call_site());
    let words = choices.iter().map(|choice| {
        let words = &choice.words;
        quote!(&[#(#words),*])
    });
    let mut group = 0_usize;
    let arms = choices.iter().enumerate().map(|(index, choice)| {
        let ident = choice.ident;
        match choice.config {
            None => quote!(__environ::Some(#index) => __environ::Some(Self::#ident),),
            Some(ty) => {
                group += 1;
                let (spec, load) = (of_config(ty, "SPEC"), of_config(ty, "load"));
                let variant = quote!(#pass.variant(#group, #spec, #load));
                quote!(__environ::Some(#index) => #variant.map(Self::#ident),)
            }
        }
    });
    let chosen = quote! {
        match #pass.select(&[#(#words),*]) {
            #(#arms)*
            _ => __environ::None,
        }
    };
    let value = if validate.is_empty() {
        chosen
    } else {
        let value = local("value", Span::call_site());
        let whole = whole(&pass, &quote!(#value), validate);
        quote! {
            match #chosen {
                __environ::Some(#value) => #whole,
                __environ::None => __environ::None,
            }
        }
    };
    quote! {
        fn load(#pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> { #value }
    }
}
