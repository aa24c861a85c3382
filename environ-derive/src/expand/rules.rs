//! Expands the rules between the fields of a struct, and the variables that are no longer
//! read: entries of the table that are no fields, and the calls that check them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::{Relation, Removed};

pub(super) struct Rules<'a> {
    pub(super) relations: &'a [Relation],
    pub(super) removed: &'a [Removed],
}

impl Rules<'_> {
    pub(super) fn items(&self) -> Vec<TokenStream> {
        let relations = self.relations.iter().map(|relation| {
            let kind = Ident::new(&format!("{:?}", relation.kind), Span::call_site());
            let members = &relation.members;
            quote!(__environ::Item::rule(__environ::RuleKind::#kind, &[#(#members),*]))
        });
        let removed = self.removed.iter().map(|removed| {
            let Removed { name, remedy } = removed;
            quote!(__environ::Item::removed(#name, #remedy))
        });
        relations.chain(removed).collect()
    }

    /// The call that warns of removed variables.
    pub(super) fn warning(&self, pass: &Ident) -> Option<TokenStream> {
        (!self.removed.is_empty()).then(|| quote!(#pass.warn_of_removed();))
    }

    /// The call that checks the rules, if there are any. It comes after the calls that read
    /// the fields, so that the problems of the fields come first.
    pub(super) fn check(&self, pass: &Ident) -> Option<TokenStream> {
        (!self.relations.is_empty()).then(|| quote!(#pass.keeps_rules()))
    }
}
