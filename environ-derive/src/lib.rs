//! The derive macros of `environ`. Use them from there: what they generate
//! calls functions of that crate, and their manual is there too.

mod attr;
mod ctxt;
mod expand;
mod lower;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span, TokenStream};
use syn::DeriveInput;

use crate::ctxt::Ctxt;
use crate::lower::words::Words;
use crate::model::Input;

/// Derives `environ::EnvConfig` for a struct, or for an enum: a one-of group.
#[proc_macro_derive(EnvConfig, attributes(env))]
pub fn derive_env_config(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into(), "EnvConfig", env_config).into()
}

/// Derives `environ::EnvValue` for an enum of words.
#[proc_macro_derive(EnvValue, attributes(env))]
pub fn derive_env_value(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into(), "EnvValue", env_value).into()
}

fn env_config(ctxt: &Ctxt, node: &DeriveInput) -> TokenStream {
    expand::config(&Input::from_syn(ctxt, node))
}

fn env_value(ctxt: &Ctxt, node: &DeriveInput) -> TokenStream {
    expand::value(&Words::from_syn(ctxt, node))
}

/// All mistakes of the input, or the expansion. Beside the mistakes stands an
/// implementation that does nothing, so that they are the only errors.
fn derive(
    input: TokenStream,
    of: &str,
    stages: fn(&Ctxt, &DeriveInput) -> TokenStream,
) -> TokenStream {
    let node = match syn::parse2(input) {
        Ok(node) => node,
        Err(error) => return error.to_compile_error(),
    };
    let ctxt = Ctxt::new();
    let expansion = stages(&ctxt, &node);
    match ctxt.check() {
        Ok(()) => expansion,
        Err(error) => {
            let mut tokens = error.to_compile_error();
            tokens.extend(expand::fallback(&node, &Ident::new(of, Span::call_site())));
            tokens
        }
    }
}
