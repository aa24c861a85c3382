//! The fields of a config struct: an entry of the table and a call for each.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned, ToTokens};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::Type;

use super::{doc, local, of_config, probe};
use crate::ast::{Body, Count, Field, Group, Kind, Name, Presence, Reader, Secrecy, Segment, Var};
use crate::ty;

pub(super) fn items(fields: &[Field<'_>]) -> Vec<TokenStream> {
    let items = fields.iter().filter_map(|field| match &field.kind {
        Kind::Var(var) => Some(var_item(field.ident, var)),
        Kind::Group(group) => Some(group_item(field.ident, group)),
        Kind::Skip(_) => None,
    });
    items.collect()
}

fn var_item(field: &Ident, var: &Var<'_>) -> TokenStream {
    let field = field.unraw().to_string();
    let ty = var.ty;
    let form = probe(ty, "FORM");
    let is_secret = match &var.reader {
        // The type need not be known to any trait.
        Reader::Parse(_) | Reader::Json if ty::names_secret(ty) => quote!(true),
        _ => probe(ty, "SECRET"),
    };
    let spelled = ty::spelled(ty::secret(ty).unwrap_or(ty));
    let new = match &var.name {
        Name::Segment(name) => quote!(var(#field, #name, #form, #is_secret, #spelled)),
        Name::Full(name) => quote!(named(#field, #name, #form, #is_secret, #spelled)),
    };
    let presence = match &var.presence {
        Presence::Required => None,
        Presence::Optional | Presence::DefaultValue | Presence::DefaultFn(_) => {
            Some(quote!(.optional()))
        }
        Presence::Default(text) => Some(quote!(.default(#text))),
    };
    let aliases = list(&var.aliases, &quote!(aliases));
    let deprecated = list(&var.deprecated, &quote!(deprecated));
    let allow_empty = var.allow_empty.then(|| quote!(.allow_empty()));
    let file = var.file.then(|| quote!(.file()));
    let key = var.store_key.as_ref().map(|key| quote!(.key(#key)));
    let example = var.example.as_ref().map(|text| quote!(.example(#text)));
    let range = var.checks.range.as_ref().map(
        |range| quote_spanned!(range.span()=> .range(|| __environ::bounds!(#ty, #range).text())),
    );
    let secret = match var.secrecy {
        Secrecy::Public => None,
        Secrecy::Hidden => Some(quote_spanned!(ty.span()=> .secret::<#ty>())),
        Secrecy::Plain => Some(quote!(.secret_plain())),
    };
    let separator = var.separator.as_ref().map(|text| quote!(.separator(#text)));
    let doc = doc(&var.doc);
    let reads = match &var.reader {
        Reader::Type => None,
        Reader::Parse(_) => Some(quote!(.reads(__environ::Form::Spelled(#spelled)))),
        Reader::Truthy => Some(quote!(.reads(__environ::Form::TRUTHY))),
        Reader::Json => Some(quote!(.reads(__environ::Form::JSON))),
    };
    let item = quote! {
        __environ::Item::#new #reads #presence #allow_empty #aliases #deprecated
            #secret #key #file #separator #range #example #doc
    };
    match &var.separator {
        // That there is nothing to separate shows when the table is evaluated.
        Some(text) => at(text.span(), item),
        None => item,
    }
}

/// A constant for each literal that is read by the type, which the compiler cannot
/// evaluate where it knows that the type does not read it.
pub(super) fn literals(body: &Body<'_>, allow: Option<&TokenStream>) -> TokenStream {
    let Body::Struct(fields) = body else {
        return TokenStream::new();
    };
    let vars = fields.iter().filter_map(|field| match &field.kind {
        Kind::Var(var) if matches!(var.reader, Reader::Type) => Some(var),
        _ => None,
    });
    let literals = vars.flat_map(|var| {
        let default = match &var.presence {
            Presence::Default(text) => Some(("assert_default", text)),
            _ => None,
        };
        let example = var.example.as_ref().map(|text| ("assert_example", text));
        let literal = |(assert, text): (&str, &Literal)| {
            let assert = Ident::new(assert, text.span());
            let ty = at(text.span(), var.ty.to_token_stream());
            quote_spanned! {text.span()=>
                #allow
                const _: () =
                    __environ::Probe::<#ty>::TEXTS.#assert(#text, &__environ::Probe::<#ty>::FORM);
            }
        };
        default.into_iter().chain(example).map(literal)
    });
    literals.collect()
}

fn list(names: &[String], setter: &TokenStream) -> Option<TokenStream> {
    (!names.is_empty()).then(|| quote!(.#setter(&[#(#names),*])))
}

/// The same tokens, reported at `span`.
fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    tokens.collect()
}

fn group_item(field: &Ident, group: &Group<'_>) -> TokenStream {
    let field = field.unraw().to_string();
    let spec = of_config(group.ty, "SPEC");
    let new = match &group.segment {
        Segment::Field(segment) => quote!(group(#field, #segment, #spec)),
        Segment::Fixed(segment) => quote!(group_at(#field, #segment, #spec)),
        Segment::Flatten => quote!(group_at(#field, "", #spec)),
    };
    let count = match group.count {
        Count::One => None,
        Count::Optional => Some(quote!(.optional())),
        Count::List => Some(quote!(.list())),
        Count::Map => Some(quote!(.map())),
    };
    quote!(__environ::Item::#new #count)
}

pub(super) fn load(fields: &[Field<'_>], validate: &[TokenStream]) -> TokenStream {
    let pass = local("pass", Span::call_site());
    let (skipped, read): (Vec<_>, Vec<_>) = fields
        .iter()
        .partition(|field| matches!(field.kind, Kind::Skip(_)));
    // Not called after the fields: a function of the user's may be, too.
    let field = |index| local(&format!("field{index}"), Span::call_site());
    let locals: Vec<_> = (0..read.len()).map(field).collect();
    let calls = read
        .iter()
        .enumerate()
        .map(|(index, field)| call(index, field));
    let idents = read.iter().map(|field| field.ident);
    let defaults = skipped.iter().map(|field| match field.kind {
        Kind::Skip(ty) => of_default(ty),
        Kind::Var(_) | Kind::Group(_) => TokenStream::new(),
    });
    let skipped = skipped.iter().map(|field| field.ident);
    let value = whole(
        &pass,
        &quote!(Self { #(#idents: #locals,)* #(#skipped: #defaults(),)* }),
        validate,
    );
    if locals.is_empty() {
        let pass = if validate.is_empty() {
            quote!(_)
        } else {
            quote!(#pass)
        };
        return quote! {
            fn load(#pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> { #value }
        };
    }
    quote! {
        fn load(#pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            #(let #locals = #calls;)*
            match (#(#locals,)*) {
                (#(__environ::Some(#locals),)*) => #value,
                _ => __environ::None,
            }
        }
    }
}

fn of_default(ty: &Type) -> TokenStream {
    let default = Ident::new("default", Span::call_site());
    quote_spanned!(ty.span()=> <#ty as __environ::Default>::#default)
}

/// The value, if the functions that see all of it accept it.
pub(super) fn whole(pass: &Ident, value: &TokenStream, validate: &[TokenStream]) -> TokenStream {
    if validate.is_empty() {
        return quote!(__environ::Some(#value));
    }
    let checks = validate.iter().map(because);
    quote!(#pass.whole(#value, &[#(#checks),*]))
}

/// A function of the user's that refuses a value.
fn because(path: &TokenStream) -> TokenStream {
    let span = path.span();
    let value = local("value", span);
    quote_spanned!(span=> |#value| __environ::because(#path(#value)))
}

/// The one call that fills a field.
fn call(index: usize, field: &Field<'_>) -> TokenStream {
    let pass = local("pass", Span::call_site());
    match &field.kind {
        Kind::Skip(_) => TokenStream::new(),
        Kind::Group(group) => {
            let (spec, load) = (of_config(group.ty, "SPEC"), of_config(group.ty, "load"));
            let non_empty = group.non_empty;
            match group.count {
                Count::One => quote!(#pass.group(#index, #spec, #load)),
                Count::Optional => quote!(#pass.optional_group(#index, #spec, #load)),
                Count::List => quote!(#pass.groups(#index, #spec, #load, #non_empty)),
                Count::Map => quote!(#pass.group_map(#index, #spec, #load, #non_empty)),
            }
        }
        Kind::Var(var) => {
            let read = read(var);
            // All at the type, so that a trait that it lacks is reported there, and once.
            let span = var.ty.span();
            match &var.presence {
                Presence::Required | Presence::Default(_) => {
                    quote_spanned!(span=> __environ::Pass::var(#pass, #index, #read))
                }
                Presence::Optional => {
                    quote_spanned!(span=> __environ::Pass::optional(#pass, #index, #read))
                }
                Presence::DefaultValue => {
                    let default = of_default(var.ty);
                    quote_spanned!(span=> __environ::Pass::var_or(#pass, #index, #read, #default))
                }
                Presence::DefaultFn(path) => {
                    quote_spanned!(span=> __environ::Pass::var_or(#pass, #index, #read, #path))
                }
            }
        }
    }
}

/// The function that makes a value of a text.
fn read(var: &Var<'_>) -> TokenStream {
    let ty = var.ty;
    let text = local("text", ty.span());
    let read = probe(ty, "read");
    let checks = checks(var);
    let read = match &var.reader {
        Reader::Type if checks.is_empty() => return read,
        Reader::Type => quote!(#read(#text)),
        Reader::Parse(path) => {
            let (span, value) = (path.span(), local("value", path.span()));
            // A function of one lifetime only, like `Token::try_from`, is none by itself.
            let parse = quote_spanned!(span=> |#value| __environ::parsed(#path(#value)));
            quote!(#text.parse_with(#parse))
        }
        Reader::Truthy => quote!(#text.truthy()),
        Reader::Json => quote_spanned!(ty.span()=> __environ::json::<#ty>(#text)),
    };
    if checks.is_empty() {
        quote!(|#text| #read)
    } else {
        quote!(|#text| __environ::valid(#read, &[#(#checks),*]))
    }
}

fn checks(var: &Var<'_>) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    if var.checks.non_empty {
        let ty = var.ty;
        checks.push(quote_spanned!(ty.span()=> __environ::non_empty::<#ty>));
    }
    if let Some(range) = &var.checks.range {
        let (ty, value) = (var.ty, local("value", range.span()));
        checks.push(quote_spanned! {range.span()=>
            |#value| __environ::bounds!(#ty, #range).check(#value)
        });
    }
    checks.extend(var.checks.validate.iter().map(because));
    checks
}
