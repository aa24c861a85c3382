//! Expands the checks of a value: the user's functions, a range, and `non_empty`.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::tokens::local;
use crate::model::{Range, Var};

/// Returns the function that turns a text into a value of the variable.
pub(super) type Read = fn(&Var<'_>) -> TokenStream;

/// The checks of a variable's value.
pub(super) fn of_var(var: &Var<'_>, read: Read) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    if var.checks.non_empty {
        let ty = var.ty;
        checks.push(quote_spanned!(ty.span()=> __environ::non_empty::<#ty, _>));
    }
    if let Some(range) = &var.checks.range {
        let span = range.tokens.span();
        let (bounds, value) = (bounds(var, range, read), local("value", span));
        checks.push(quote_spanned!(span=> |#value| #bounds.check(#value)));
    }
    if let Some(range) = &var.checks.len {
        let (length, value) = (length(var, range), local("value", range.span()));
        checks.push(quote_spanned!(range.span()=> |#value| #length.check(#value)));
    }
    checks.extend(var.checks.validate.iter().map(because));
    checks
}

/// The range of a variable's value. Ends that are texts are read by `read`.
pub(super) fn bounds(var: &Var<'_>, range: &Range, read: Read) -> TokenStream {
    let (ty, tokens) = (var.ty, &range.tokens);
    if range.texts.is_empty() {
        return quote_spanned!(tokens.span()=> __environ::bounds!(#ty, #tokens));
    }
    let read = read(var);
    quote_spanned!(tokens.span()=> __environ::text_bounds!(#ty, (#tokens), #read))
}

/// The range of the length of a variable's value.
pub(super) fn length(var: &Var<'_>, range: &TokenStream) -> TokenStream {
    let ty = var.ty;
    quote_spanned!(ty.span()=> __environ::length::<#ty, _, _>(&(#range)))
}

/// The value of the type itself, if the functions that check all of it accept it.
pub(super) fn whole(pass: &Ident, value: &TokenStream, validate: &[TokenStream]) -> TokenStream {
    if validate.is_empty() {
        return quote!(__environ::Some(#value));
    }
    let checks = validate.iter().map(because);
    quote!(#pass.whole(#value, &[#(#checks),*]))
}

fn because(path: &TokenStream) -> TokenStream {
    let span = path.span();
    let value = local("value", span);
    let answer = answer(&quote_spanned!(span=> __environ::because), path);
    quote_spanned!(span=> |#value| #answer)
}

/// Calls `then` with the answer of a user's function for the value, and with whether its
/// reasons are constant. The path stands there once, because each mention of a generic
/// function is another function.
pub(super) fn answer(then: &TokenStream, path: &TokenStream) -> TokenStream {
    let span = path.span();
    let (rule, value) = (local("rule", span), local("value", span));
    quote_spanned!(span=> {
        let #rule = __environ::Rule(#path);
        #then((#rule.0)(#value), __environ::is_constant!(#rule))
    })
}
