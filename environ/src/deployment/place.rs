//! A place in a file, as an editor and a compiler name it.

use crate::redact::escape;
use std::fmt;
use std::sync::Arc;

/// A place in a file. Displays as `file:line:column`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: Arc<str>,
    line: usize,
    column: usize,
}

impl Place {
    pub(super) fn new(file: &Arc<str>, line: usize, column: usize) -> Self {
        Self {
            file: Arc::clone(file),
            line,
            column,
        }
    }

    /// Returns the file as it was named, or `-` for standard input.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in characters, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column } = self;
        write!(f, "{}:{line}:{column}", escape::escaped(file))
    }
}

/// A value, and the place where a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// The place of the value, or of the workload if the value is a default of the format.
    pub place: Place,
    /// Whether the file says the value. If not, it is the default of the format.
    pub is_written: bool,
}

impl<T> At<T> {
    pub(super) fn written(value: T, place: Place) -> Self {
        Self {
            value,
            place,
            is_written: true,
        }
    }

    pub(super) fn default_of_format(value: T, place: Place) -> Self {
        Self {
            value,
            place,
            is_written: false,
        }
    }
}
