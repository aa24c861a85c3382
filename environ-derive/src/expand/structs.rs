//! Expands the fields of a struct: an entry of the table and a call for each.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::rules::Rules;
use super::tokens::{local, of_default};
use super::{checks, group, var};
use crate::model::{Argument, Computed, Field, Kind, Skipped};

pub(super) fn items(fields: &[Field<'_>]) -> Vec<TokenStream> {
    let items = fields
        .iter()
        .enumerate()
        .map(|(index, field)| match &field.kind {
            Kind::Var(var) => var::item(field.ident, var),
            Kind::Group(group) => group::item(field.ident, index, group),
        });
    items.collect()
}

pub(super) fn load(
    fields: &[Field<'_>],
    skipped: &[Skipped<'_>],
    rules: &Rules<'_>,
    validate: &[TokenStream],
) -> TokenStream {
    let pass = local("pass", Span::call_site());
    let warning = rules.warning(&pass);
    // Numbered, because a local with the name of a field could hide a user's function.
    let field = |index| local(&format!("field{index}"), Span::call_site());
    let locals: Vec<_> = (0..fields.len()).map(field).collect();
    let calls = fields
        .iter()
        .enumerate()
        .map(|(index, field)| match &field.kind {
            Kind::Var(var) => var::call(&pass, index, var, &locals),
            Kind::Group(group) => group::call(&pass, index, group),
        });
    let idents = fields.iter().map(|field| field.ident);
    let value = value(&locals, idents, skipped);
    let value = checks::whole(&pass, &value, validate);
    if locals.is_empty() {
        let pass = if validate.is_empty() && warning.is_none() {
            quote!(_)
        } else {
            quote!(#pass)
        };
        return quote! {
            fn load(#pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
                #warning
                #value
            }
        };
    }
    let keeps_rules = local("keeps_rules", Span::call_site());
    let check = rules.check(&pass);
    let check = check.map(|check| quote!(let #keeps_rules = #check;));
    let guard = check.is_some().then(|| quote!(if #keeps_rules));
    quote! {
        fn load(#pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            #(let #locals = #calls;)*
            #warning
            #check
            match (#(#locals,)*) {
                (#(__environ::Some(#locals),)*) #guard => #value,
                _ => __environ::None,
            }
        }
    }
}

/// The value of the struct. Computed fields come first, in their order, so that a field may
/// depend on another.
fn value<'a>(
    locals: &[Ident],
    idents: impl Iterator<Item = &'a Ident>,
    skipped: &[Skipped<'_>],
) -> TokenStream {
    let names = skipped.iter().map(|field| field.ident);
    let of_skipped = |index| local(&format!("skipped{index}"), Span::call_site());
    let values = skipped.iter().map(|field| match &field.computed {
        None => {
            let default = of_default(field.ty);
            quote!(#default())
        }
        Some(Computed { path, arguments }) => {
            let arguments = arguments.iter().map(|argument| match argument {
                Argument::Field(index) => locals[*index].clone(),
                Argument::Skipped(index) => of_skipped(*index),
            });
            quote!(#path(#(&#arguments),*))
        }
    });
    if skipped.iter().all(|field| field.computed.is_none()) {
        return quote!(Self { #(#idents: #locals,)* #(#names: #values,)* });
    }
    let computed: Vec<Ident> = (0..skipped.len()).map(of_skipped).collect();
    quote!({
        #(let #computed = #values;)*
        Self { #(#idents: #locals,)* #(#names: #computed,)* }
    })
}

/// The constants with the tables of groups that a field changes.
pub(super) fn specs(fields: &[Field<'_>], allow: Option<&TokenStream>) -> TokenStream {
    let specs = fields.iter().enumerate();
    let specs = specs.filter_map(|(index, field)| match &field.kind {
        Kind::Var(_) => None,
        Kind::Group(group) => group::constant(index, group, allow),
    });
    specs.collect()
}

/// The constants that check the literals of all fields.
pub(super) fn literals(fields: &[Field<'_>], allow: Option<&TokenStream>) -> TokenStream {
    let literals = fields.iter().filter_map(|field| match &field.kind {
        Kind::Var(var) => Some(var::literals(var, allow)),
        Kind::Group(_) => None,
    });
    literals.collect()
}
