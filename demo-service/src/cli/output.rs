//! Printing.

use std::io::{self, Write};

use crate::process::exit;

/// Prints a text on stdout, and returns the exit code.
pub(super) fn print(text: impl AsRef<str>) -> u8 {
    match io::stdout().write_all(text.as_ref().as_bytes()) {
        Ok(()) => 0,
        Err(_) => exit::OS_ERROR,
    }
}
