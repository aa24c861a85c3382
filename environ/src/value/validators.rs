//! Further demands on a value: emptiness, functions of the user's.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::answer::Verdict;
use super::invalid::{Invalid, Reason, Why};
use crate::redact::Secret;

/// A validator.
pub(crate) type Check<T> = fn(&T) -> Result<(), Invalid>;

/// The value, if every one of `checks` accepts it.
pub fn valid<T>(value: Result<T, Invalid>, checks: &[Check<T>]) -> Result<T, Invalid> {
    let value = value?;
    for check in checks {
        check(&value)?;
    }
    Ok(value)
}

/// Returns the answer of a user's validator. The reason of the validator may be constant.
pub fn because<A: Verdict<Via>, Via>(answer: A, is_constant: bool) -> Result<(), Invalid> {
    answer.into_result(is_constant).map_err(|err| match *err.0 {
        Why::Because(reason) => refused(reason),
        why => why.into(),
    })
}

/// For `#[env(non_empty)]`.
pub fn non_empty<T: MayBeEmpty>(value: &T) -> Result<(), Invalid> {
    if value.is_empty() {
        Err(refused(Reason::constant("it must not be empty")))
    } else {
        Ok(())
    }
}

pub(super) fn refused(reason: Reason) -> Invalid {
    Why::Refused(reason).into()
}

/// A type that can be empty. A text of white space alone is.
#[diagnostic::on_unimplemented(
    message = "`non_empty` does not know when `{Self}` is empty",
    label = "neither a text nor a list",
    note = "remove `non_empty` if it never is; else write `validate = path`"
)]
pub trait MayBeEmpty {
    fn is_empty(&self) -> bool;
}

impl MayBeEmpty for str {
    fn is_empty(&self) -> bool {
        self.trim().is_empty()
    }
}

impl MayBeEmpty for OsString {
    fn is_empty(&self) -> bool {
        self.as_os_str().is_empty()
    }
}

impl MayBeEmpty for PathBuf {
    fn is_empty(&self) -> bool {
        self.as_os_str().is_empty()
    }
}

impl<T: MayBeEmpty> MayBeEmpty for Secret<T> {
    fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

macro_rules! texts {
    ($($ty:ty)*) => {$(
        impl MayBeEmpty for $ty {
            fn is_empty(&self) -> bool {
                <str as MayBeEmpty>::is_empty(self)
            }
        }
    )*};
}

texts! {
    String
    Cow<'_, str>
}

macro_rules! pointers {
    ($($pointer:ident)*) => {$(
        impl<T: MayBeEmpty + ?Sized> MayBeEmpty for $pointer<T> {
            fn is_empty(&self) -> bool {
                T::is_empty(self)
            }
        }
    )*};
}

pointers! {
    Arc
    Box
    Rc
}

macro_rules! collections {
    ($([$($generics:ident),*] $ty:ty;)*) => {$(
        impl<$($generics),*> MayBeEmpty for $ty {
            fn is_empty(&self) -> bool {
                <$ty>::is_empty(self)
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
