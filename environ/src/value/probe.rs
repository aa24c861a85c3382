//! How generated code finds the way from text to a type.
//!
//! A field's type may implement [`EnvValue`], or only `FromStr`, or be a list of
//! such types; the macro sees its spelling and cannot know. So it writes
//! `Probe::<T>::read` and leaves the choice to the compiler: an inherent
//! function is taken before a trait's, and the inherent one is there only if `T`
//! is an `EnvValue`. (Two blanket implementations of one trait would collide for
//! `u16`, which is both.) The error for a type that is neither is
//! [`Parse`]'s, and stands under the type in the user's struct.

use std::any::type_name;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use super::wraps::{Reader, Wraps};
use super::{Accepted, EnvValue, Form, Invalid, Reason, Text, Why};
use crate::redact::Redacted;

/// Names a type without having a value of it.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// For functions that are found through a value: see [`ShowDisplay`](super::ShowDisplay).
    pub const NEW: Self = Self(PhantomData);

    /// For functions that are found through a value of a type without a name.
    #[must_use]
    pub const fn of(_: &T) -> Self {
        Self::NEW
    }
}

impl<T: EnvValue> Probe<T> {
    /// The expected form of the text.
    pub const FORM: &'static Form = &T::FORM;

    /// Which texts are known to be read.
    pub const TEXTS: Accepted = T::TEXTS;

    /// Makes the value.
    #[inline]
    pub fn read(text: &mut Text<'_>) -> Result<T, Invalid> {
        T::from_text(text)
    }
}

impl<T: Redacted> Probe<T> {
    /// Whether the type hides its value.
    pub const SECRET: bool = true;
}

/// The macro makes an optional variable of a type that is spelt `Option`. An alias of it
/// is found only here.
impl<T> Probe<Option<T>> {
    #[expect(missing_docs, reason = "never called")]
    pub fn read(_: &mut Text<'_>) -> Result<Option<T>, Invalid>
    where
        Option<T>: SpelledOut,
    {
        Ok(None)
    }
}

/// Never implemented.
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands here under another name",
    label = "an `Option` is known by its spelling",
    note = "write `{Self}` at the field, without an alias"
)]
pub trait SpelledOut {}

/// The items of [`Probe`] for every type, found after its inherent items.
#[expect(missing_docs, reason = "the items are those of `Probe`")]
pub trait Fallback {
    type Value;

    const FORM: &'static Form = &Form::spelled("");
    const TEXTS: Accepted = Accepted::Unknown;
    const SECRET: bool = false;

    #[inline]
    fn read<Via>(text: &mut Text<'_>) -> Result<Self::Value, Invalid>
    where
        Self::Value: Parse<Via>,
    {
        Self::Value::parse(text)
    }
}

impl<T> Fallback for Probe<T> {
    type Value = T;
}

/// A type that is read without being an [`EnvValue`].
///
/// `Via` is the way, so that the ways do not collide; it is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a variable",
    label = "not a type that a variable can hold",
    note = "name a function: `#[env(parse = path)]`; or derive `EnvValue` for it; or implement `FromStr`, with an `Err` that implements `Display`",
    note = "if it derives `EnvConfig`, write `#[env(group)]`",
    note = "the elements of a set and the keys of a map also need `Ord`, or `Eq` and `Hash`"
)]
pub trait Parse<Via>: Sized {
    fn parse(text: &mut Text<'_>) -> Result<Self, Invalid>;
}

#[derive(Debug)]
pub struct ViaFromStr;

#[diagnostic::do_not_recommend]
impl<T> Parse<ViaFromStr> for T
where
    T: FromStr,
    T::Err: Display,
{
    #[inline]
    fn parse(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.as_str()?.parse().map_err(|reason| {
            // The error of a type cannot borrow from the text, so any `&str` is constant.
            let is_constant = type_name::<T::Err>() == "&str";
            Why::Because(Reason::said(&reason, is_constant)).into()
        })
    }
}

#[derive(Debug)]
pub struct ViaInner<Via>(PhantomData<Via>);

#[diagnostic::do_not_recommend]
impl<W, Via> Parse<ViaInner<Via>> for W
where
    W: Wraps,
    W::Inner: ParseElement<Via>,
{
    fn parse(text: &mut Text<'_>) -> Result<Self, Invalid> {
        W::wrap(text, W::Inner::reader())
    }
}

/// A type that an element of a list may have, without being an
/// [`Element`](super::wraps::Element).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a variable",
    label = "not a type that a variable can hold",
    note = "name a function: `#[env(parse = path)]`; or derive `EnvValue` for it; or implement `FromStr`, with an `Err` that implements `Display`",
    note = "if it derives `EnvConfig`, write `#[env(group)]`",
    note = "the elements of a set and the keys of a map also need `Ord`, or `Eq` and `Hash`"
)]
pub trait ParseElement<Via>: Sized {
    fn reader() -> Reader<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: Parse<Via>, Via> ParseElement<Via> for T {
    fn reader() -> Reader<Self> {
        Reader {
            read: T::parse,
            form: || Form::spelled(type_name::<T>()),
            none: None,
        }
    }
}

#[derive(Debug)]
pub struct ViaOption<Via>(PhantomData<Via>);

#[diagnostic::do_not_recommend]
impl<T: Parse<Via>, Via> ParseElement<ViaOption<Via>> for Option<T> {
    fn reader() -> Reader<Self> {
        Reader {
            read: |text| T::parse(text).map(Some),
            form: || Form::spelled(type_name::<T>()),
            none: Some(|| None),
        }
    }
}
