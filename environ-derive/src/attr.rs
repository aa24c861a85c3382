//! `#[env(...)]` tokens to what was written: syntax, unknown and repeated keys.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Lit, LitStr, Meta, Path, Token};

use crate::ctxt::Ctxt;
use crate::key::{self, Key, Place, Shape};

pub(crate) enum Value {
    Flag,
    Text(LitStr),
    Path(Path),
    /// The text of the literal, as the variable would hold it.
    Default(Option<String>),
}

pub(crate) struct Entry {
    pub(crate) key: Key,
    /// The key as it was written: errors are underlined there.
    pub(crate) ident: Ident,
    pub(crate) value: Value,
}

/// What was written in all `#[env(...)]` of one place.
pub(crate) struct Attrs(Vec<Entry>);

impl Attrs {
    pub(crate) fn parse(ctxt: &Ctxt, place: Place, attributes: &[Attribute]) -> Self {
        let mut attrs = Self(Vec::new());
        for attribute in attributes {
            if !attribute.path().is_ident("env") {
                continue;
            }
            let Meta::List(_) = &attribute.meta else {
                ctxt.error(&attribute.meta, "expected `#[env(...)]`");
                continue;
            };
            let parsed = attribute
                .parse_args_with(|input: ParseStream<'_>| attrs.parse_entries(ctxt, place, input));
            if let Err(error) = parsed {
                ctxt.push(error);
            }
        }
        attrs
    }

    /// Goes on after a mistake, so that the next one is found too.
    fn parse_entries(
        &mut self,
        ctxt: &Ctxt,
        place: Place,
        input: ParseStream<'_>,
    ) -> syn::Result<()> {
        while !input.is_empty() {
            let ident = input.call(Ident::parse_any)?;
            match parse_entry(place, ident, input) {
                Ok(entry) => self.add(ctxt, entry),
                Err(error) => {
                    ctxt.push(error);
                    skip_value(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn add(&mut self, ctxt: &Ctxt, entry: Entry) {
        if self.find(entry.key).is_some() && !entry.key.repeats() {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` is given twice; remove one of them", entry.key.name()),
            );
        } else {
            self.0.push(entry);
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.0
    }

    pub(crate) fn find(&self, key: Key) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    pub(crate) fn text(&self, key: Key) -> Option<&LitStr> {
        self.texts(key).next()
    }

    pub(crate) fn texts(&self, key: Key) -> impl Iterator<Item = &LitStr> {
        self.0.iter().filter_map(move |entry| match &entry.value {
            Value::Text(text) if entry.key == key => Some(text),
            _ => None,
        })
    }

    pub(crate) fn path(&self, key: Key) -> Option<&Path> {
        self.paths(key).next()
    }

    pub(crate) fn paths(&self, key: Key) -> impl Iterator<Item = &Path> {
        self.0.iter().filter_map(move |entry| match &entry.value {
            Value::Path(path) if entry.key == key => Some(path),
            _ => None,
        })
    }
}

fn parse_entry(place: Place, ident: Ident, input: ParseStream<'_>) -> syn::Result<Entry> {
    let word = ident.unraw().to_string();
    let Some(key) = Key::at(place).find(|key| key.name() == word) else {
        return Err(syn::Error::new_spanned(&ident, key::unknown(place, &word)));
    };
    let value = match key.shape() {
        Shape::Flag if input.peek(Token![=]) => {
            let message = format!("`{word}` takes no value; write `{word}` alone");
            return Err(syn::Error::new_spanned(&ident, message));
        }
        Shape::Flag => Value::Flag,
        Shape::Text => Value::Text(parse_text(&ident, input)?),
        Shape::Path => Value::Path(parse_path(&ident, input)?),
        Shape::Default => Value::Default(parse_default(&ident, input)?),
    };
    Ok(Entry { key, ident, value })
}

fn parse_text(key: &Ident, input: ParseStream<'_>) -> syn::Result<LitStr> {
    if !input.peek(Token![=]) {
        let message = format!("`{key}` needs a value: `{key} = \"...\"`");
        return Err(syn::Error::new_spanned(key, message));
    }
    input.parse::<Token![=]>()?;
    if !input.peek(LitStr) {
        let message = format!("`{key}` takes a string: `{key} = \"...\"`");
        return Err(syn::Error::new_spanned(key, message));
    }
    input.parse()
}

fn parse_path(key: &Ident, input: ParseStream<'_>) -> syn::Result<Path> {
    if !input.peek(Token![=]) {
        let message = format!("`{key}` needs a function: `{key} = path`");
        return Err(syn::Error::new_spanned(key, message));
    }
    input.parse::<Token![=]>()?;
    if input.peek(Lit) {
        let message = format!("`{key}` takes the path of a function, without quotes");
        return Err(syn::Error::new_spanned(key, message));
    }
    input.parse()
}

fn parse_default(key: &Ident, input: ParseStream<'_>) -> syn::Result<Option<String>> {
    if !input.peek(Token![=]) {
        return Ok(None);
    }
    input.parse::<Token![=]>()?;
    let minus = input.parse::<Option<Token![-]>>()?;
    let literal = if input.peek(Lit) {
        Some(input.parse::<Lit>()?)
    } else {
        None
    };
    match (minus.is_some(), literal) {
        (false, Some(Lit::Str(text))) => Ok(Some(text.value())),
        (false, Some(Lit::Bool(word))) => Ok(Some(word.value.to_string())),
        (false, Some(Lit::Char(letter))) => Ok(Some(letter.value().to_string())),
        (false, Some(Lit::Int(number))) => Ok(Some(number.base10_digits().to_owned())),
        (true, Some(Lit::Int(number))) => Ok(Some(format!("-{}", number.base10_digits()))),
        (false, Some(Lit::Float(number))) => Ok(Some(number.base10_digits().to_owned())),
        (true, Some(Lit::Float(number))) => Ok(Some(format!("-{}", number.base10_digits()))),
        _ => Err(syn::Error::new_spanned(
            key,
            "`default` takes a literal: the text that the variable would hold; \
             for an expression write a function and `default_fn = path`",
        )),
    }
}

fn skip_value(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}
