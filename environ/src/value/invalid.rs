//! Why a text is not a value, apart from how the report words it.

use std::ffi::OsStr;
use std::fmt::{self, Display};

use super::Form;
use crate::redact::display;

use super::answer::Parsing;

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
    /// Of an element of a list: its place and its mistake, ready to be shown, and the
    /// reason.
    OfElement(String, Option<String>),
    /// It is a value, but a validator refuses it.
    Refused(String),
}

impl Invalid {
    /// Creates the answer with a reason, which follows `"x" is not a u16: ` in the report.
    pub fn new(reason: impl Display) -> Self {
        Why::Because(in_plain_words(reason.to_string())).into()
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
    pub(crate) fn of_element(self, number: usize, element: &str, form: Form) -> Self {
        let element = display::quoted(OsStr::new(element));
        self.of_part(&format!("element {number}, {element},"), form)
    }

    /// Returns this reason as the reason of the key or the value in one element of a map.
    pub(crate) fn of_half(self, number: usize, element: &str, half: &str, form: Form) -> Self {
        // Without the name before it, a password in the element would be shown.
        let element = display::quoted(OsStr::new(element));
        self.of_part(&format!("the {half} of element {number}, {element},"), form)
    }

    fn of_part(self, part: &str, form: Form) -> Self {
        let (mistake, reason) = match *self.0 {
            Why::Because(reason) => (format!("{part} is not {form}"), Some(reason)),
            Why::NotThat => (format!("{part} is not {form}"), None),
            Why::Refused(reason) => (format!("{part} is refused"), Some(reason)),
            Why::OfElement(inner, reason) => (format!("{part} has a mistake: {inner}"), reason),
            Why::NotUnicode => return self,
        };
        Why::OfElement(mistake, reason).into()
    }
}

/// Parsers of the standard library speak to programmers.
const PLAIN_WORDS: &[(&str, &str)] = &[
    (
        "invalid digit found in string",
        "it has a character that is not a digit",
    ),
    ("number too large to fit in target type", "it is too large"),
    ("number too small to fit in target type", "it is too small"),
    ("number would be zero for non-zero type", "it must not be 0"),
    ("cannot parse integer from empty string", "it is empty"),
    ("cannot parse float from empty string", "it is empty"),
    ("cannot parse char from empty string", "it is empty"),
    ("invalid float literal", "it must be a number, like 0.5"),
    (
        "out of range integral type conversion attempted",
        "it is too large or too small",
    ),
    (
        "provided string was not `true` or `false`",
        "it must be true or false",
    ),
    ("too many characters in string", "it must be one character"),
    ("invalid IP address syntax", "the address has a mistake"),
    ("invalid IPv4 address syntax", "the address has a mistake"),
    ("invalid IPv6 address syntax", "the address has a mistake"),
    (
        "invalid socket address syntax",
        "it must be an address with a port, like 127.0.0.1:8000",
    ),
    (
        "invalid IPv4 socket address syntax",
        "it must be an address with a port, like 127.0.0.1:8000",
    ),
    (
        "invalid IPv6 socket address syntax",
        "it must be an address with a port, like [::1]:8000",
    ),
];

/// Returns the reason, or plain words for it if the standard library wrote it: a type
/// of the user's may pass on the error of the parser that it calls.
pub(super) fn in_plain_words(reason: String) -> String {
    let known = PLAIN_WORDS.iter().find(|(std, _)| *std == reason);
    known.map_or(reason, |(_, plain)| (*plain).to_owned())
}

impl From<Why> for Invalid {
    fn from(why: Why) -> Self {
        Self(why.into())
    }
}

/// Returns the value of a parser of the user's, or its error as a reason.
pub fn parsed<T, A: Parsing<T>>(answer: A) -> Result<T, Invalid> {
    answer.into_result().map_err(Invalid::new)
}

#[cfg(test)]
mod tests {
    use std::fmt::Display;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
    use std::num::NonZeroU8;
    use std::str::FromStr;

    use super::{in_plain_words, PLAIN_WORDS};

    /// The words are those of this compiler's library.
    #[test]
    fn every_text_of_the_standard_library_is_known() {
        fn error<T: FromStr<Err: Display>>(text: &str) -> String {
            text.parse::<T>().err().unwrap().to_string()
        }

        let errors = [
            error::<u8>("x"),
            error::<u8>("256"),
            error::<i8>("-129"),
            error::<NonZeroU8>("0"),
            error::<u8>(""),
            error::<f64>(""),
            error::<char>(""),
            error::<f64>("x"),
            u8::try_from(256_u16).unwrap_err().to_string(),
            error::<bool>("x"),
            error::<char>("ab"),
            error::<IpAddr>("x"),
            error::<Ipv4Addr>("x"),
            error::<Ipv6Addr>("x"),
            error::<SocketAddr>("x"),
            error::<SocketAddrV4>("x"),
            error::<SocketAddrV6>("x"),
        ];
        assert!(errors.iter().eq(PLAIN_WORDS.iter().map(|(std, _)| std)));
        for error in errors {
            assert_ne!(in_plain_words(error.clone()), error);
        }
        assert_eq!(in_plain_words("it is odd".to_owned()), "it is odd");
    }
}
