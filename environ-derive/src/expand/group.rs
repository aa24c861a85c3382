//! Expands a group: its entry in the table, and the call that loads it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::tokens::of_config;
use crate::model::{Count, Group, Segment};

pub(super) fn item(field: &Ident, group: &Group<'_>) -> TokenStream {
    let field = field.unraw().to_string();
    let spec = of_config(group.ty, "SPEC");
    let new = match &group.segment {
        Segment::Field(segment) => quote!(group(#field, #segment, #spec)),
        Segment::Fixed(segment) => quote!(group_at(#field, #segment, #spec)),
        Segment::Flatten => quote!(group_at(#field, "", #spec)),
    };
    let count = match group.count {
        Count::One => None,
        Count::Optional => Some(quote!(.optional())),
        Count::List { .. } => Some(quote!(.list())),
        Count::Map { .. } => Some(quote!(.map())),
    };
    quote!(__environ::Item::#new #count)
}

/// The call that loads the group at `index` of the table.
pub(super) fn call(pass: &Ident, index: usize, group: &Group<'_>) -> TokenStream {
    let (spec, load) = (of_config(group.ty, "SPEC"), of_config(group.ty, "load"));
    match group.count {
        Count::One => quote!(#pass.group(#index, #spec, #load)),
        Count::Optional => quote!(#pass.optional_group(#index, #spec, #load)),
        Count::List { non_empty } => quote!(#pass.groups(#index, #spec, #load, #non_empty)),
        Count::Map { non_empty } => quote!(#pass.group_map(#index, #spec, #load, #non_empty)),
    }
}
