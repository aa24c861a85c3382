//! Types around another type, such as lists, pointers and secrets: each is read by reading the
//! inner type.

use std::rc::Rc;
use std::sync::Arc;

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
    /// The form of the inner type.
    Pointer,
}

impl Shape {
    /// Returns the form of a type of this shape around a type of the form `inner`.
    pub(super) const fn around(self, inner: &'static Form) -> Form {
        match self {
            Self::List => Form::list(inner),
            Self::Array(len) => Form::array(inner, len),
            Self::Map(key) => Form::map(key, inner),
            Self::Secret => Form::secret(inner),
            Self::Pointer => *inner,
        }
    }
}

/// How the type inside is read.
#[derive(Debug)]
pub struct Reader<T> {
    pub(super) read: fn(&mut Text<'_>) -> Result<T, Invalid>,
    /// A function, since the name of a type is not known while compiling.
    pub(super) form: fn() -> Form,
    /// Makes the value of an element that is empty, if there is such a value.
    pub(super) none: Option<fn() -> T>,
}

/// A type that an element of a list may have: an [`EnvValue`], or an `Option` of an [`EnvValue`],
/// which is `None` where the element is empty.
///
/// `Option` is no [`EnvValue`] itself: a field that is an `Option` under another name
/// would be required.
pub trait Element: Sized {
    const FORM: Form;
    const TEXTS: Accepted = Accepted::Unknown;
    const IS_OPTION: bool;

    fn reader() -> Reader<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: EnvValue> Element for T {
    const FORM: Form = T::FORM;
    const TEXTS: Accepted = T::TEXTS;
    const IS_OPTION: bool = false;

    fn reader() -> Reader<Self> {
        Reader {
            read: T::from_text,
            form: || T::FORM,
            none: None,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: EnvValue> Element for Option<T> {
    const FORM: Form = T::FORM;
    const IS_OPTION: bool = true;

    fn reader() -> Reader<Self> {
        Reader {
            read: |text| T::from_text(text).map(Some),
            form: || T::FORM,
            none: Some(|| None),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<W> EnvValue for W
where
    W: Wraps,
    W::Inner: Element,
{
    const FORM: Form = {
        match W::SHAPE {
            Shape::Secret => assert!(
                !W::Inner::IS_OPTION,
                "a secret cannot hold an `Option`; write `Option<Secret<T>>`"
            ),
            Shape::Pointer => assert!(
                !W::Inner::IS_OPTION,
                "a pointer cannot hold an `Option`; write `Option<Box<T>>`"
            ),
            Shape::List | Shape::Array(_) | Shape::Map(_) => {}
        }
        W::SHAPE.around(&W::Inner::FORM)
    };

    const TEXTS: Accepted = match W::SHAPE {
        Shape::Secret | Shape::Pointer => W::Inner::TEXTS,
        Shape::List | Shape::Array(_) | Shape::Map(_) => Accepted::Unknown,
    };

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        W::wrap(text, W::Inner::reader())
    }
}

impl<T> Wraps for Secret<T> {
    type Inner = T;

    const SHAPE: Shape = Shape::Secret;

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        (inner.read)(text).map(Self::new)
    }
}

macro_rules! pointers {
    ($($pointer:ident)*) => {$(
        impl<T> Wraps for $pointer<T> {
            type Inner = T;

            const SHAPE: Shape = Shape::Pointer;

            fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
                (inner.read)(text).map(Self::new)
            }
        }
    )*};
}

pointers! { Box Rc Arc }
