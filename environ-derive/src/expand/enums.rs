//! Expands the variants of a one-of group: a variable that selects, and a group each.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::checks::whole;
use super::tokens::{doc, local, of_config};
use super::words::aliases;
use crate::model::Choice;

pub(super) fn items(choices: &[Choice<'_>], default: Option<&str>, text: &str) -> Vec<TokenStream> {
    let words = choices.iter().map(|choice| &choice.word.main);
    let aliases = aliases(choices.iter().map(|choice| &choice.word));
    let default = default.map(|word| quote!(.default(#word)));
    let about = doc(text);
    let form = quote!(__environ::Form::words(&[#(#words),*]) #aliases);
    let mut items = vec![quote!(__environ::Item::selector(&#form) #default #about)];
    items.extend(choices.iter().filter_map(|choice| {
        let group = choice.group.as_ref()?;
        let word = &choice.word.main;
        let spec = of_config(group.ty, "SPEC");
        let heading = doc(&group.doc);
        Some(if let Some(segment) = &group.segment {
            quote!(__environ::Item::variant(#word, #segment, #spec) #heading)
        } else {
            quote!(__environ::Item::flat_variant(#word, #spec) #heading)
        })
    }));
    items
}

pub(super) fn load(choices: &[Choice<'_>], validate: &[TokenStream]) -> TokenStream {
    let pass = local("pass", Span::call_site());
    let words = choices.iter().map(|choice| {
        let words = choice.word.all();
        quote!(&[#(#words),*])
    });
    let arms = arms(&pass, choices);
    let selected = quote! {
        match #pass.select(&[#(#words),*]) {
            #(#arms)*
            _ => __environ::None,
        }
    };
    let value = if validate.is_empty() {
        selected
    } else {
        let value = local("value", Span::call_site());
        let whole = whole(&pass, &quote!(#value), validate);
        quote! {
            match #selected {
                __environ::Some(#value) => #whole,
                __environ::None => __environ::None,
            }
        }
    };
    quote! {
        fn load(#pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> { #value }
    }
}

/// An arm for each variant. The selector is the first item of the table, the groups
/// follow.
fn arms(pass: &Ident, choices: &[Choice<'_>]) -> Vec<TokenStream> {
    let mut item = 0_usize;
    let arms = choices.iter().enumerate().map(|(index, choice)| {
        let ident = choice.word.ident;
        match &choice.group {
            None => quote!(__environ::Some(#index) => __environ::Some(Self::#ident),),
            Some(group) => {
                item += 1;
                let (spec, load) = (of_config(group.ty, "SPEC"), of_config(group.ty, "load"));
                let variant = quote!(#pass.variant(#item, #spec, #load));
                quote!(__environ::Some(#index) => #variant.map(Self::#ident),)
            }
        }
    });
    arms.collect()
}
