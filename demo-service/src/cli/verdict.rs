//! The result of a check.

/// How the result of a check is shown, and whether warnings fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Whether warnings fail.
    pub(super) strict: bool,
    /// Whether the result is JSON.
    pub(super) json: bool,
}
