//! The failures of the stores of clouds: their words, and which of several counts.

use std::fmt;

/// A secret that could not be fetched, and why.
pub(super) trait Failure: fmt::Display + Sized {
    /// Creates the failure of a variable with an id that is not UTF-8; `shown` stands for the id.
    fn not_utf8(shown: &str) -> Self;

    /// Names the variable that holds the id.
    #[must_use]
    fn of_variable(self, variable: &str) -> Self;

    /// Returns whether the same request may succeed later, unchanged.
    fn is_transient(&self) -> bool;
}

/// Returns the first failure that does not pass by itself, or else the first failure.
pub(super) fn decisive<F: Failure>(failures: &[F]) -> Option<&F> {
    let lasting = failures.iter().find(|failure| !failure.is_transient());
    lasting.or(failures.first())
}

/// Writes one failure, with the remedy.
pub(super) fn write_one(
    f: &mut fmt::Formatter<'_>,
    variable: Option<&str>,
    secret_id: &str,
    reason: &str,
    remedy: &str,
) -> fmt::Result {
    if let Some(variable) = variable {
        write!(f, "{variable}: ")?;
    }
    write!(f, "cannot read the secret {secret_id}: {reason}; {remedy}")
}

/// Writes a single failure, or the list of several.
pub(super) fn write_all<F: Failure>(f: &mut fmt::Formatter<'_>, failures: &[F]) -> fmt::Result {
    if let [failure] = failures {
        return failure.fmt(f);
    }
    write!(f, "{} secrets cannot be read:", failures.len())?;
    let mut failures = failures.iter();
    failures.try_for_each(|failure| write!(f, "\n  {failure}"))
}
