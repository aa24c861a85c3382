//! The types of the crate `secrecy`, which wipe their memory.

use secrecy::zeroize::Zeroize;
use secrecy::{SecretBox, SecretString};

use super::wraps::{Reader, Shape, Wraps};
use super::{EnvValue, Form, Invalid, Text};
use crate::redact::Redacted;

#[diagnostic::do_not_recommend]
impl<T: Zeroize + ?Sized> Redacted for SecretBox<T> {}

impl<T: Zeroize> Wraps for SecretBox<T> {
    type Inner = T;

    const SHAPE: Shape = Shape::Secret;

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        (inner.read)(text).map(|value| Self::new(Box::new(value)))
    }
}

impl EnvValue for SecretString {
    const FORM: Form = Form::secret(&String::FORM);

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.as_str().map(Self::from)
    }
}
