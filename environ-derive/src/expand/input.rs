//! Expands the implementation of `EnvConfig`, and the constants beside it.

use proc_macro2::TokenStream;
use quote::quote;

use super::rules::Rules;
use super::tokens::{allow_deprecated, doc, in_scope};
use super::{bounds, clash, enums, structs};
use crate::model::{Body, Input, Kind, Presence};

pub(crate) fn input(input: &Input<'_>) -> TokenStream {
    let target = &input.target;
    let ident = target.ident;
    let name = ident.to_string();
    let prefix = input.prefix.as_ref().map(|prefix| quote!(.prefix(#prefix)));
    let delimiter = input.delimiter.as_ref().map(|it| {
        let (after_prefix, text) = (&it.after_prefix, &it.text);
        quote!(.delimiter(#after_prefix, #text))
    });
    let doc = doc(&input.doc);
    let (items, load) = match &input.body {
        Body::Struct {
            fields,
            skipped,
            relations,
            removed,
        } => {
            let rules = Rules { relations, removed };
            let mut items = structs::items(fields);
            items.extend(rules.items());
            let load = structs::load(fields, skipped, &rules, &input.validate);
            (items, load)
        }
        Body::OneOf { choices, default } => (
            enums::items(choices, default.as_deref(), &input.doc),
            enums::load(choices, &input.validate),
        ),
    };
    let (impl_generics, ty_generics, _) = target.generics.split_for_impl();
    let where_clause = bounds::where_clause(input);
    let allow = allow_deprecated(target);
    let constants = constants(input);
    let checked = has_composed_default(&input.body).then(|| quote!(.with_composed_defaults()));
    let specs = match &input.body {
        Body::Struct { fields, .. } => structs::specs(fields, allow.as_ref()),
        Body::OneOf { .. } => TokenStream::new(),
    };
    in_scope(
        target,
        &quote! {
            #specs
            #[automatically_derived]
            #allow
            impl #impl_generics __environ::EnvConfig for #ident #ty_generics #where_clause {
                const SPEC: &'static __environ::Spec =
                    &__environ::Spec::new(#name, &[#(#items,)*]) #checked #prefix #delimiter #doc;
                #load
            }
            #constants
        },
    )
}

/// Returns whether a default has the text of another field in it. Only the compiler knows
/// whether that field is a secret.
fn has_composed_default(body: &Body<'_>) -> bool {
    let Body::Struct { fields, .. } = body else {
        return false;
    };
    fields.iter().any(|field| match &field.kind {
        Kind::Var(var) => matches!(var.presence, Presence::DefaultFrom(_)),
        Kind::Group(_) => false,
    })
}

/// The checks of names and literals while compiling. A type with a parameter has none,
/// because its table is known only where the type is used.
fn constants(input: &Input<'_>) -> TokenStream {
    if !input.target.generics.params.is_empty() {
        return TokenStream::new();
    }
    let unique = clash::assert_unique(input);
    let allow = allow_deprecated(&input.target);
    let literals = match &input.body {
        Body::Struct { fields, .. } => structs::literals(fields, allow.as_ref()),
        Body::OneOf { .. } => TokenStream::new(),
    };
    quote!(#unique #literals)
}
