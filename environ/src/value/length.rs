//! The length that a value must have: its characters, or its elements.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};
use std::rc::Rc;
use std::sync::Arc;

use super::validators::refused;
use super::{Bounds, Invalid, RangeText, Reason};
use crate::redact::Secret;

/// A range of lengths of a `T`.
#[derive(Debug)]
pub struct Length<T> {
    ends: (Bound<usize>, Bound<usize>),
    of: PhantomData<T>,
}

impl<T: HasLength> Length<T> {
    /// For `#[env(len = 64..)]`.
    pub fn check(&self, value: &T) -> Result<(), Invalid> {
        if self.ends.contains(&value.length()) {
            return Ok(());
        }
        Err(refused(Reason::said(
            &format_args!("it must have {}", self.text().words),
            true,
        )))
    }

    #[must_use]
    pub fn text(&self) -> RangeText {
        let bounds = Bounds::new(&self.ends, |end| Some(end.to_string()), "");
        let RangeText { words, first, .. } = bounds.text();
        RangeText {
            words: format!("{words} {}", T::PARTS),
            first,
            fault: None,
        }
    }
}

/// Creates a range of lengths. A function, so that the compiler reports a type without a length.
pub fn length<T: HasLength, R: RangeBounds<usize>>(range: &R) -> Length<T> {
    Length {
        ends: (range.start_bound().cloned(), range.end_bound().cloned()),
        of: PhantomData,
    }
}

/// A type with a length.
#[diagnostic::on_unimplemented(
    message = "`len` does not know the length of `{Self}`",
    label = "neither a text nor a list",
    note = "write `range` for a number, or `validate = path`"
)]
pub trait HasLength {
    /// The parts that are counted.
    const PARTS: &'static str = "elements";

    fn length(&self) -> usize;
}

impl HasLength for str {
    const PARTS: &'static str = "characters";

    fn length(&self) -> usize {
        self.chars().count()
    }
}

impl HasLength for String {
    const PARTS: &'static str = <str as HasLength>::PARTS;

    fn length(&self) -> usize {
        self.as_str().length()
    }
}

impl<T: HasLength> HasLength for Secret<T> {
    const PARTS: &'static str = T::PARTS;

    fn length(&self) -> usize {
        self.expose().length()
    }
}

macro_rules! pointers {
    ($($pointer:ident)*) => {$(
        impl<T: HasLength + ?Sized> HasLength for $pointer<T> {
            const PARTS: &'static str = T::PARTS;

            fn length(&self) -> usize {
                T::length(self)
            }
        }
    )*};
}

pointers! { Box Rc Arc }

macro_rules! collections {
    ($([$($generics:ident),*] $ty:ty;)*) => {$(
        impl<$($generics),*> HasLength for $ty {
            fn length(&self) -> usize {
                self.len()
            }
        }
    )*};
}

collections! {
    [T] Vec<T>;
    [T] VecDeque<T>;
    [T] BTreeSet<T>;
    [T, S] HashSet<T, S>;
    [K, V] BTreeMap<K, V>;
    [K, V, S] HashMap<K, V, S>;
}
