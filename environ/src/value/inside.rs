//! Types around a single value: `range`, `len` and `non_empty` check the value inside.
//!
//! A trait has the way to the value as a parameter, so that the ways do not collide; the compiler
//! infers it.

use std::marker::PhantomData;
use std::ops::RangeBounds;
use std::rc::Rc;
use std::sync::Arc;

use crate::redact::Secret;

/// A type around a value of the type `I`: a pointer, a secret, or a newtype that derives
/// `EnvValue`.
///
/// `I` is a parameter, because the associated type of a public newtype must not be private.
#[doc(hidden)]
pub trait Inside<I: ?Sized> {
    /// Returns the value.
    fn inside(&self) -> &I;
}

impl<T> Inside<T> for Secret<T> {
    fn inside(&self) -> &T {
        self.expose()
    }
}

/// The type itself is asked.
#[derive(Debug)]
pub struct Own;

/// The value of type `I` inside is asked.
#[derive(Debug)]
pub struct OfInner<I: ?Sized, Via>(PhantomData<I>, PhantomData<Via>);

/// A type that a range with ends of type `E` restricts.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`range` cannot compare `{Self}` with its ends, which are `{E}`",
    label = "no range with ends of `{E}` restricts this type",
    note = "write ends of the type, or of the type inside; for the length of a text or a list write `len`, and for any other rule `validate = path`"
)]
pub trait Ranged<E, Via> {
    /// Returns the value that is compared.
    fn ranged(&self) -> &E;
}

#[diagnostic::do_not_recommend]
impl<T> Ranged<T, Own> for T {
    fn ranged(&self) -> &T {
        self
    }
}

/// The value inside is compared.
#[derive(Debug)]
pub struct Within<Via>(PhantomData<Via>);

#[diagnostic::do_not_recommend]
impl<T: Ranged<E, Via>, E, Via> Ranged<E, Within<Via>> for Secret<T> {
    fn ranged(&self) -> &E {
        self.expose().ranged()
    }
}

/// A range with ends of type `E`.
#[diagnostic::on_unimplemented(
    message = "`range` is given `{Self}`, and the field is a `{E}`",
    label = "no range of `{E}`",
    note = "write ends of the type of the field, or of the type inside; for the length of a text or a list write `len`, and for any other rule `validate = path`"
)]
pub trait RangeOf<E>: RangeBounds<E> {}

#[diagnostic::do_not_recommend]
impl<R: RangeBounds<E>, E> RangeOf<E> for R {}

/// A type that the ends of a range may have.
#[diagnostic::on_unimplemented(
    message = "`range` cannot compare values of `{Self}`",
    label = "this type has no order",
    note = "derive `PartialOrd` for the type, or write `validate = path` instead of `range`"
)]
pub trait Ends: PartialOrd {}

#[diagnostic::do_not_recommend]
impl<T: PartialOrd> Ends for T {}

macro_rules! pointers {
    ($($pointer:ident)*) => {$(
        impl<T: ?Sized> Inside<T> for $pointer<T> {
            fn inside(&self) -> &T {
                self
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Ranged<E, Via>, E, Via> Ranged<E, Within<Via>> for $pointer<T> {
            fn ranged(&self) -> &E {
                T::ranged(self)
            }
        }
    )*};
}

pointers! { Box Rc Arc }
