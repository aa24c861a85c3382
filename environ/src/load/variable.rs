//! What generated code calls for a field that one variable fills.
//!
//! `from_env` mostly finds what it looks for: that way is one function for each way of
//! reading, in which the text never leaves it. What was not found at once is cold, and
//! so is every other load.

use super::find::{Found, Missing};
use crate::load::{Pass, Reported};
use crate::spec::SEPARATOR;
use crate::value::{Invalid, Text};

/// What makes a value of a text: a type of its own, so that it is compiled into what
/// calls it.
pub trait Reads<T>: FnOnce(&mut Text<'_>) -> Result<T, Invalid> {}

impl<T, F: FnOnce(&mut Text<'_>) -> Result<T, Invalid>> Reads<T> for F {}

impl Pass<'_> {
    /// A field that must have a value, from a variable or from its default.
    #[inline(never)]
    pub fn var<T>(&mut self, index: usize, read: impl Reads<T>) -> Option<T> {
        match self.find(index) {
            Ok(text) => self.read(index, text, read),
            Err(missing) => self.read_otherwise(missing, index, read).ok()?,
        }
    }

    /// A field that is an `Option`.
    #[inline(never)]
    pub fn optional<T>(&mut self, index: usize, read: impl Reads<T>) -> Option<Option<T>> {
        match self.find(index) {
            Ok(text) => self.read(index, text, read).map(Some),
            Err(Missing::Unset) => Some(None),
            Err(missing) => self.read_otherwise(missing, index, read).ok(),
        }
    }

    /// A field whose default is made by a function.
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

    /// The variant that a one-of group's own variable names.
    pub fn select(&mut self, words: &[&[&str]]) -> Option<usize> {
        let index = self.var(0, |text| text.word(words))?;
        self.warn_of_unselected(words[index][0]);
        Some(index)
    }

    #[inline]
    fn read<T>(&mut self, index: usize, mut text: String, read: impl Reads<T>) -> Option<T> {
        let value = read(&mut Text::owned(&mut text, SEPARATOR));
        self.accept(index, value)
    }

    #[cold]
    fn read_otherwise<T>(
        &mut self,
        missing: Missing,
        index: usize,
        read: impl Reads<T>,
    ) -> Result<Option<T>, Reported> {
        let mut found;
        let text = match missing {
            Missing::Unset => {
                let default = self.default(index)?;
                default.map(|text| Text::borrowed(text, SEPARATOR))
            }
            Missing::Unknown => {
                found = self.find_otherwise(index)?;
                found.as_mut().map(Found::text)
            }
        };
        let Some(mut text) = text else {
            return Ok(None);
        };
        let value = read(&mut text);
        self.accept(index, value).map(Some).ok_or(Reported)
    }

    fn accept<T>(&mut self, index: usize, value: Result<T, Invalid>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.wrong(index, invalid);
                None
            }
        }
    }
}
