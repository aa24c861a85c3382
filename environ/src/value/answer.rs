//! The answers of the user's functions, as traits, so that the compiler names the remedy for
//! a function that returns something else.

use super::invalid::{Invalid, Refusal};

/// The answer of a parser, `fn(&str) -> Result<T, impl Display>`.
#[diagnostic::on_unimplemented(
    message = "the parser must return `Result<{T}, impl Display>`, not `{Self}`",
    label = "returns `{Self}`",
    note = "`parse` takes `fn(&str) -> Result<T, impl Display>`; in place of an `Option`, return its `.ok_or(\"...\")` with the reason; a variable that may be absent is an `Option` field, whose parser returns the inner type"
)]
pub trait Parsing<T, Via> {
    fn into_result(self, is_constant: bool) -> Result<T, Invalid>;
}

impl<T, E: Refusal<Via>, Via> Parsing<T, Via> for Result<T, E> {
    fn into_result(self, is_constant: bool) -> Result<T, Invalid> {
        self.map_err(|err| err.into_invalid(is_constant))
    }
}

/// The answer of a validator, `fn(&T) -> Result<(), impl Display>`.
#[diagnostic::on_unimplemented(
    message = "the validator must return `Result<(), impl Display>`, not `{Self}`",
    label = "returns `{Self}`",
    note = "`validate` takes `fn(&T) -> Result<(), impl Display>`; in place of a `bool`, return `Ok(())` or `Err(\"...\")` with the reason"
)]
pub trait Verdict<Via> {
    fn into_result(self, is_constant: bool) -> Result<(), Invalid>;
}

impl<E: Refusal<Via>, Via> Verdict<Via> for Result<(), E> {
    fn into_result(self, is_constant: bool) -> Result<(), Invalid> {
        self.map_err(|err| err.into_invalid(is_constant))
    }
}
