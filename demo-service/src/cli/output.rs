//! Printing.

use std::io::{self, ErrorKind, Write};

use crate::process::{Failure, exit};

/// Prints a text on stdout, and returns the exit code. A reader that left needs no reason.
pub(super) fn print(text: impl AsRef<str>) -> u8 {
    match io::stdout().write_all(text.as_ref().as_bytes()) {
        Ok(()) => 0,
        Err(err) if err.kind() == ErrorKind::BrokenPipe => exit::OS_ERROR,
        Err(err) => Failure::new(exit::OS_ERROR, "cannot print on stdout", &err).report(),
    }
}
