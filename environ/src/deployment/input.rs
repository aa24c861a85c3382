//! Reads a file or standard input, within limits.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::place::Place;
use crate::source::file::{self, FileError};

/// The name of standard input.
const STDIN: &str = "-";

/// The text of a file.
pub(super) struct Input {
    /// The name as given, for findings.
    pub(super) name: Arc<str>,
    path: Option<PathBuf>,
    pub(super) text: String,
}

impl Input {
    /// Reads a file, or standard input if it is called `-`.
    ///
    /// # Errors
    ///
    /// The reason and the remedy.
    pub(super) fn read(name: &Path) -> Result<Self, String> {
        let is_stdin = name.as_os_str() == STDIN;
        let bytes = if is_stdin {
            file::read_from(io::stdin())
        } else {
            file::read(name)
        };
        let bytes = bytes.map_err(|err| match err {
            FileError::NotRegular if name.is_dir() => {
                "it is a directory; name the files in it".to_owned()
            }
            FileError::TooLarge => format!("{err}; name a file of variables or manifests"),
            err => format!("cannot be read: {err}; check the path"),
        })?;
        Ok(Self {
            name: name.to_string_lossy().into(),
            path: (!is_stdin).then(|| name.to_owned()),
            text: text(bytes)?,
        })
    }

    /// Creates an input of a text that was read from elsewhere, for tests.
    #[cfg(test)]
    pub(super) fn of(name: &str, text: &str) -> Self {
        Self {
            name: name.into(),
            path: Some(name.into()),
            text: text.to_owned(),
        }
    }

    pub(super) fn place(&self, line: usize, column: usize) -> Place {
        Place::new(&self.name, line, column)
    }

    /// Returns the last part of the path; empty for standard input.
    pub(super) fn file_name(&self) -> &str {
        let name = self.path.as_deref().and_then(Path::file_name);
        name.and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Returns whether the name ends in `.` and this word.
    pub(super) fn has_extension(&self, extension: &str) -> bool {
        let own = self.path.as_deref().and_then(Path::extension);
        own.is_some_and(|own| own.eq_ignore_ascii_case(extension))
    }

    /// Returns the path of a file that this file names, relative to its own directory.
    pub(super) fn beside(&self, other: &str) -> PathBuf {
        let dir = self.path.as_deref().and_then(Path::parent);
        // Pipelines compare the paths of findings with the paths of files.
        let mut other = other;
        while let Some(rest) = other.strip_prefix("./") {
            other = rest.trim_start_matches('/');
        }
        dir.unwrap_or(Path::new("")).join(other)
    }
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is UTF-16; save it as UTF-8".to_owned());
    }
    if bytes.contains(&0) {
        return Err("it is binary; name a text file".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|err| {
        let valid = &err.as_bytes()[..err.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        format!("line {line} is not UTF-8; save it as UTF-8")
    })?;
    // Editors on Windows begin a file with it. Each reader would take it for a letter.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
