//! The model to tokens. Nothing here can fail.
//!
//! For a struct with a variable and a group this is the whole expansion:
//!
//! ```text
//! const _: () = {
//!     use ::environ::__private::{self as __environ, Fallback as _};
//!     #[automatically_derived]
//!     impl __environ::EnvConfig for Http {
//!         const SPEC: &'static __environ::Spec = &__environ::Spec::new("Http", &[
//!             __environ::Item::var(
//!                 "port", "PORT",
//!                 __environ::Probe::<u16>::FORM, __environ::Probe::<u16>::SECRET, "u16",
//!             ),
//!             __environ::Item::group("tls", "TLS", <Tls as __environ::EnvConfig>::SPEC),
//!         ]);
//!         fn load(__pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
//!             let __field0 = __environ::Pass::var(
//!                 __pass, 0usize, __environ::Probe::<u16>::read,
//!             );
//!             let __field1 = __pass.group(
//!                 1usize,
//!                 <Tls as __environ::EnvConfig>::SPEC, <Tls as __environ::EnvConfig>::load,
//!             );
//!             match (__field0, __field1) {
//!                 (__environ::Some(__field0), __environ::Some(__field1)) => {
//!                     __environ::Some(Self { port: __field0, tls: __field1 })
//!                 }
//!                 _ => __environ::None,
//!             }
//!         }
//!     }
//!     const _: () = __environ::assert_unique_in_group::<Http>();
//! };
//! ```
//!
//! Every variable is asked for before one can be missing, so all problems are
//! found; and in the order of the table, so a pass knows which name comes next. One
//! `match` assembles the value, which compiles to half the code of a `?` for each
//! field.

mod bounds;
mod clash;
mod enums;
mod structs;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Type};

use crate::attr;
use crate::lower::words::Words;
use crate::model::{Body, Input};

/// The implementation of `EnvConfig`.
pub(crate) fn config(input: &Input<'_>) -> TokenStream {
    let ident = input.ident;
    let name = ident.to_string();
    let prefix = input.prefix.as_ref().map(|prefix| quote!(.prefix(#prefix)));
    let doc = doc(&input.doc);
    let (items, load, bounds) = match &input.body {
        Body::Struct(fields) => (
            structs::items(fields),
            structs::load(fields, &input.validate),
            bounds::of_fields(input.generics, fields),
        ),
        Body::OneOf(choices) => (
            enums::items(input, choices),
            enums::load(choices, &input.validate),
            bounds::of_choices(input.generics, choices),
        ),
    };
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let bounds = input.bound.as_ref().unwrap_or(&bounds);
    let where_clause = bounds::where_clause(input.generics, bounds);
    let allow = input.is_deprecated.then(allow_deprecated);
    // With a parameter the tables are known only where the type is used.
    let is_known = input.generics.params.is_empty();
    let literals = is_known.then(|| structs::literals(&input.body, allow.as_ref()));
    let unique = (is_known && clash::may_clash(&input.body)).then(|| {
        quote_spanned!(ident.span()=>
            #allow
            const _: () = __environ::assert_unique_in_group::<#ident>();
        )
    });
    in_scope(
        input.krate.as_ref(),
        &quote! {
            #[automatically_derived]
            #allow
            impl #impl_generics __environ::EnvConfig for #ident #ty_generics #where_clause {
                const SPEC: &'static __environ::Spec =
                    &__environ::Spec::new(#name, &[#(#items,)*]) #prefix #doc;
                #load
            }
            #unique
            #literals
        },
    )
}

/// The implementation of `EnvValue`.
pub(crate) fn value(words: &Words<'_>) -> TokenStream {
    let ident = words.ident;
    let text = local("text", Span::call_site());
    let allow = words.is_deprecated.then(allow_deprecated);
    let (impl_generics, ty_generics, where_clause) = words.generics.split_for_impl();
    let main = words.variants.iter().map(|(_, words)| &words[0]);
    let all = words
        .variants
        .iter()
        .map(|(_, words)| quote!(&[#(#words),*]));
    let arms = words.variants.iter().enumerate().map(
        |(index, (variant, _))| quote!(__environ::Ok(#index) => __environ::Ok(Self::#variant),),
    );
    in_scope(
        words.krate.as_ref(),
        &quote! {
            #[automatically_derived]
            #allow
            impl #impl_generics __environ::EnvValue for #ident #ty_generics #where_clause {
                const FORM: __environ::Form = __environ::Form::Words(&[#(#main),*]);
                const TEXTS: __environ::Texts = __environ::Texts::Words(&[#(#all),*]);
                fn from_text(
                    #text: &mut __environ::Text<'_>,
                ) -> __environ::Result<Self, __environ::Invalid> {
                    match #text.word(Self::TEXTS.words()) {
                        #(#arms)*
                        __environ::Ok(_) => __environ::Err(__environ::Invalid::word()),
                        __environ::Err(invalid) => __environ::Err(invalid),
                    }
                }
            }
        },
    )
}

/// What stands in for an implementation when there were mistakes, so that they
/// are the only errors: code that uses the type still compiles.
pub(crate) fn fallback(node: &DeriveInput, of: &Ident) -> TokenStream {
    let krate = attr::krate(&node.attrs);
    let ident = &node.ident;
    let (impl_generics, ty_generics, where_clause) = node.generics.split_for_impl();
    in_scope(
        krate.as_ref(),
        &quote! {
            #[automatically_derived]
            impl #impl_generics __environ::#of for #ident #ty_generics #where_clause {
                __environ::fallback!(#of);
            }
        },
    )
}

/// Where nothing is out of use it is left out: beside a `forbid` it is an error.
fn allow_deprecated() -> TokenStream {
    quote!(#[allow(deprecated)])
}

/// Brings one name into the scope of `item`, and leaks none out of it.
fn in_scope(krate: Option<&TokenStream>, item: &TokenStream) -> TokenStream {
    let krate = krate.map_or_else(|| quote!(::environ), |path| quote!(#path));
    quote! {
        const _: () = {
            use #krate::__private::{self as __environ, Fallback as _};
            #item
        };
    }
}

/// The spans are the type's, so that a trait that it lacks is reported there.
fn probe(ty: &Type, item: &str) -> TokenStream {
    let item = Ident::new(item, ty.span());
    quote_spanned!(ty.span()=> __environ::Probe::<#ty>::#item)
}

/// The item's own span is the macro's: a path that is wholly the user's would
/// be linted as one that is longer than it need be.
fn of_config(ty: &Type, item: &str) -> TokenStream {
    let item = Ident::new(item, Span::call_site());
    quote_spanned!(ty.span()=> <#ty as __environ::EnvConfig>::#item)
}

/// A name that nothing of the user's can mean, reported at `span`. The underscores
/// are for constants, which a pattern would mean whatever the span.
fn local(name: &str, span: Span) -> Ident {
    Ident::new(&format!("__{name}"), span.resolved_at(Span::mixed_site()))
}

fn doc(text: &str) -> Option<TokenStream> {
    (!text.is_empty()).then(|| quote!(.doc(#text)))
}
