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
use syn::DeriveInput;

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

fn derive(input: TokenStream, stages: fn(&DeriveInput) -> TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(node) => stages(&node),
        Err(err) => err.to_compile_error(),
    }
}

fn env_config(node: &DeriveInput) -> TokenStream {
    let ctxt = Ctxt::new();
    let input = lower::input(&ctxt, node);
    match ctxt.check() {
        Ok(()) => expand::input(&input),
        Err(mistakes) => rejected(&mistakes, &input.target, "EnvConfig"),
    }
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
    match ctxt.check() {
        Ok(()) => expand::words(&words),
        Err(mistakes) => rejected(&mistakes, &words.target, "EnvValue"),
    }
}

/// Returns all mistakes, and an implementation that does nothing. Code that uses the
/// type compiles with it, so the mistakes are the only errors.
fn rejected(mistakes: &syn::Error, target: &Target<'_>, to: &str) -> TokenStream {
    let mut tokens = mistakes.to_compile_error();
    tokens.extend(expand::fallback(target, to));
    tokens
}
