//! The causes of an error.

use std::error::Error;
use std::io;

/// Returns an error and its causes. `io::Error::source` skips the wrapped error, so
/// that `get_ref` is needed.
pub(super) fn causes<'e>(
    err: &'e (dyn Error + 'static),
) -> impl Iterator<Item = &'e (dyn Error + 'static)> + 'e {
    std::iter::successors(Some(err), |&err| {
        let wrapped = err.downcast_ref().and_then(io::Error::get_ref);
        match wrapped {
            Some(inner) => Some(inner),
            None => err.source(),
        }
    })
}

/// Returns the innermost cause, which says most: `connection refused`, not `dispatch
/// failure`.
pub(super) fn root_cause(err: &(dyn Error + 'static)) -> String {
    causes(err)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
