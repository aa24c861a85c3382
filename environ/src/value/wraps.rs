//! Types around another type, such as lists and secrets: each is read by reading the inner
//! type.

use super::{Accepted, EnvValue, Form, Invalid, Text};
use crate::redact::Secret;

/// A type that is read by reading another, once or several times.
pub trait Wraps: Sized {
    type Inner;

    const SHAPE: Shape = Shape::List;

    fn wrap(text: &mut Text<'_>, inner: Reader<Self::Inner>) -> Result<Self, Invalid>;
}

/// The shape around the inner type.
pub enum Shape {
    List,
    /// So many.
    Array(usize),
    /// Pairs, with a key of this form.
    Map(&'static Form),
    Secret,
}

/// How the type inside is read.
#[derive(Debug)]
pub struct Reader<T> {
    pub(super) read: fn(&mut Text<'_>) -> Result<T, Invalid>,
    /// A function, since the name of a type is not known while compiling.
    pub(super) form: fn() -> Form,
}

#[diagnostic::do_not_recommend]
impl<W> EnvValue for W
where
    W: Wraps,
    W::Inner: EnvValue,
{
    const FORM: Form = match W::SHAPE {
        Shape::List => Form::List(&W::Inner::FORM),
        Shape::Array(len) => Form::Array(&W::Inner::FORM, len),
        Shape::Map(key) => Form::Map(key, &W::Inner::FORM),
        Shape::Secret => Form::Secret(&W::Inner::FORM),
    };

    const TEXTS: Accepted = match W::SHAPE {
        Shape::Secret => W::Inner::TEXTS,
        Shape::List | Shape::Array(_) | Shape::Map(_) => Accepted::Unknown,
    };

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let inner = Reader {
            read: W::Inner::from_text,
            form: || W::Inner::FORM,
        };
        W::wrap(text, inner)
    }
}

impl<T> Wraps for Secret<T> {
    type Inner = T;

    const SHAPE: Shape = Shape::Secret;

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        (inner.read)(text).map(Self::new)
    }
}
