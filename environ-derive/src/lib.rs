//! The derive macros of `environ`. Use the macros through `environ`: generated code
//! calls functions of that crate, and the manual is on its re-exports.

mod attr;
mod ctxt;
mod expand;
mod lower;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput};

use crate::attr::Place;
use crate::ctxt::Ctxt;
use crate::model::Target;

/// Derives `environ::EnvConfig` for a struct, or for an enum: a one-of group.
#[proc_macro_derive(EnvConfig, attributes(env))]
pub fn derive_env_config(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into(), env_config).into()
}

/// Derives `environ::EnvValue` for an enum of words, or for a struct around a single value.
#[proc_macro_derive(EnvValue, attributes(env))]
pub fn derive_env_value(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into(), env_value).into()
}

/// Expands to the keys of `#[env(...)]` as modules with documentation, for editors. `environ`
/// calls it once, where rust-analyzer reads the code.
#[doc(hidden)]
#[proc_macro]
pub fn keys(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand::modules().into()
}

fn derive(input: TokenStream, stages: fn(&DeriveInput) -> TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(node) => stages(&node),
        Err(err) => err.to_compile_error(),
    }
}

fn env_config(node: &DeriveInput) -> TokenStream {
    let ctxt = Ctxt::new();
    let input = lower::input(&ctxt, node);
    let places = match &node.data {
        Data::Enum(_) => [Place::OneOf, Place::Choice],
        _ => [Place::Struct, Place::Field],
    };
    let mut tokens = expand::keys_of(node, &input.target, places);
    tokens.extend(match ctxt.check() {
        Ok(()) => expand::input(&input),
        Err(mistakes) => rejected(&mistakes, &input.target, "EnvConfig"),
    });
    tokens
}

fn env_value(node: &DeriveInput) -> TokenStream {
    let ctxt = Ctxt::new();
    if let Some(newtype) = lower::newtype(&ctxt, node) {
        return match ctxt.check() {
            Ok(()) => expand::newtype(&newtype),
            Err(mistakes) => rejected(&mistakes, &newtype.target, "EnvValue"),
        };
    }
    let words = lower::words(&ctxt, node);
    let mut tokens = expand::keys_of(node, &words.target, [Place::Words, Place::Word]);
    tokens.extend(match ctxt.check() {
        Ok(()) => expand::words(&words),
        Err(mistakes) => rejected(&mistakes, &words.target, "EnvValue"),
    });
    tokens
}

/// Returns all mistakes, and an implementation that does nothing. Code that uses the
/// type compiles with it, so the mistakes are the only errors.
fn rejected(mistakes: &syn::Error, target: &Target<'_>, to: &str) -> TokenStream {
    let mut tokens = mistakes.to_compile_error();
    tokens.extend(expand::fallback(target, to));
    tokens
}
