//! Further demands on a value: emptiness, functions of the user's.

use super::answer::Verdict;
use super::invalid::{Invalid, Reason, Why};
use super::parts::MayBeEmpty;
use super::Text;

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

/// Reads an `Option` with a default, which is `None` if the text is empty.
pub fn unless_empty<T>(
    text: &mut Text<'_>,
    read: impl FnOnce(&mut Text<'_>) -> Result<T, Invalid>,
) -> Result<Option<T>, Invalid> {
    if text.as_os_str().is_empty() {
        return Ok(None);
    }
    read(text).map(Some)
}

/// Returns the answer of a user's validator. The reason of the validator may be constant.
pub fn because<A: Verdict<Via>, Via>(answer: A, is_constant: bool) -> Result<(), Invalid> {
    answer.into_result(is_constant).map_err(|err| match *err.0 {
        Why::Because(reason) => refused(reason),
        why => why.into(),
    })
}

/// For `#[env(non_empty)]`.
pub fn non_empty<T: MayBeEmpty<Via>, Via>(value: &T) -> Result<(), Invalid> {
    if value.is_blank() {
        Err(refused(Reason::constant("it must not be empty")))
    } else {
        Ok(())
    }
}

pub(super) fn refused(reason: Reason) -> Invalid {
    Why::Refused(reason).into()
}
