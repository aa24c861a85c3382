//! The whole way of one variable, from top to bottom.
//!
//! 1. Generated code calls [`Loading::var`] or one of its sisters.
//! 2. `from_env` asks the environment of the process by a name that was joined while
//!    compiling, and reads the text. Most loads are little else, so this fast path is one
//!    function for each way of reading, in which the text never leaves it.
//! 3. Every other load is cold: [`text_elsewhere`](Loading::text_elsewhere) joins the name.
//!    If the variable has aliases, a file, stores, or readers of notes, `search` asks all
//!    places and checks them. Without a text, the default is read, or the variable is
//!    missing.
//! 4. The text becomes a value, or a problem.

use std::borrow::Cow;
use std::env::VarError;
use std::ffi::OsStr;

use super::{Loading, Reported};
#[cfg(feature = "watch")]
use crate::live::Live;
use crate::source::Process;
use crate::spec::{Item, Name, Part, Presence, Var, SEPARATOR};
use crate::value::{Invalid, Text};

/// Makes a value of a text. A type parameter, so that the function is compiled into its
/// caller.
pub trait Reads<T>: FnOnce(&mut Text<'_>) -> Result<T, Invalid> {}

impl<T, F: FnOnce(&mut Text<'_>) -> Result<T, Invalid>> Reads<T> for F {}

/// Why the fast path has no text.
///
/// As wide as a pointer: an enum that shares its place in a `Result` with a byte is moved
/// byte by byte.
#[derive(Clone, Copy)]
#[repr(usize)]
enum Miss {
    /// The variable is unset or empty in the environment of this process, has no other
    /// place, and nobody will read notes.
    Unset,
    /// Other places were not asked yet, or notes are wanted.
    Unknown,
}

impl<'s> Loading<'s> {
    /// Loads a field that must have a value, from a variable or from its default.
    #[inline(never)]
    pub fn var<T>(&mut self, index: usize, read: impl Reads<T>) -> Option<T> {
        match self.text_of_process(index) {
            Ok(text) => self.read(index, text, read),
            Err(miss) => self.read_elsewhere(miss, index, read).ok()?,
        }
    }

    /// Loads a field that is an `Option`.
    #[inline(never)]
    pub fn optional<T>(&mut self, index: usize, read: impl Reads<T>) -> Option<Option<T>> {
        match self.text_of_process(index) {
            Ok(text) => self.read(index, text, read).map(Some),
            Err(Miss::Unset) if matches!(self.items[index].presence, Presence::Optional) => {
                Some(None)
            }
            Err(miss) => self.read_elsewhere(miss, index, read).ok(),
        }
    }

    /// Loads a field with a default that a function returns.
    pub fn var_or<T>(
        &mut self,
        index: usize,
        read: impl Reads<T>,
        default: fn() -> T,
    ) -> Option<T> {
        let Some(value) = self.optional(index, read)? else {
            self.note_default(index);
            return Some(default());
        };
        Some(value)
    }

    /// Loads a field with a default that is made of fields before it, unless these failed.
    pub fn var_or_else<T>(
        &mut self,
        index: usize,
        arguments: &[usize],
        read: impl Reads<T>,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let Some(value) = self.optional(index, read)? else {
            self.note_computed(index, arguments);
            return default();
        };
        Some(value)
    }

    /// Makes the value of a field a live value, which a watcher can replace.
    #[cfg(feature = "watch")]
    pub fn live<T: Send + Sync + 'static>(
        &mut self,
        index: usize,
        value: Option<T>,
    ) -> Option<Live<T>> {
        let live = Live::new(value?);
        if let Some(watched) = self.notes.as_mut().and_then(|notes| notes.watched.as_mut()) {
            let name = self.items[index].full_name(&self.path);
            watched.add_live(name, &live);
        }
        Some(live)
    }

    /// Loads the selector of a one-of group: the index of the variant that it names.
    pub fn select(&mut self, words: &[&[&'static str]]) -> Option<usize> {
        let index = self.var(0, |text| text.word(words))?;
        let word = words[index][0];
        if words[index].len() > 1 {
            self.with_aliases.push((self.path.to_string(), word));
        }
        self.warn_of_unselected(word, false);
        Some(index)
    }

    /// Returns the text in the environment of this process, if the name is known: the fast
    /// path.
    #[inline]
    fn text_of_process(&mut self, index: usize) -> Result<String, Miss> {
        let name = self.known.next().copied().unwrap_or_default();
        if name.is_empty() {
            return Err(Miss::Unknown);
        }
        debug_assert!(self.items[index].is_called(name, &self.path), "{name}");
        let text = Process::var(name).map_err(|err| match err {
            VarError::NotPresent => Miss::Unset,
            VarError::NotUnicode(_) => Miss::Unknown,
        })?;
        if text.is_empty() {
            return Err(Miss::Unset);
        }
        Ok(text)
    }

    #[inline]
    fn read<T>(&mut self, index: usize, mut text: String, read: impl Reads<T>) -> Option<T> {
        let value = read(&mut Text::owned(&mut text, SEPARATOR));
        self.accept(index, value)
    }

    #[cold]
    fn read_elsewhere<T>(
        &mut self,
        miss: Miss,
        index: usize,
        read: impl Reads<T>,
    ) -> Result<Option<T>, Reported> {
        let (mut found, default);
        let text = match miss {
            Miss::Unset => {
                default = self.default(index)?;
                let default = default.as_deref();
                default.map(|text| Text::borrowed(text, SEPARATOR))
            }
            Miss::Unknown => {
                found = self.text_elsewhere(index)?;
                found.as_mut().map(Found::text)
            }
        };
        let Some(mut text) = text else {
            return Ok(None);
        };
        let value = read(&mut text);
        self.accept(index, value).map(Some).ok_or(Reported)
    }

    /// Returns the text of a variable that the fast path has not found, or else its
    /// default.
    #[cold]
    fn text_elsewhere(&mut self, index: usize) -> Result<Option<Found<'s>>, Reported> {
        let (item, var) = self.item(index);
        let found = if var.is_plain && self.notes.is_none() {
            self.text_of_source(item)
        } else {
            self.search(item, var)?
        };
        if found.is_some() {
            return Ok(found);
        }
        let Some(text) = self.default(index)? else {
            return Ok(None);
        };
        self.note_default(index);
        Ok(Some(Found {
            raw: Ok(text),
            separator: var.separator(),
        }))
    }

    /// Returns the text of a variable under its own name, the only place of a plain one.
    fn text_of_source(&mut self, item: &'static Item) -> Option<Found<'s>> {
        let name = match item.name {
            Name::Full(name) => name,
            Name::Segment(segment) => {
                self.path.name_in(&mut self.joined, segment);
                &self.joined
            }
        };
        let raw = self.lookup.set(name)?;
        Some(Found::new(raw, SEPARATOR))
    }

    /// Returns the text of a variable from the first of its places: stores, its own name,
    /// aliases, deprecated names, each with its file first. Problems and oddities of all places
    /// are remembered.
    fn search(
        &mut self,
        item: &'static Item,
        var: &'static Var,
    ) -> Result<Option<Found<'s>>, Reported> {
        let mut places = self.lookup.places(item, var, &self.path);
        self.check_places(item, var, &places)?;
        if self.lookup.is_unknown(&places) {
            return Err(Reported);
        }
        if places.is_empty() {
            return Ok(None);
        }
        self.note_places(item, var, &places);
        let raw = places.swap_remove(0).contents.into_text();
        Ok(raw.map(|raw| Found::new(raw, var.separator())))
    }

    /// Returns the text that is read as if the variable held it.
    #[inline]
    fn default(&mut self, index: usize) -> Result<Option<Cow<'static, str>>, Reported> {
        match self.items[index].presence {
            Presence::Default(text) => Ok(Some(Cow::Borrowed(text))),
            // A field without a text has a problem of its own.
            Presence::From(parts) => match self.composed(parts) {
                Some(text) => Ok(Some(Cow::Owned(text))),
                None => Err(Reported),
            },
            Presence::Required => Err(self.missing(index)),
            Presence::Optional | Presence::Variant(_) | Presence::When(_) => Ok(None),
        }
    }

    /// Returns the text of a default with the texts of other fields in it, unless one of these is
    /// missing or unknown.
    #[cold]
    pub(super) fn composed(&self, parts: &[Part]) -> Option<String> {
        let parts = parts.iter().map(|part| match part {
            Part::Text(text) => Some(Cow::Borrowed(*text)),
            Part::Field(index) => self.text_in_effect(*index),
        });
        parts.collect()
    }

    /// Returns the text that a field is read from.
    fn text_in_effect(&self, index: usize) -> Option<Cow<'static, str>> {
        let (item, var) = self.item(index);
        let mut places = self.lookup.places(item, var, &self.path);
        if self.lookup.is_unknown(&places) {
            return None;
        }
        if places.is_empty() {
            return match item.presence {
                Presence::Default(text) => Some(Cow::Borrowed(text)),
                Presence::From(parts) => self.composed(parts).map(Cow::Owned),
                _ => None,
            };
        }
        let text = places.swap_remove(0).contents.into_text()?;
        Some(Cow::Owned(text.to_str()?.to_owned()))
    }

    /// Returns the value, or remembers why there is none. Ranges and validators are part of
    /// `read`, so their reasons arrive here too.
    fn accept<T>(&mut self, index: usize, value: Result<T, Invalid>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.wrong(index, &invalid);
                None
            }
        }
    }
}

/// A text that the fast path has not found, or a default.
struct Found<'s> {
    raw: Result<Cow<'s, str>, Cow<'s, OsStr>>,
    separator: &'static str,
}

impl<'s> Found<'s> {
    fn new(raw: Cow<'s, OsStr>, separator: &'static str) -> Self {
        let raw = match raw {
            Cow::Owned(raw) => raw.into_string().map(Cow::Owned).map_err(Cow::Owned),
            Cow::Borrowed(raw) => raw.to_str().map(Cow::Borrowed).ok_or(Cow::Borrowed(raw)),
        };
        Self { raw, separator }
    }

    fn text(&mut self) -> Text<'_> {
        match &mut self.raw {
            Ok(Cow::Owned(text)) => Text::owned(text, self.separator),
            Ok(Cow::Borrowed(text)) => Text::borrowed(text, self.separator),
            Err(text) => Text::not_unicode(text, self.separator),
        }
    }
}
