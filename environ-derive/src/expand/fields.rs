//! The fields of a config struct: an entry of the table and a call for each.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{doc, of_config, probe};
use crate::ast::{Field, Group, Kind, Name, Presence, Secrecy, Segment, Var};
use crate::ty;

pub(super) fn items(fields: &[Field<'_>]) -> Vec<TokenStream> {
    let items = fields.iter().filter_map(|field| match &field.kind {
        Kind::Var(var) => Some(var_item(field.ident, var)),
        Kind::Group(group) => Some(group_item(field.ident, group)),
        Kind::Skip => None,
    });
    items.collect()
}

fn var_item(field: &Ident, var: &Var<'_>) -> TokenStream {
    let field = field.unraw().to_string();
    let ty = var.ty;
    let form = probe(ty, "FORM");
    let spelled = ty::spelled(ty::secret(ty).unwrap_or(ty));
    let new = match &var.name {
        Name::Segment(name) => quote!(var(#field, #name, #form, #spelled)),
        Name::Full(name) => quote!(named(#field, #name, #form, #spelled)),
    };
    let presence = match &var.presence {
        Presence::Required => None,
        Presence::Optional | Presence::DefaultValue | Presence::DefaultFn(_) => {
            Some(quote!(.optional()))
        }
        Presence::Default(text) => Some(quote!(.default(#text))),
    };
    let aliases = (!var.aliases.is_empty()).then(|| {
        let aliases = &var.aliases;
        quote!(.aliases(&[#(#aliases),*]))
    });
    let secret = match var.secrecy {
        Secrecy::Public => None,
        Secrecy::Hidden => Some(quote_spanned!(ty.span()=> .secret::<#ty>())),
        Secrecy::Plain => Some(quote!(.secret_plain())),
    };
    let separator = var.separator.as_ref().map(|text| quote!(.separator(#text)));
    let doc = doc(&var.doc);
    let item = quote!(__environ::Item::#new #presence #aliases #secret #separator #doc);
    match &var.separator {
        // That there is nothing to separate shows when the table is evaluated.
        Some(text) => at(text.span(), item),
        None => item,
    }
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
    let optional = group.optional.then(|| quote!(.optional()));
    quote!(__environ::Item::#new #optional)
}

pub(super) fn load(fields: &[Field<'_>]) -> TokenStream {
    let pass = Ident::new("pass", Span::mixed_site());
    let read = fields
        .iter()
        .filter(|field| !matches!(field.kind, Kind::Skip));
    let lets = read.clone().enumerate().map(|(index, field)| {
        let ident = field.ident;
        let call = call(index, field);
        quote!(let #ident = #pass.#call;)
    });
    let idents: Vec<_> = read.map(|field| field.ident).collect();
    let skipped = fields.iter().filter_map(|field| match field.kind {
        Kind::Skip => Some(field.ident),
        _ => None,
    });
    let value = quote!(__environ::Some(Self {
        #(#idents,)* #(#skipped: __environ::Default::default(),)*
    }));
    if idents.is_empty() {
        return quote! {
            fn load(_: &mut __environ::Pass<'_>) -> __environ::Option<Self> { #value }
        };
    }
    quote! {
        fn load(#pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            #(#lets)*
            match (#(#idents,)*) {
                (#(__environ::Some(#idents),)*) => #value,
                _ => __environ::None,
            }
        }
    }
}

/// The one call that fills a field.
fn call(index: usize, field: &Field<'_>) -> TokenStream {
    match &field.kind {
        Kind::Skip => TokenStream::new(),
        Kind::Group(group) => {
            let load = of_config(group.ty, "load");
            if group.optional {
                quote!(optional_group(#index, #load))
            } else {
                quote!(group(#index, #load))
            }
        }
        Kind::Var(var) => {
            let read = read(var);
            match &var.presence {
                Presence::Required | Presence::Default(_) => quote!(var(#index, #read)),
                Presence::Optional => quote!(optional(#index, #read)),
                Presence::DefaultValue => {
                    quote!(var_or(#index, #read, __environ::Default::default))
                }
                Presence::DefaultFn(path) => quote!(var_or(#index, #read, #path)),
            }
        }
    }
}

/// The function that makes a value of a text.
fn read(var: &Var<'_>) -> TokenStream {
    let (read, is_secret) = (probe(var.ty, "read"), probe(var.ty, "SECRET"));
    let checks = var
        .validate
        .iter()
        .map(|path| quote_spanned!(path.span()=> |value| __environ::because(#path(value))));
    let read = match &var.parse {
        None if var.validate.is_empty() => return read,
        None => quote!(#read(text)),
        Some(parse) => quote!(text.parse_with(#parse)),
    };
    if var.validate.is_empty() {
        quote!(|text| #read)
    } else {
        quote!(|text| __environ::valid(#read, #is_secret, &[#(#checks),*]))
    }
}
