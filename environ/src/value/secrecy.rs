//! The types of the crate `secrecy`, which wipe their memory.

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::inside::{Inside, Ranged, Within};
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

impl<T: Zeroize + ?Sized> Inside<T> for SecretBox<T> {
    fn inside(&self) -> &T {
        self.expose_secret()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Zeroize + Ranged<E, Via>, E, Via> Ranged<E, Within<Via>> for SecretBox<T> {
    fn ranged(&self) -> &E {
        self.expose_secret().ranged()
    }
}

impl EnvValue for SecretString {
    const FORM: Form = Form::secret(&String::FORM);

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.as_str().map(Self::from)
    }
}
