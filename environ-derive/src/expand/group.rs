//! Expands a group: its entry in the table, and the call that loads it.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, ToTokens};
use syn::ext::IdentExt;

use super::tokens::{at, doc, of_config};
use crate::model::{Count, Group, Segment, Switch};

pub(super) fn item(field: &Ident, index: usize, group: &Group<'_>) -> TokenStream {
    let field = field.unraw().to_string();
    let spec = spec(index, group);
    let doc = doc(&group.doc);
    let new = match &group.segment {
        Segment::Field(segment) => quote!(group(#field, #segment, #spec)),
        Segment::Fixed(segment) => quote!(group_at(#field, #segment, #spec)),
        Segment::Flatten => quote!(group_at(#field, "", #spec)),
    };
    let count = match &group.count {
        // A group beside its switch is always there.
        Count::One | Count::Optional(Switch::Own(_)) => None,
        Count::Optional(Switch::When(field)) => {
            let item = quote!(__environ::Item::#new.when(#field) #doc);
            // The compiler rejects the name of another field where it evaluates the table.
            return at(field.span(), item);
        }
        Count::Optional(Switch::Any) => Some(quote!(.optional())),
        Count::List { .. } => Some(quote!(.list())),
        Count::Map { .. } => Some(quote!(.map())),
    };
    quote!(__environ::Item::#new #count #doc)
}

/// The table of the group: that of its type, or a constant beside the implementation.
fn spec(index: usize, group: &Group<'_>) -> TokenStream {
    if changes(group) {
        changed_spec(index).into_token_stream()
    } else {
        of_config(group.ty, "SPEC")
    }
}

/// Returns whether the field changes the table of its type.
fn changes(group: &Group<'_>) -> bool {
    group.selector.is_some()
        || !group.defaults.is_empty()
        || matches!(group.count, Count::Optional(Switch::Own(_)))
}

fn changed_spec(index: usize) -> Ident {
    format_ident!("__SPEC{index}")
}

/// The constant with the table of the group, if the field changes the table.
pub(super) fn constant(
    index: usize,
    group: &Group<'_>,
    allow: Option<&TokenStream>,
) -> Option<TokenStream> {
    if !changes(group) {
        return None;
    }
    let name = changed_spec(index);
    let mut spec = of_config(group.ty, "SPEC");
    let mut changes = TokenStream::new();
    if let Some(segment) = &group.selector {
        changes.extend(at(segment.span(), quote!(.selector(#segment))));
    }
    for (field, text) in &group.defaults {
        changes.extend(at(text.span(), quote!(.default(__SPEC, #field, #text))));
    }
    if !changes.is_empty() {
        // The compiler rejects a change where it evaluates the items.
        let span = group.selector.as_ref().map(Literal::span);
        let span = span.or(group.defaults.first().map(|(_, text)| text.span()));
        let items = quote! {
            const __ITEMS: [__environ::Item; __SPEC.number_of_items()] =
                __environ::Items::of(__SPEC) #changes .0;
        };
        let items = at(span.unwrap_or_else(Span::call_site), items);
        spec = quote!({
            const __SPEC: &__environ::Spec = #spec;
            #items
            &__SPEC.with_items(&__ITEMS)
        });
    }
    if let Count::Optional(Switch::Own(segment)) = &group.count {
        spec = quote!({
            const __INNER: &__environ::Spec = #spec;
            &__INNER.switched(&[
                __environ::Item::switch(#segment),
                __environ::Item::switched(__INNER),
            ])
        });
    }
    Some(quote! {
        #allow
        const #name: &__environ::Spec = #spec;
    })
}

/// The call that loads the group at `index` of the table.
pub(super) fn call(pass: &Ident, index: usize, group: &Group<'_>) -> TokenStream {
    let (spec, load) = (spec(index, group), of_config(group.ty, "load"));
    match &group.count {
        Count::One => quote!(#pass.group(#index, #spec, #load)),
        Count::Optional(Switch::Any) => quote!(#pass.optional_group(#index, #spec, #load)),
        Count::Optional(Switch::When(_)) => quote!(#pass.group_when(#index, #spec, #load)),
        Count::Optional(Switch::Own(_)) => quote!(#pass.switched_group(#index, #spec, #load)),
        Count::List { .. } => quote!(#pass.groups(#index, #spec, #load)),
        // The compiler rejects a key of another type where it stands.
        Count::Map { key, .. } => quote!(#pass.group_map::<#key, _, _>(#index, #spec, #load)),
    }
}
