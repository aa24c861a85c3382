//! Helps editors to complete and to explain the keys of `#[env(...)]`.
//!
//! An editor knows no key, because a derive macro only declares the attribute. So the keys of an
//! item are repeated in a call of a macro that is empty for the compiler. For rust-analyzer the
//! macro imports the keys from modules that are called like the keys, with their documentation:
//!
//! ```text
//! mod of_field { use ::environ::__keys::of_field::*; use self::{default as _, alias as _}; }
//! ```

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Meta};

use crate::attr::{Key, Place};
use crate::model::Target;

/// The page with a section for each key; the suite `documents` compares the two.
const PAGE: &str = "https://docs.rs/environ-config/latest/environ/guide/attributes/index.html";

/// Returns the call with the keys of an item: of the type itself, and of its fields or variants.
///
/// It stands before everything else, since rust-analyzer looks no further than an error.
pub(crate) fn keys_of(node: &DeriveInput, target: &Target<'_>, inner: [Place; 2]) -> TokenStream {
    let mut parts: Vec<Ident> = Vec::new();
    match &node.data {
        Data::Struct(data) => parts.extend(data.fields.iter().flat_map(|it| keys(&it.attrs))),
        Data::Enum(data) => parts.extend(data.variants.iter().flat_map(|it| keys(&it.attrs))),
        Data::Union(_) => {}
    }
    let own = keys(&node.attrs);
    if own.is_empty() && parts.is_empty() {
        return TokenStream::new();
    }
    let krate = &target.krate;
    let [outer, inner] = inner.map(|place| Ident::new(place.module(), Span::call_site()));
    quote! {
        #krate::__private::editor! { #outer { #(#own as _,)* } #inner { #(#parts as _,)* } }
    }
}

/// Returns the keys of an item: the first word after each comma. The attributes may be wrong,
/// and the last word is incomplete while a person writes it.
fn keys(attrs: &[Attribute]) -> Vec<Ident> {
    let mut keys = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("env")) {
        let Meta::List(list) = &attr.meta else {
            continue;
        };
        let mut is_first = true;
        for token in list.tokens.clone() {
            let is_comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
            if let (TokenTree::Ident(ident), true) = (token, is_first) {
                keys.extend((ident != "crate").then_some(ident));
            }
            is_first = is_comma;
        }
    }
    keys
}

/// Returns a module for each place, with a module for each key that may stand there.
pub(crate) fn modules() -> TokenStream {
    let places = Place::ALL.into_iter().map(|place| {
        let name = Ident::new(place.module(), Span::call_site());
        // `crate` is no name of a module.
        let keys = Key::of(place).filter(|(name, _)| *name != "crate");
        let keys = keys.map(|(name, doc)| {
            let doc = format!("{doc}.\n\n[Example]({PAGE}#{name})");
            let name = Ident::new(name, Span::call_site());
            quote!(#[doc = #doc] pub mod #name {})
        });
        quote!(pub mod #name { #(#keys)* })
    });
    places.collect()
}
