//! The lines of a file of variables.

/// A line that sets a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::deployment) struct Assignment {
    pub(in crate::deployment) name: String,
    /// `None` if the text comes from elsewhere.
    pub(in crate::deployment) text: Option<String>,
    pub(in crate::deployment) line: usize,
    pub(in crate::deployment) column: usize,
    /// The column of the text.
    pub(in crate::deployment) text_column: usize,
}

/// A line that a dialect does not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::deployment) struct Unread {
    pub(in crate::deployment) line: usize,
    pub(in crate::deployment) reason: &'static str,
}

/// The lines of a file, as a dialect reads them.
#[derive(Clone, Debug, Default)]
pub(in crate::deployment) struct EnvFile {
    pub(in crate::deployment) assignments: Vec<Assignment>,
    pub(in crate::deployment) unread: Vec<Unread>,
}

/// Finds lines and columns of bytes that are asked for in order, so that the text is read
/// only once.
pub(super) struct Positions<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    start: usize,
}

impl<'t> Positions<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            start: 0,
        }
    }

    pub(super) fn of(&mut self, at: usize) -> (usize, usize) {
        debug_assert!(at >= self.at, "places are asked for in order");
        for (offset, _) in self.text[self.at..at].match_indices('\n') {
            self.line += 1;
            self.start = self.at + offset + 1;
        }
        self.at = at;
        (self.line, self.text[self.start..at].chars().count() + 1)
    }
}
