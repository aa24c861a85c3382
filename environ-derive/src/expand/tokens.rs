//! Builds the tokens that several expansions share, with spans that put the compiler's
//! errors on the user's code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::Type;

use crate::model::Target;

/// Brings a single name into the scope of `item`, and lets none out.
pub(super) fn in_scope(target: &Target<'_>, item: &TokenStream) -> TokenStream {
    let krate = &target.krate;
    let release = env!("CARGO_PKG_VERSION");
    quote! {
        const _: () = {
            use #krate::__private::{self as __environ, Fallback as _};
            __environ::release!(#release);
            #item
        };
    }
}

/// Returns the attribute that allows deprecated names, only if there are any: beside a
/// `forbid` the attribute is an error.
pub(super) fn allow_deprecated(target: &Target<'_>) -> Option<TokenStream> {
    target.is_deprecated.then(|| quote!(#[allow(deprecated)]))
}

/// Has the span of the type, so that the compiler reports a missing trait there.
pub(super) fn probe(ty: &Type, item: &str) -> TokenStream {
    let item = Ident::new(item, ty.span());
    quote_spanned!(ty.span()=> __environ::Probe::<#ty>::#item)
}

/// The item alone has the span of the macro: if the whole path were the user's, a lint
/// would ask for a shorter path.
pub(super) fn of_config(ty: &Type, item: &str) -> TokenStream {
    let item = Ident::new(item, Span::call_site());
    quote_spanned!(ty.span()=> <#ty as __environ::EnvConfig>::#item)
}

pub(super) fn of_default(ty: &Type) -> TokenStream {
    let default = Ident::new("default", Span::call_site());
    quote_spanned!(ty.span()=> <#ty as __environ::Default>::#default)
}

/// Returns a name that no item of the user's can have, reported at `span`. The
/// underscores keep constants away, which a pattern would match whatever the span.
pub(super) fn local(name: &str, span: Span) -> Ident {
    Ident::new(&format!("__{name}"), span.resolved_at(Span::mixed_site()))
}

/// Moves all tokens to `span`.
pub(super) fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    tokens.collect()
}

pub(super) fn doc(text: &str) -> Option<TokenStream> {
    (!text.is_empty()).then(|| quote!(.doc(#text)))
}
