//! Why a text is not a value, apart from how the report words it.

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
    Because(String),
    /// Of an element of a list: its place, ready to be shown, and the reason.
    OfElement(String, Option<String>),
    /// It is a value, but a validator refuses it.
    Refused(String),
}

impl Invalid {
    /// Creates the answer with a reason, which follows `"x" is not a u16: ` in the report.
    pub fn new(reason: impl Display) -> Self {
        Why::Because(reason.to_string()).into()
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

/// Returns the value of a parser of the user's, or its error as a reason.
pub fn parsed<T, E: Display>(result: Result<T, E>) -> Result<T, Invalid> {
    result.map_err(Invalid::new)
}
