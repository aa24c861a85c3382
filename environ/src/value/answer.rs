//! What functions of the user's return. Traits, so that the compiler names the remedy for
//! a function that returns something else.

use std::fmt::Display;

/// The answer of a parser, `fn(&str) -> Result<T, impl Display>`.
#[diagnostic::on_unimplemented(
    message = "the parser must return `Result<{T}, impl Display>`, not `{Self}`",
    label = "returns `{Self}`",
    note = "`parse` takes `fn(&str) -> Result<T, impl Display>`; in place of an `Option`, return its `.ok_or(\"...\")` with the reason; a variable that may be absent is an `Option` field, whose parser returns the inner type"
)]
pub trait Parsing<T> {
    type Reason: Display;

    fn into_result(self) -> Result<T, Self::Reason>;
}

impl<T, E: Display> Parsing<T> for Result<T, E> {
    type Reason = E;

    fn into_result(self) -> Self {
        self
    }
}

/// The answer of a validator, `fn(&T) -> Result<(), impl Display>`.
#[diagnostic::on_unimplemented(
    message = "the validator must return `Result<(), impl Display>`, not `{Self}`",
    label = "returns `{Self}`",
    note = "`validate` takes `fn(&T) -> Result<(), impl Display>`; in place of a `bool`, return `Ok(())` or `Err(\"...\")` with the reason"
)]
pub trait Verdict {
    type Reason: Display;

    fn into_result(self) -> Result<(), Self::Reason>;
}

impl<E: Display> Verdict for Result<(), E> {
    type Reason = E;

    fn into_result(self) -> Self {
        self
    }
}
