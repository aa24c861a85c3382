//! Words and texts: `bool`, `char`, and every type that holds the text itself.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::{Accepted, EnvValue, Form, Invalid, Text};

impl EnvValue for char {
    const FORM: Form = Form::with_sample("single character", "x");

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let text = text.as_str()?;
        text.parse().map_err(|_| not_a_char(text))
    }
}

#[cold]
fn not_a_char(text: &str) -> Invalid {
    match text.chars().count() {
        0 => Invalid::new("it is empty"),
        count => Invalid::new(format_args!("it has {count} characters")),
    }
}

impl EnvValue for bool {
    const FORM: Form = Form::words(&["true", "false", "yes", "no", "on", "off", "1", "0"]);
    const TEXTS: Accepted = Accepted::Words(&[
        &["false", "no", "off", "0", "f", "n"],
        &["true", "yes", "on", "1", "t", "y"],
    ]);

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        match text.as_str()? {
            "true" => return Ok(true),
            "false" => return Ok(false),
            _ => {}
        }
        text.word(Self::TEXTS.words()).map(|index| index == 1)
    }
}

/// A type that environ-config's reading of a bool fills.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`truthy` reads a `bool`, and this field is a `{Self}`",
    label = "no `bool`",
    note = "remove `truthy`, or make the field a `bool`"
)]
pub trait Truthy: Sized {
    fn truthy(text: &Text<'_>) -> Result<Self, Invalid>;
}

impl Truthy for bool {
    fn truthy(text: &Text<'_>) -> Result<Self, Invalid> {
        let text = text.as_str()?.trim();
        let words = ["1", "true", "yes"];
        Ok(words.iter().any(|word| text.eq_ignore_ascii_case(word)))
    }
}

/// For `#[env(truthy)]`.
#[doc(hidden)]
pub fn truthy<T: Truthy>(text: &Text<'_>) -> Result<T, Invalid> {
    T::truthy(text)
}

impl EnvValue for String {
    const FORM: Form = Form::text();

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.take_string()
    }
}

macro_rules! by_string {
    ($($ty:ty)*) => {$(
        impl EnvValue for $ty {
            const FORM: Form = Form::text();

            #[inline]
            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                text.take_string().map(Self::from)
            }
        }
    )*};
}

by_string! {
    Arc<str>
    Box<str>
    Cow<'static, str>
    Rc<str>
}

/// Takes text that is not UTF-8 too.
impl EnvValue for OsString {
    const FORM: Form = Form::text();

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        Ok(text.take_os_string())
    }
}

/// Takes text that is not UTF-8 too.
impl EnvValue for PathBuf {
    const FORM: Form = Form::path();

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        Ok(text.take_os_string().into())
    }
}
