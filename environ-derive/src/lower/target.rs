//! Reads the parts of a type that every implementation needs, the fallback too.

use quote::quote;
use syn::DeriveInput;

use super::deprecated::is_deprecated;
use crate::attr::{Attrs, Key, Value};
use crate::model::Target;

pub(super) fn target<'a>(attrs: &Attrs, node: &'a DeriveInput) -> Target<'a> {
    let krate = attrs.value(Key::Crate, Value::tokens).cloned();
    Target {
        ident: &node.ident,
        generics: &node.generics,
        krate: krate.unwrap_or_else(|| quote!(::environ)),
        is_deprecated: is_deprecated(node),
    }
}
