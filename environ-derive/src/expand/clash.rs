//! Decides whether the compiler must compare the names of a type, and expands the
//! comparison. Skipping it where nothing can clash shortens builds.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::tokens::allow_deprecated;
use crate::model::{Body, Input, Kind};

/// The end of a variable's name that names a file.
const FILE: &str = "_FILE";

pub(super) fn assert_unique(input: &Input<'_>) -> Option<TokenStream> {
    let ident = input.target.ident;
    let allow = allow_deprecated(&input.target);
    may_clash(&input.body).then(|| {
        quote_spanned!(ident.span()=>
            #allow
            const _: () = __environ::assert_unique_in_group::<#ident>();
        )
    })
}

/// Returns whether two names of different spelling may be equal. Only the compiler knows
/// the names in a group, and which types are secret and may stand in a file. Most types
/// have no groups.
fn may_clash(body: &Body<'_>) -> bool {
    let Body::Struct {
        fields, removed, ..
    } = body
    else {
        return true;
    };
    if !removed.is_empty() {
        return true;
    }
    let mut names = Vec::new();
    for field in fields {
        match &field.kind {
            Kind::Var(var) => {
                names.push(var.name.text());
                let others = var.aliases.iter().chain(&var.deprecated);
                names.extend(others.map(String::as_str));
            }
            Kind::Group(_) => return true,
        }
    }
    let is_file_of_another = |name: &&str| {
        let other = name.strip_suffix(FILE);
        other.is_some_and(|other| names.contains(&other))
    };
    names.iter().any(is_file_of_another)
}
