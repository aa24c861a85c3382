//! How a pass finds the text of a variable. For `from_env` the environment is asked
//! without a detour: a load is little else than look-ups.

use std::borrow::Cow;
use std::env::VarError;
use std::ffi::OsStr;

use crate::load::{Pass, Reported};
use crate::name;
use crate::source::Process;
use crate::spec::{Item, Name, Presence, Var, SEPARATOR};
use crate::value::Text;

/// A text that was not found at once, or the default where none was.
pub(crate) struct Found<'s> {
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

    pub(crate) fn text(&mut self) -> Text<'_> {
        match &mut self.raw {
            Ok(Cow::Owned(text)) => Text::owned(text, self.separator),
            Ok(Cow::Borrowed(text)) => Text::borrowed(text, self.separator),
            Err(text) => Text::not_unicode(text, self.separator),
        }
    }
}

/// Why a text was not found at once.
///
/// As wide as a pointer: one that shares its place in a `Result` with a byte is moved
/// byte by byte.
#[derive(Clone, Copy)]
#[repr(usize)]
pub(crate) enum Missing {
    /// It is not in the environment of this process, or set to nothing there; there is
    /// no other place, and nobody will read notes.
    Unset,
    /// It has not been looked for everywhere, or more than the text is to be known.
    Unknown,
}

impl<'s> Pass<'s> {
    /// The text of a variable, if its name is known and it is set in the environment
    /// of this process.
    #[inline]
    pub(crate) fn find(&mut self, index: usize) -> Result<String, Missing> {
        let name = self.known.next().copied().unwrap_or_default();
        if name.is_empty() {
            return Err(Missing::Unknown);
        }
        debug_assert!(self.items[index].is_called(name, &self.path), "{name}");
        let text = Process::var(name).map_err(|err| match err {
            VarError::NotPresent => Missing::Unset,
            VarError::NotUnicode(_) => Missing::Unknown,
        })?;
        if text.is_empty() {
            return Err(Missing::Unset);
        }
        Ok(text)
    }

    /// The text of a variable whose name was not known, or that is not UTF-8; or of its
    /// default.
    #[cold]
    pub(crate) fn find_otherwise(&mut self, index: usize) -> Result<Option<Found<'s>>, Reported> {
        let (item, var) = self.item(index);
        let found = if var.is_plain && self.notes.is_none() {
            self.look_up(item)
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
            raw: Ok(Cow::Borrowed(text)),
            separator: var.separator,
        }))
    }

    /// The text that is read as if the variable held it.
    #[inline]
    pub(crate) fn default(&mut self, index: usize) -> Result<Option<&'static str>, Reported> {
        match self.items[index].presence {
            Presence::Default(text) => Ok(Some(text)),
            Presence::Required => Err(self.missing(index)),
            Presence::Optional | Presence::Variant(_) => Ok(None),
        }
    }

    /// The text of a variable under its own name.
    fn look_up(&mut self, item: &'static Item) -> Option<Found<'s>> {
        let name = match item.name {
            Name::Full(name) => name,
            Name::Segment(segment) => {
                name::join_in(&mut self.joined, &self.path, segment);
                &self.joined
            }
        };
        let raw = self.env.set(name)?;
        Some(Found::new(raw, SEPARATOR))
    }

    /// The text of a variable, wherever it is; and what is odd or wrong about that.
    fn search(
        &mut self,
        item: &'static Item,
        var: &'static Var,
    ) -> Result<Option<Found<'s>>, Reported> {
        let mut hits = self.env.hits(item, var, &self.path);
        self.check_hits(item, var, &hits)?;
        if hits.is_empty() {
            return Ok(None);
        }
        self.note_hits(item, var, &hits);
        let raw = hits.swap_remove(0).text.into_text();
        Ok(raw.map(|raw| Found::new(raw, var.separator)))
    }
}
