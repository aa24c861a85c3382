//! Knowledge about an environment before it exists.

/// Stands for the text of a set variable that a deployment file cannot know, such as the text
/// of a Secret in the cluster. No environment can hold `UNKNOWN`, because of its NUL.
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
