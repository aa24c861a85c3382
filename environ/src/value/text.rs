//! The text of one variable, on its way into a value.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::mem;

use super::invalid::Invalid;

/// The text of one variable, on its way into a value.
///
/// `Debug` does not show it: it may be a secret.
pub struct Text<'a> {
    raw: Raw<'a>,
    separator: &'a str,
    /// The number of lists that it is an element in.
    depth: usize,
}

/// Nothing to drop: where the reading is inlined, this is not in memory at all.
enum Raw<'a> {
    Owned(&'a mut String),
    Borrowed(&'a str),
    NotUnicode(&'a OsStr),
}

impl<'a> Text<'a> {
    /// Creates the text of a variable, for a test of [`EnvValue::from_text`] or to call it
    /// for another type.
    ///
    /// Elements of a list are separated by `,`; set another separator by
    /// [`with_separator`](Self::with_separator).
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::{EnvConfig, EnvValue, Form, Invalid, Text};
    ///
    /// /// A value with white space around it.
    /// struct Trimmed<T>(T);
    ///
    /// impl<T: EnvValue> EnvValue for Trimmed<T> {
    ///     const FORM: Form = T::FORM;
    ///
    ///     fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
    ///         let trimmed = Text::new(text.as_str()?.trim());
    ///         T::from_text(&mut trimmed.with_separator(text.separator())).map(Self)
    ///     }
    /// }
    ///
    /// #[derive(EnvConfig)]
    /// struct Http {
    ///     port: Trimmed<u16>,
    /// }
    ///
    /// assert_eq!(Http::from_source([("APP_PORT", " 80 ")])?.port.0, 80);
    /// # Ok::<(), environ::Error>(())
    /// ```
    ///
    /// [`EnvValue::from_text`]: crate::EnvValue::from_text
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self {
            raw: Raw::Borrowed(text),
            separator: ",",
            depth: 0,
        }
    }

    /// Sets the separator of the elements of a list.
    #[must_use]
    pub fn with_separator(mut self, separator: &'a str) -> Self {
        self.separator = separator;
        self
    }

    #[inline]
    pub(crate) fn owned(text: &'a mut String, separator: &'a str) -> Self {
        Self {
            raw: Raw::Owned(text),
            separator,
            depth: 0,
        }
    }

    #[inline]
    pub(crate) fn borrowed(text: &'a str, separator: &'a str) -> Self {
        Self {
            raw: Raw::Borrowed(text),
            separator,
            depth: 0,
        }
    }

    pub(crate) fn not_unicode(text: &'a OsStr, separator: &'a str) -> Self {
        Self {
            raw: Raw::NotUnicode(text),
            separator,
            depth: 0,
        }
    }

    /// Returns the text.
    ///
    /// # Errors
    ///
    /// If it is not UTF-8.
    #[inline]
    pub fn as_str(&self) -> Result<&str, Invalid> {
        match &self.raw {
            Raw::Owned(text) => Ok(text),
            Raw::Borrowed(text) => Ok(text),
            Raw::NotUnicode(_) => Err(Invalid::not_unicode()),
        }
    }

    /// Returns the text as the operating system has it, UTF-8 or not.
    #[must_use]
    pub fn as_os_str(&self) -> &OsStr {
        match &self.raw {
            Raw::Owned(text) => OsStr::new(text.as_str()),
            Raw::Borrowed(text) => OsStr::new(text),
            Raw::NotUnicode(text) => text,
        }
    }

    /// Takes the text out, without a copy if the source gave it away, and leaves an empty
    /// text.
    ///
    /// # Errors
    ///
    /// If it is not UTF-8; then it is left as it is.
    #[inline]
    pub fn take_string(&mut self) -> Result<String, Invalid> {
        match &mut self.raw {
            Raw::Owned(text) => Ok(mem::take(text)),
            Raw::Borrowed(text) => Ok(mem::take(text).to_owned()),
            Raw::NotUnicode(_) => Err(Invalid::not_unicode()),
        }
    }

    /// Takes the text out as the operating system has it, UTF-8 or not, and leaves an empty
    /// text.
    #[must_use]
    pub fn take_os_string(&mut self) -> OsString {
        match mem::replace(&mut self.raw, Raw::Borrowed("")) {
            Raw::Owned(text) => mem::take(text).into(),
            Raw::Borrowed(text) => text.into(),
            Raw::NotUnicode(text) => text.into(),
        }
    }

    /// Returns the separator of the elements of a list: `,`, unless the field has
    /// `#[env(separator = "...")]`.
    #[must_use]
    pub fn separator(&self) -> &str {
        self.separator
    }

    /// Returns one element of a list as a text, with the same separator.
    pub(crate) fn element<'b>(&'b self, text: &'b str) -> Text<'b> {
        Text {
            depth: self.depth + 1,
            ..Text::borrowed(text, self.separator)
        }
    }

    /// Returns the number of lists that contain the text. A text to write is escaped once for each.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The place of the text among `words`, in any letter case, with `_` for `-` too.
    #[doc(hidden)]
    pub fn word(&self, words: &[&[&str]]) -> Result<usize, Invalid> {
        let text = self.as_str()?;
        words
            .iter()
            .position(|words| words.iter().any(|word| is_word(word, text)))
            .ok_or_else(Invalid::word)
    }

    /// For `#[env(parse = path)]`.
    #[doc(hidden)]
    pub fn parse_with<T>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<T, Invalid> {
        parse(self.as_str()?)
    }
}

/// Returns whether `text` is the word, in any letter case, with `_` for `-` too.
fn is_word(word: &str, text: &str) -> bool {
    if word.len() == text.len() && text.is_ascii() {
        return super::accepted::is_word(word.as_bytes(), text.as_bytes());
    }
    let folded = |text: &str| text.to_lowercase().replace('_', "-");
    !text.is_ascii() && folded(word) == folded(text)
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").finish_non_exhaustive()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::Text;

    #[test]
    fn what_is_taken_is_gone_wherever_it_came_from() {
        let mut given = String::from("text");
        let list = Text::borrowed("text,other", ",");
        for mut text in [
            Text::owned(&mut given, ","),
            Text::borrowed("text", ","),
            list.element("text"),
        ] {
            assert_eq!(text.take_string().unwrap(), "text");
            assert_eq!(text.as_str().unwrap(), "");
            assert_eq!(text.take_os_string(), "");
        }
    }

    #[test]
    fn what_is_taken_as_the_system_has_it_is_gone_too() {
        let raw = OsStr::from_bytes(b"\xff");
        let mut given = String::from("text");
        for (mut text, expected) in [
            (Text::owned(&mut given, ","), OsStr::new("text")),
            (Text::borrowed("text", ","), OsStr::new("text")),
            (Text::not_unicode(raw, ","), raw),
        ] {
            assert_eq!(text.as_os_str(), expected);
            assert_eq!(text.take_os_string(), expected);
            assert_eq!(text.as_str().unwrap(), "");
        }
    }

    #[test]
    fn what_cannot_be_taken_is_left() {
        let raw = OsStr::from_bytes(b"\xff");
        let mut text = Text::not_unicode(raw, ",");
        text.take_string().unwrap_err();
        assert_eq!(text.as_os_str(), raw);
    }
}
