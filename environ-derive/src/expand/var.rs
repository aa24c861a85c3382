//! Expands a variable: its entry in the table, the call that reads it, and the constants
//! that check its literals while compiling.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned, ToTokens};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::Type;

use super::checks;
use super::tokens::{at, doc, local, of_default, probe};
use crate::model::{Argument, Computed, Name, Part, Presence, Reader, Secrecy, Var};

pub(super) fn item(field: &Ident, var: &Var<'_>) -> TokenStream {
    let new = new(field, var);
    let reads = reads(var);
    let presence = presence(&var.presence);
    let allow_empty = var.allow_empty.then(|| quote!(.allow_empty()));
    let secrecy = secrecy(var.ty, &var.secrecy);
    let details = details(var);
    let live = var.is_live.then(|| quote!(.live()));
    let doc = doc(&var.doc);
    let item = quote! {
        __environ::Item::#new #reads #presence #allow_empty #secrecy #details #live #doc
    };
    match separator(&var.reader) {
        // The compiler rejects a separator of no list where it evaluates the table.
        Some(text) => at(text.span(), item),
        None => item,
    }
}

/// The properties that few variables have, if this has any of them.
fn details(var: &Var<'_>) -> Option<TokenStream> {
    let separator = separator(&var.reader).map(|text| quote!(.separator(#text)));
    let aliases = list(&var.aliases, &quote!(aliases));
    let deprecated = list(&var.deprecated, &quote!(deprecated));
    let range = var.checks.range.as_ref().map(|range| {
        let bounds = checks::bounds(var, range, unchecked);
        let written = range.tokens.to_string();
        quote_spanned!(range.tokens.span()=> .range(|| #bounds.text(), #written))
    });
    let len = var.checks.len.as_ref().map(|range| {
        let length = checks::length(var, range);
        let written = range.to_string();
        quote_spanned!(range.span()=> .len(|| #length.text(), #written))
    });
    let expected = var.expected.as_ref().map(|text| quote!(.expected(#text)));
    let example = var.example.as_ref().map(|text| quote!(.example(#text)));
    let key = match &var.secrecy {
        Secrecy::Secret { store_key, .. } => store_key.as_ref().map(|key| quote!(.key(#key))),
        Secrecy::Public { .. } => None,
    };
    let details = [
        separator, aliases, deprecated, range, len, expected, example, key,
    ];
    let details: Vec<TokenStream> = details.into_iter().flatten().collect();
    (!details.is_empty()).then(|| quote!(.details(&__environ::Details::NONE #(#details)*)))
}

fn new(field: &Ident, var: &Var<'_>) -> TokenStream {
    let field = field.unraw().to_string();
    let (form, spelled) = (probe(var.ty, "FORM"), &var.spelled);
    let is_secret = match var.reader {
        Reader::Function { names_secret, .. } | Reader::Json { names_secret } if names_secret => {
            quote!(true)
        }
        _ => probe(var.ty, "SECRET"),
    };
    match &var.name {
        Name::Segment(name) => quote!(var(#field, #name, #form, #is_secret, #spelled)),
        Name::Full(name) => quote!(named(#field, #name, #form, #is_secret, #spelled)),
    }
}

fn reads(var: &Var<'_>) -> Option<TokenStream> {
    let spelled = &var.spelled;
    match var.reader {
        Reader::Type { .. } => None,
        Reader::Function { .. } => Some(quote!(.reads(&__environ::Form::spelled(#spelled)))),
        Reader::Truthy => Some(quote!(.reads(&__environ::Form::TRUTHY))),
        Reader::Present => Some(quote!(.reads(&__environ::Form::PRESENT))),
        Reader::Unit { unit, .. } => {
            let ty = var.ty;
            let form = quote_spanned!(ty.span()=> __environ::BareUnit::<#ty, #unit>::FORM);
            Some(quote!(.reads(#form)))
        }
        Reader::Json { .. } => Some(quote!(.reads(&__environ::Form::JSON))),
    }
}

fn presence(presence: &Presence) -> Option<TokenStream> {
    match presence {
        Presence::Required => None,
        Presence::Optional | Presence::DefaultValue | Presence::DefaultFn(_) => {
            Some(quote!(.optional()))
        }
        Presence::Default(text) => Some(quote!(.default(#text))),
        Presence::DefaultFrom(parts) => {
            let parts = parts.iter().map(|part| match part {
                Part::Text(text) => quote!(__environ::Part::Text(#text)),
                Part::Field(index) => quote!(__environ::Part::Field(#index)),
            });
            Some(quote!(.default_from(&[#(#parts),*])))
        }
    }
}

fn list(names: &[String], setter: &TokenStream) -> Option<TokenStream> {
    (!names.is_empty()).then(|| quote!(.#setter(&[#(#names),*])))
}

fn secrecy(ty: &Type, secrecy: &Secrecy) -> Option<TokenStream> {
    match secrecy {
        Secrecy::Public { file } => file.then(|| quote!(.file())),
        Secrecy::Secret { plain: true, .. } => Some(quote!(.secret_plain())),
        Secrecy::Secret { plain: false, .. } => Some(quote_spanned!(ty.span()=> .secret::<#ty>())),
    }
}

fn separator(reader: &Reader) -> Option<&Literal> {
    match reader {
        Reader::Type { separator } | Reader::Unit { separator, .. } => separator.as_ref(),
        _ => None,
    }
}

/// The call that reads the variable at `index` of the table.
pub(super) fn call(pass: &Ident, index: usize, var: &Var<'_>, locals: &[Ident]) -> TokenStream {
    let value = value(pass, index, var, locals);
    if !var.is_live {
        return value;
    }
    let field = local("value", Span::call_site());
    let live = quote_spanned!(var.ty.span()=> __environ::Pass::live(#pass, #index, #field));
    quote!({ let #field = #value; #live })
}

fn value(pass: &Ident, index: usize, var: &Var<'_>, locals: &[Ident]) -> TokenStream {
    let mut read = read(var);
    // The whole call has the span of the type, so that the compiler reports a missing
    // trait there, and once.
    let span = var.ty.span();
    if var.none_if_empty {
        let text = local("text", span);
        read = quote!(|#text| __environ::unless_empty(#text, #read));
    }
    match &var.presence {
        Presence::Required | Presence::Default(_) | Presence::DefaultFrom(_) => {
            quote_spanned!(span=> __environ::Pass::var(#pass, #index, #read))
        }
        Presence::Optional => {
            quote_spanned!(span=> __environ::Pass::optional(#pass, #index, #read))
        }
        Presence::DefaultValue => {
            let default = of_default(var.ty);
            quote_spanned!(span=> __environ::Pass::var_or(#pass, #index, #read, #default))
        }
        Presence::DefaultFn(Computed { path, arguments }) if arguments.is_empty() => {
            quote_spanned!(span=> __environ::Pass::var_or(#pass, #index, #read, #path))
        }
        Presence::DefaultFn(Computed { path, arguments }) => {
            let fields = arguments.iter().filter_map(|argument| match argument {
                Argument::Field(index) => Some(*index),
                Argument::Skipped(_) => None,
            });
            let indices: Vec<usize> = fields.collect();
            let fields: Vec<&Ident> = indices.iter().map(|index| &locals[*index]).collect();
            let values = (0..fields.len()).map(|index| local(&format!("value{index}"), span));
            let values: Vec<Ident> = values.collect();
            let default = quote! {
                || match (#(&#fields,)*) {
                    (#(__environ::Some(#values),)*) => __environ::Some(#path(#(#values),*)),
                    _ => __environ::None,
                }
            };
            quote_spanned! {span=>
                __environ::Pass::var_or_else(#pass, #index, &[#(#indices),*], #read, #default)
            }
        }
    }
}

/// The function that turns the text into a value.
fn read(var: &Var<'_>) -> TokenStream {
    read_and_check(var, &checks::of_var(var, unchecked))
}

/// The function that turns the text into a value, whatever the value is.
fn unchecked(var: &Var<'_>) -> TokenStream {
    read_and_check(var, &[])
}

fn read_and_check(var: &Var<'_>, checks: &[TokenStream]) -> TokenStream {
    let ty = var.ty;
    let text = local("text", ty.span());
    let read = probe(ty, "read");
    let value = match &var.reader {
        Reader::Type { .. } if checks.is_empty() => return read,
        Reader::Type { .. } => quote!(#read(#text)),
        Reader::Function { path, .. } => {
            let (span, value) = (path.span(), local("value", path.span()));
            // The closure takes any lifetime. A path may take a single lifetime only, as
            // `Token::try_from` does.
            // The type argument decides the return type of a generic function.
            let then = quote_spanned!(span=> __environ::parsed::<#ty, _, _>);
            let answer = checks::answer(&then, path);
            let parse = quote_spanned!(span=> |#value| #answer);
            quote!(#text.parse_with(#parse))
        }
        Reader::Truthy => quote_spanned!(ty.span()=> __environ::truthy::<#ty>(#text)),
        Reader::Present => return quote!(|_| __environ::Ok(true)),
        Reader::Unit { unit, .. } => {
            quote_spanned!(ty.span()=> __environ::in_unit::<#ty, #unit>(#text))
        }
        Reader::Json { .. } => quote_spanned!(ty.span()=> __environ::json::<#ty>(#text)),
    };
    if checks.is_empty() {
        quote!(|#text| #value)
    } else {
        quote!(|#text| __environ::valid(#value, &[#(#checks),*]))
    }
}

/// A constant for each literal that the type itself reads. The compiler rejects the
/// constant if it knows that the type rejects the literal.
pub(super) fn literals(var: &Var<'_>, allow: Option<&TokenStream>) -> TokenStream {
    let Reader::Type { .. } = var.reader else {
        return TokenStream::new();
    };
    let default = match &var.presence {
        Presence::Default(text) => Some(("assert_default", text)),
        _ => None,
    };
    let example = var.example.as_ref().map(|text| ("assert_example", text));
    let ends = var.checks.range.iter().flat_map(|range| &range.texts);
    let ends = ends.map(|text| ("assert_end", text));
    let literals = default.into_iter().chain(example).chain(ends);
    let constants = literals.map(|(assert, text)| {
        let assert = Ident::new(assert, text.span());
        let ty = at(text.span(), var.ty.to_token_stream());
        quote_spanned! {text.span()=>
            #allow
            const _: () =
                __environ::Probe::<#ty>::TEXTS.#assert(#text, __environ::Probe::<#ty>::FORM);
        }
    });
    constants.collect()
}
