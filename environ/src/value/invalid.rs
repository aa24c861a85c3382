//! Why a text is not a value, apart from how the report words it.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::{self, Display};

use crate::redact::display;

/// Why a text is not a value.
///
/// `Debug` does not show it: it may quote a secret.
// Boxed, so that a `Result` is hardly larger than the value.
pub struct Invalid(pub(crate) Box<Why>);

impl fmt::Debug for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invalid").finish_non_exhaustive()
    }
}

pub(crate) enum Why {
    NotUnicode,
    /// The text is not of the form, and there is no other reason.
    NotThat,
    /// Follows "is not a u16: ".
    Because(Reason),
    /// Of an element of a list: its place, ready to be shown, and the reason.
    OfElement(String, Option<Reason>),
    /// It is a value, but a validator refuses it.
    Refused(Reason),
}

/// A reason in words.
pub(crate) struct Reason {
    pub(crate) text: Cow<'static, str>,
    /// Whether the text is one of the program's own, which quotes no value.
    pub(crate) is_constant: bool,
    /// Where in the text of the variable it is, in words that quote nothing.
    pub(crate) place: Option<String>,
}

impl Reason {
    pub(crate) fn constant(text: &'static str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            is_constant: true,
            place: None,
        }
    }

    pub(crate) fn said(reason: &dyn Display, is_constant: bool) -> Self {
        Self {
            text: Cow::Owned(reason.to_string()),
            is_constant,
            place: None,
        }
    }
}

impl Invalid {
    /// Creates the answer with a reason, which follows `"x" is not a u16: ` in the report.
    pub fn new(reason: impl Display) -> Self {
        Why::Because(Reason::said(&reason, false)).into()
    }

    /// Takes a reason that is always shown, for secrets too: a constant cannot quote a
    /// value.
    ///
    /// ```
    /// use environ::{EnvConfig, EnvValue, Form, Invalid, Secret, Text};
    ///
    /// struct Token(String);
    ///
    /// impl EnvValue for Token {
    ///     const FORM: Form = Form::Type("token");
    ///
    ///     fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
    ///         if !text.as_str()?.starts_with("tk_") {
    ///             return Err(Invalid::fixed("it begins with tk_"));
    ///         }
    ///         text.take_string().map(Self)
    ///     }
    /// }
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "never loads")]
    /// struct Api {
    ///     token: Secret<Token>,
    /// }
    ///
    /// let err = Api::from_source(&[("APP_TOKEN", "hunter2")]).err().unwrap();
    /// assert_eq!(
    ///     err.problems().next().unwrap().message(),
    ///     "the secret is not a token: it begins with tk_"
    /// );
    /// ```
    #[must_use]
    pub fn fixed(reason: &'static str) -> Self {
        Why::Because(Reason::constant(reason)).into()
    }

    /// Not one of the words, and the form lists them.
    #[doc(hidden)]
    #[must_use]
    pub fn word() -> Self {
        Why::NotThat.into()
    }

    #[cold]
    pub(super) fn not_unicode() -> Self {
        Why::NotUnicode.into()
    }

    /// Returns this reason as the reason of one element of a list, counted from 1.
    pub(crate) fn of_element(self, number: usize, element: &str) -> Self {
        let element = display::quoted(OsStr::new(element));
        let place = format!("element {number}, {element}");
        let why = match *self.0 {
            Why::Because(reason) | Why::Refused(reason) => Why::OfElement(place, Some(reason)),
            Why::OfElement(inner, reason) => Why::OfElement(format!("{place}: {inner}"), reason),
            Why::NotThat => Why::OfElement(format!("element {number} is {element}"), None),
            Why::NotUnicode => Why::NotUnicode,
        };
        why.into()
    }
}

impl From<Why> for Invalid {
    fn from(why: Why) -> Self {
        Self(why.into())
    }
}

/// Returns the value of a parser of the user's, or its error as a reason, which may be
/// constant.
pub fn parsed<T, E: Display>(result: Result<T, E>, is_constant: bool) -> Result<T, Invalid> {
    result.map_err(|reason| Why::Because(Reason::said(&reason, is_constant)).into())
}
