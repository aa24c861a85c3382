//! The specification of another build, for `config --diff OLD` and `config --check --spec FILE`.

use std::error::Error;
use std::io;
use std::path::Path;

use environ::embedded::{self, ReadSpecError};
use environ::file;

use crate::process::{Failure, exit};

/// Returns the specification in a program, or in the document that a program printed, on stdin
/// if the path is `-`. `what` says what the specification is for.
pub(super) fn read(path: &Path, what: &str) -> Result<String, Failure> {
    let read = match path.as_os_str().as_encoded_bytes() {
        b"-" => embedded::read(io::stdin().lock()),
        _ => file::open(path)
            .map_err(ReadSpecError::File)
            .and_then(embedded::read),
    };
    read.map_err(|err| wrong(path, what, &err))
}

/// Returns the failure of a specification that is none.
pub(super) fn wrong(path: &Path, what: &str, err: &(dyn Error + 'static)) -> Failure {
    let path = path.display().to_string();
    let what = format!("cannot {what} {}", path.escape_debug());
    Failure::new(exit::USAGE, what, err)
}
