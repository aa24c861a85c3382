//! The parts of a value, which are counted: the characters of a text, the elements of a list.
//!
//! The types with parts are listed once, for `non_empty` and for `len`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::inside::{Inside, OfInner, Own};

/// A type with parts, its own or those of the value inside.
pub trait Parts<Via> {
    /// The parts, as a noun.
    const NOUN: &'static str;

    fn count(&self) -> usize;

    /// Returns whether there is no part. White space is no part of a text.
    fn is_blank(&self) -> bool {
        self.count() == 0
    }
}

impl Parts<Own> for str {
    const NOUN: &'static str = "characters";

    fn count(&self) -> usize {
        self.chars().count()
    }

    fn is_blank(&self) -> bool {
        self.trim().is_empty()
    }
}

/// Each sequence of bytes that is not UTF-8 counts as a character.
impl Parts<Own> for OsStr {
    const NOUN: &'static str = <str as Parts<Own>>::NOUN;

    fn count(&self) -> usize {
        <str as Parts<Own>>::count(&self.to_string_lossy())
    }

    fn is_blank(&self) -> bool {
        <str as Parts<Own>>::is_blank(&self.to_string_lossy())
    }
}

macro_rules! collections {
    ($([$($generics:ident),*] $ty:ty;)*) => {$(
        impl<$($generics),*> Parts<Own> for $ty {
            const NOUN: &'static str = "elements";

            fn count(&self) -> usize {
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

/// Implements [`Parts`] for types around a value that has the parts.
macro_rules! around {
    ($([$($generics:tt)*] $ty:ty, $inner:ty, |$value:ident| $parts:expr;)*) => {$(
        impl<$($generics)*> Parts<Own> for $ty {
            const NOUN: &'static str = <$inner as Parts<Own>>::NOUN;

            fn count(&self) -> usize {
                let $value = self;
                <$inner as Parts<Own>>::count($parts)
            }

            fn is_blank(&self) -> bool {
                let $value = self;
                <$inner as Parts<Own>>::is_blank($parts)
            }
        }
    )*};
}

around! {
    [] String, str, |text| text;
    [] Cow<'_, str>, str, |text| text;
    [] OsString, OsStr, |text| text;
    [] Path, OsStr, |path| path.as_os_str();
    [] PathBuf, OsStr, |path| path.as_os_str();
}

#[diagnostic::do_not_recommend]
impl<W: ?Sized, I: ?Sized, Via> Parts<OfInner<I, Via>> for W
where
    W: Inside<I>,
    I: Parts<Via>,
{
    const NOUN: &'static str = I::NOUN;

    fn count(&self) -> usize {
        <I as Parts<Via>>::count(self.inside())
    }

    fn is_blank(&self) -> bool {
        <I as Parts<Via>>::is_blank(self.inside())
    }
}

/// A type that can be empty. A text of white space alone is empty.
#[diagnostic::on_unimplemented(
    message = "`non_empty` does not know when `{Self}` is empty",
    label = "neither a text nor a list",
    note = "remove `non_empty` if it never is; else write `validate = path`"
)]
pub trait MayBeEmpty<Via>: Parts<Via> {}

#[diagnostic::do_not_recommend]
impl<T: Parts<Via> + ?Sized, Via> MayBeEmpty<Via> for T {}

/// A type with a length.
#[diagnostic::on_unimplemented(
    message = "`len` does not know the length of `{Self}`",
    label = "neither a text nor a list",
    note = "write `range` for a number, or `validate = path`"
)]
pub trait HasLength<Via>: Parts<Via> {}

#[diagnostic::do_not_recommend]
impl<T: Parts<Via> + ?Sized, Via> HasLength<Via> for T {}
