//! `#[env(...)]` tokens to what was written: syntax, unknown and repeated keys.

pub(crate) mod key;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Data, DeriveInput, Fields, Lit, LitStr, Meta, Path, Token};

use self::key::{Key, Place, Shape};
use crate::ctxt::Ctxt;

pub(crate) enum Value {
    Flag,
    Text(LitStr),
    /// As it was written: it is only repeated.
    Path(TokenStream),
    /// The text of the literal, as the variable would hold it.
    Literal(Literal),
    Range(TokenStream),
}

pub(crate) struct Entry {
    pub(crate) key: Key,
    /// The key as it was written: errors are underlined there.
    pub(crate) ident: Ident,
    pub(crate) value: Value,
}

/// What was written in all `#[env(...)]` of one place.
pub(crate) struct Attrs {
    entries: Vec<Entry>,
    /// Whether there is more, which could not be read.
    has_mistakes: bool,
}

impl Attrs {
    pub(crate) fn parse(ctxt: &Ctxt, place: Place, attributes: &[Attribute]) -> Self {
        let mut attrs = Self {
            entries: Vec::new(),
            has_mistakes: false,
        };
        for attribute in attributes {
            if !attribute.path().is_ident("env") {
                continue;
            }
            let Meta::List(_) = &attribute.meta else {
                attrs.has_mistakes = true;
                ctxt.error(&attribute.meta, "expected `#[env(...)]`");
                continue;
            };
            let parsed = attribute
                .parse_args_with(|input: ParseStream<'_>| attrs.parse_entries(ctxt, place, input));
            if let Err(error) = parsed {
                attrs.has_mistakes = true;
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
            if !input.peek(Ident::peek_any) {
                return Err(input.error("expected a word, like `default` or `group`"));
            }
            let ident = input.call(Ident::parse_any)?;
            match parse_entry(place, ident, input) {
                Ok(entry) => self.add(ctxt, entry),
                Err(error) => {
                    self.has_mistakes = true;
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
            self.entries.push(entry);
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether something was written that could not be read.
    pub(crate) fn has_mistakes(&self) -> bool {
        self.has_mistakes
    }

    pub(crate) fn find(&self, key: Key) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub(crate) fn text(&self, key: Key) -> Option<&LitStr> {
        self.texts(key).next()
    }

    pub(crate) fn texts(&self, key: Key) -> impl Iterator<Item = &LitStr> {
        self.entries
            .iter()
            .filter_map(move |entry| match &entry.value {
                Value::Text(text) if entry.key == key => Some(text),
                _ => None,
            })
    }

    /// The text of a literal.
    pub(crate) fn literal(&self, key: Key) -> Option<&Literal> {
        match &self.find(key)?.value {
            Value::Literal(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn range(&self) -> Option<&TokenStream> {
        match &self.find(Key::Range)?.value {
            Value::Range(range) => Some(range),
            _ => None,
        }
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.find(key).is_some()
    }

    pub(crate) fn path(&self, key: Key) -> Option<&TokenStream> {
        self.paths(key).next()
    }

    pub(crate) fn paths(&self, key: Key) -> impl Iterator<Item = &TokenStream> {
        self.entries
            .iter()
            .filter_map(move |entry| match &entry.value {
                Value::Path(path) if entry.key == key => Some(path),
                _ => None,
            })
    }
}

/// What `crate = path` says on a type, whatever else is wrong there.
pub(crate) fn krate(attributes: &[Attribute]) -> Option<TokenStream> {
    let ctxt = Ctxt::new();
    let attrs = Attrs::parse(&ctxt, Place::Struct, attributes);
    // The mistakes were reported where the attributes were parsed first.
    let _ = ctxt.check();
    attrs.path(Key::Crate).cloned()
}

/// Whether the type, a field or a variant of it is out of use, or uses what is: the
/// lint is spoken of at one of them.
pub(crate) fn is_deprecated(node: &DeriveInput) -> bool {
    let fields = |fields: &Fields| fields.iter().any(|field| names_deprecated(&field.attrs));
    names_deprecated(&node.attrs)
        || match &node.data {
            Data::Struct(data) => fields(&data.fields),
            Data::Enum(data) => data
                .variants
                .iter()
                .any(|variant| names_deprecated(&variant.attrs) || fields(&variant.fields)),
            Data::Union(_) => false,
        }
}

/// `#[deprecated]`, `#[allow(deprecated)]`, and the like.
fn names_deprecated(attributes: &[Attribute]) -> bool {
    let is_lint = |path: &Path| {
        ["allow", "expect", "warn"]
            .iter()
            .any(|lint| path.is_ident(lint))
    };
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if is_lint(&list.path) => list
            .tokens
            .clone()
            .into_iter()
            .any(|token| matches!(token, TokenTree::Ident(word) if word == "deprecated")),
        meta => meta.path().is_ident("deprecated"),
    })
}

fn parse_entry(place: Place, ident: Ident, input: ParseStream<'_>) -> syn::Result<Entry> {
    let word = ident.unraw().to_string();
    let Some(key) = Key::at(place).find(|key| key.name() == word) else {
        return Err(syn::Error::new_spanned(&ident, key::unknown(place, &word)));
    };
    let shape = key.shape();
    let value = match shape {
        Shape::Default if !input.peek(Token![=]) => Some(Value::Flag),
        Shape::Flag => (!input.peek(Token![=])).then_some(Value::Flag),
        _ if input.parse::<Option<Token![=]>>()?.is_none() => None,
        Shape::Text => parse_text(input)?,
        Shape::Path => parse_path(input)?,
        Shape::Default | Shape::Literal => parse_literal(&ident, input)?,
        Shape::Range => parse_range(input)?,
    };
    // What is left over belongs to an expression, which no key takes.
    let ended = input.is_empty() || input.peek(Token![,]);
    match value.filter(|_| ended) {
        Some(value) => Ok(Entry { key, ident, value }),
        None => Err(syn::Error::new_spanned(&ident, expected(&word, shape))),
    }
}

fn expected(word: &str, shape: Shape) -> String {
    match shape {
        Shape::Flag => format!("`{word}` takes no value; write `{word}` alone"),
        Shape::Text => format!("`{word}` takes a string: `{word} = \"...\"`"),
        Shape::Path => format!("`{word}` takes the path of a function: `{word} = path`"),
        Shape::Literal => format!("`{word}` takes a literal: `{word} = \"...\"`"),
        Shape::Default => format!(
            "`{word}` takes a literal: the text that the variable would hold; \
             for an expression write a function and `default_fn = path`"
        ),
        Shape::Range => format!("`{word}` takes a range: `{word} = 1..=64`"),
    }
}

fn parse_text(input: ParseStream<'_>) -> syn::Result<Option<Value>> {
    if input.peek(LitStr) {
        return input.parse().map(|text| Some(Value::Text(text)));
    }
    Ok(None)
}

fn parse_path(input: ParseStream<'_>) -> syn::Result<Option<Value>> {
    if input.peek(Lit) {
        return Ok(None);
    }
    let path: Path = input.parse()?;
    Ok(Some(Value::Path(path.into_token_stream())))
}

fn parse_range(input: ParseStream<'_>) -> syn::Result<Option<Value>> {
    let mut range = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        range.extend([input.parse::<TokenTree>()?]);
    }
    let is_range = range.to_string().contains("..");
    Ok(is_range.then_some(Value::Range(range)))
}

fn parse_literal(key: &Ident, input: ParseStream<'_>) -> syn::Result<Option<Value>> {
    let minus = input.parse::<Option<Token![-]>>()?;
    if !input.peek(Lit) {
        return Ok(None);
    }
    let literal: Lit = input.parse()?;
    let span = literal.span();
    let text = match (minus, literal) {
        (None, Lit::Str(text)) => text.value(),
        (None, Lit::Bool(word)) => word.value.to_string(),
        (None, Lit::Char(letter)) => letter.value().to_string(),
        (minus, Lit::Int(number)) => signed(minus, verbatim(key, &number, number.base10_digits())?),
        (minus, Lit::Float(number)) => signed(minus, number.base10_digits()),
        _ => return Ok(None),
    };
    let mut text = Literal::string(&text);
    text.set_span(span);
    Ok(Some(Value::Literal(text)))
}

/// The digits, unless the parser of the type would see others than were written.
fn verbatim<'d>(key: &Ident, number: &impl ToTokens, digits: &'d str) -> syn::Result<&'d str> {
    let written = number.to_token_stream().to_string().replace('_', "");
    if written.starts_with(digits) {
        return Ok(digits);
    }
    let message = format!(
        "`{key}` is text for the parser of the type, which would see {digits}; \
         write {digits}, or the text as a string: `{key} = \"{written}\"`"
    );
    Err(syn::Error::new_spanned(key, message))
}

fn signed(minus: Option<Token![-]>, digits: &str) -> String {
    let sign = minus.map_or("", |_| "-");
    format!("{sign}{digits}")
}

fn skip_value(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
