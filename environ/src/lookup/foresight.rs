//! Knowledge about an environment before it exists.

/// The text of a variable that is set, and whose text a deployment file cannot know, as that
/// of a Secret in the cluster. No environment can hold it, because of its NUL.
pub(crate) const UNKNOWN: &str = "\0";

/// Knowledge about an environment that is read from files.
#[derive(Clone, Copy, Default)]
pub(crate) struct Foresight {
    /// Whether files that variables name are on another machine, so that each counts as
    /// readable, with an unknown text.
    pub(crate) is_elsewhere: bool,
    /// Whether each variable that is not listed may be set all the same.
    pub(crate) is_open: bool,
}
