//! Why a text is not a value, apart from how the report words it.

use std::borrow::Cow;
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
    Because(Reason),
    /// Of an element of a list: its place and its mistake, ready to be shown, and the
    /// reason.
    OfElement(String, Option<Reason>),
    /// It is a value, but a validator refuses it.
    Refused(Reason),
    /// A validator of a struct refuses it, because of the field.
    At(Cow<'static, str>, Reason),
}

/// A reason in words.
pub(crate) struct Reason {
    pub(crate) text: Cow<'static, str>,
    /// Whether the text is a constant of the program, which quotes no value.
    pub(crate) is_constant: bool,
    /// Where in the text of the variable it is, in words that quote nothing.
    pub(crate) place: Option<String>,
    /// The words in place of "is not a JSON value", where the text is one.
    pub(crate) verdict: Option<&'static str>,
}

impl Reason {
    pub(crate) fn constant(text: &'static str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            is_constant: true,
            place: None,
            verdict: None,
        }
    }

    /// Creates the reason, in plain words if the standard library wrote it: a type of the
    /// user's may pass on the error of the parser that it calls.
    pub(crate) fn said(reason: &dyn Display, is_constant: bool) -> Self {
        let text = reason.to_string();
        match in_plain_words(&text) {
            Some(plain) => Self::constant(plain),
            None => Self {
                text: Cow::Owned(text),
                is_constant,
                place: None,
                verdict: None,
            },
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
    ///     const FORM: Form = Form::noun("token");
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
    /// let err = Api::from_source([("APP_TOKEN", "hunter2")]).err().unwrap();
    /// assert_eq!(
    ///     err.problems().next().unwrap().message(),
    ///     "the secret is not a token: it begins with tk_"
    /// );
    /// ```
    #[must_use]
    pub fn fixed(reason: &'static str) -> Self {
        Why::Because(Reason::constant(reason)).into()
    }

    /// Takes a reason that is always shown, for secrets too: the caller vouches that no part
    /// of a secret is in it. [`Invalid::fixed`] needs no such promise.
    ///
    /// ```
    /// use environ::{EnvConfig, Invalid, Secret};
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "never loads")]
    /// struct Db {
    ///     #[env(validate = long_enough)]
    ///     password: Secret<String>,
    /// }
    ///
    /// fn long_enough(password: &Secret<String>) -> Result<(), Invalid> {
    ///     match password.expose().len() {
    ///         length @ ..12 => Err(Invalid::vouched(format_args!(
    ///             "{length} letters are too few; write 12"
    ///         ))),
    ///         _ => Ok(()),
    ///     }
    /// }
    ///
    /// let err = Db::from_source([("APP_PASSWORD", "hunter2")]).err().unwrap();
    /// assert_eq!(
    ///     err.problems().next().unwrap().message(),
    ///     "the secret is refused: 7 letters are too few; write 12"
    /// );
    /// ```
    pub fn vouched(reason: impl Display) -> Self {
        Why::Because(Reason::said(&reason, true)).into()
    }

    /// Creates the answer of a validator of a struct: the field that is wrong, and a reason.
    /// The report shows the reason at the variable of the field.
    ///
    /// A field of a group is `tls.key`, of a list of groups `peers[0].host`, and of a map of groups
    /// `db[eu].url`. A reason that quotes a secret is withheld.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::{EnvConfig, Invalid};
    ///
    /// #[derive(Debug, EnvConfig)]
    /// #[env(validate = ordered)]
    /// struct Pool {
    ///     #[env(default = 1)]
    ///     least: u8,
    ///     #[env(default = 8)]
    ///     most: u8,
    /// }
    ///
    /// fn ordered(pool: &Pool) -> Result<(), Invalid> {
    ///     if pool.least > pool.most {
    ///         return Err(Invalid::at("least", format_args!("above {}", pool.most)));
    ///     }
    ///     Ok(())
    /// }
    ///
    /// let err = Pool::from_source([("APP_LEAST", "9")]).unwrap_err();
    /// assert_eq!(
    ///     err.problems().next().unwrap().to_string(),
    ///     "APP_LEAST: refused: above 8"
    /// );
    /// ```
    pub fn at(field: impl Into<Cow<'static, str>>, reason: impl Display) -> Self {
        Why::At(field.into(), Reason::said(&reason, false)).into()
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

    /// Returns this reason as the reason of the key or the value in an element of a map.
    pub(crate) fn of_half(self, number: usize, element: &str, half: &str, form: Form) -> Self {
        // Without the name before it, a password in the element would be shown.
        let element = display::quoted(OsStr::new(element));
        self.of_part(&format!("the {half} of element {number}, {element},"), form)
    }

    /// Adds the numbers of the other wrong elements to the reason of the first. `is_wrong` is
    /// asked with places from 0 to `count`.
    #[cold]
    pub(crate) fn with_others(mut self, count: usize, is_wrong: &dyn Fn(usize) -> bool) -> Self {
        if let Why::OfElement(mistake, _) = &mut *self.0 {
            let wrong = (0..count).filter(|index| is_wrong(*index));
            let numbers: Vec<usize> = wrong.skip(1).map(|index| index + 1).collect();
            if let Some(others) = others(&numbers) {
                *mistake = format!("{mistake} ({others} too)");
            }
        }
        self
    }

    fn of_part(self, part: &str, form: Form) -> Self {
        let (mistake, reason) = match *self.0 {
            Why::Because(reason) => (format!("{part} is not {form}"), Some(reason)),
            Why::NotThat => (format!("{part} is not {form}"), None),
            Why::Refused(reason) | Why::At(_, reason) => {
                (format!("{part} is refused"), Some(reason))
            }
            Why::OfElement(inner, reason) => (format!("{part} has a mistake: {inner}"), reason),
            Why::NotUnicode => return self,
        };
        Why::OfElement(mistake, reason).into()
    }
}

