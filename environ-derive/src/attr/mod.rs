//! Reads the tokens of `#[env(...)]` into keys and values as the user wrote them.
//!
//! Knows syntax only: which keys exist, the shape of their values, and which of them
//! repeat. `lower` decides on the meaning of several keys together.

mod foreign;
mod key;
mod near;
mod place;
mod value;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Meta, Token};

pub(crate) use self::key::Key;
pub(crate) use self::place::Place;
pub(crate) use self::value::{Call, Value};
use crate::ctxt::Ctxt;

/// A key with its value.
pub(crate) struct Entry {
    pub(crate) key: Key,
    /// The key as the user wrote it, for the span of a mistake.
    pub(crate) ident: Ident,
    pub(crate) value: Value,
}

/// The entries of all `#[env(...)]` on an item.
pub(crate) struct Attrs {
    entries: Vec<Entry>,
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
            if let Err(err) = parsed {
                attrs.has_mistakes = true;
                ctxt.push(err);
            }
        }
        attrs
    }

    /// Goes on after a mistake, so that the next mistake is reported too.
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
            match Entry::parse(place, ident, input) {
                Ok(entry) => self.add(ctxt, entry),
                Err(err) => {
                    self.has_mistakes = true;
                    ctxt.push(err);
                    value::skip(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn add(&mut self, ctxt: &Ctxt, entry: Entry) {
        if self.has(entry.key) && !entry.key.repeats() {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` is given twice; remove one of them", entry.key.name()),
            );
        } else {
            self.entries.push(entry);
        }
    }

    /// Returns whether an entry is missing here because it could not be read.
    pub(crate) fn has_mistakes(&self) -> bool {
        self.has_mistakes
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.find(key).is_some()
    }

    pub(crate) fn find(&self, key: Key) -> Option<&Entry> {
        self.iter().find(|entry| entry.key == key)
    }

    /// Returns the value of a key, read with an accessor like [`Value::text`].
    pub(crate) fn value<'a, T>(
        &'a self,
        key: Key,
        read: fn(&'a Value) -> Option<&'a T>,
    ) -> Option<&'a T> {
        self.values(key, read).next()
    }

    /// Returns all values of a key that repeats.
    pub(crate) fn values<'a, T>(
        &'a self,
        key: Key,
        read: fn(&'a Value) -> Option<&'a T>,
    ) -> impl Iterator<Item = &'a T> {
        let entries = self.iter().filter(move |entry| entry.key == key);
        entries.filter_map(move |entry| read(&entry.value))
    }
}

impl Entry {
    fn parse(place: Place, ident: Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let word = ident.unraw().to_string();
        let key = Key::find(place, &word, value::literal_ahead(input).as_deref())
            .map_err(|message| syn::Error::new_spanned(&ident, message))?;
        let value = Value::parse(key.shape(), &ident, input)?;
        Ok(Self { key, ident, value })
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::{Attrs, Key, Place, Value};
    use crate::ctxt::Ctxt;

    fn parse(attribute: syn::Attribute) -> (Attrs, Vec<String>) {
        let ctxt = Ctxt::new();
        let attrs = Attrs::parse(&ctxt, Place::Field, &[attribute]);
        let mistakes = ctxt.check().err().into_iter().flatten();
        (attrs, mistakes.map(|err| err.to_string()).collect())
    }

    #[test]
    fn entries_around_a_mistake_are_read() {
        let (attrs, mistakes) =
            parse(parse_quote!(#[env(alias = "A", nmae = "x" + 1, alias = "B", skip)]));
        let aliases = attrs.values(Key::Alias, Value::text);
        assert_eq!(
            aliases.map(syn::LitStr::value).collect::<Vec<_>>(),
            ["A", "B"]
        );
        assert!(attrs.has(Key::Skip));
        assert!(attrs.has_mistakes());
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    }

    #[test]
    fn every_mistake_is_reported() {
        let (_, mistakes) = parse(parse_quote!(#[env(skip, skip, nmae, help, default = f())]));
        assert_eq!(mistakes.len(), 4, "{mistakes:?}");
    }

    #[test]
    fn the_first_of_two_values_counts_where_a_key_does_not_repeat() {
        let (attrs, mistakes) = parse(parse_quote!(#[env(name = "A", name = "B")]));
        let name = attrs.value(Key::Name, Value::text).map(syn::LitStr::value);
        assert_eq!(name.as_deref(), Some("A"));
        assert_eq!(mistakes, ["`name` is given twice; remove one of them"]);
    }

    #[test]
    fn raw_words_are_keys_too() {
        let (attrs, mistakes) = parse(parse_quote!(#[env(r#default = 1)]));
        assert!(attrs.has(Key::Default));
        assert!(mistakes.is_empty(), "{mistakes:?}");
    }
}