/// A report is read by a person.
const MAX_NUMBERS: usize = 10;

/// Says that the elements with these numbers are wrong.
fn others(numbers: &[usize]) -> Option<String> {
    let (last, before) = numbers.split_last()?;
    if before.is_empty() {
        return Some(format!("element {last} is wrong"));
    }
    let listed = |numbers: &[usize]| {
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        numbers.join(", ")
    };
    Some(match numbers.get(MAX_NUMBERS..) {
        Some(rest @ [_, ..]) => {
            let (first, more) = (listed(&numbers[..MAX_NUMBERS]), rest.len());
            format!("elements {first} and {more} more are wrong")
        }
        _ => format!("elements {} and {last} are wrong", listed(before)),
    })
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

/// Returns plain words for a reason that the standard library wrote.
fn in_plain_words(reason: &str) -> Option<&'static str> {
    let known = PLAIN_WORDS.iter().find(|(std, _)| *std == reason);
    known.map(|(_, plain)| *plain)
}

impl From<Why> for Invalid {
    fn from(why: Why) -> Self {
        Self(why.into())
    }
}

/// Returns the value of a parser of the user's, or its error as a reason, which may be
/// constant.
pub fn parsed<T, A: Parsing<T, Via>, Via>(answer: A, is_constant: bool) -> Result<T, Invalid> {
    answer.into_result(is_constant)
}

/// An error of a validator or a parser.
///
/// `Via` is the way, so that the ways do not collide; it is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown as the reason of a mistake",
    label = "neither implements `Display` nor is an `environ::Invalid`"
)]
pub trait Refusal<Via> {
    /// Returns the error as a reason.
    fn into_invalid(self, is_constant: bool) -> Invalid;
}

#[derive(Debug)]
pub struct ViaDisplay;

#[diagnostic::do_not_recommend]
impl<E: Display> Refusal<ViaDisplay> for E {
    fn into_invalid(self, is_constant: bool) -> Invalid {
        Why::Because(Reason::said(&self, is_constant)).into()
    }
}

#[derive(Debug)]
pub struct ViaInvalid;

#[diagnostic::do_not_recommend]
impl Refusal<ViaInvalid> for Invalid {
    fn into_invalid(self, _: bool) -> Invalid {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Display;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
    use std::num::NonZeroU8;
    use std::str::FromStr;

    use super::{in_plain_words, others, PLAIN_WORDS};

    #[test]
    fn the_other_wrong_elements_have_their_numbers() {
        let of = |count: usize| others(&(3..3 + count).collect::<Vec<_>>());
        assert_eq!(of(0), None);
        assert_eq!(of(1).unwrap(), "element 3 is wrong");
        assert_eq!(of(2).unwrap(), "elements 3 and 4 are wrong");
        assert_eq!(of(3).unwrap(), "elements 3, 4 and 5 are wrong");
        let ten = "elements 3, 4, 5, 6, 7, 8, 9, 10, 11 and 12 are wrong";
        assert_eq!(of(10).unwrap(), ten);
        let more = "elements 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 5 more are wrong";
        assert_eq!(of(15).unwrap(), more);
    }

    /// The words are from the library of this compiler.
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
            assert!(in_plain_words(&error).is_some_and(|plain| plain != error));
        }
        assert_eq!(in_plain_words("it is odd"), None);
    }
}
