//! A text in a file, as containers mount secrets.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A larger file is a mistake: `/dev/zero`, or a disk image.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Why a file cannot be read.
#[derive(Debug)]
pub(crate) enum Error {
    Io(io::Error),
    TooLarge,
    NotUnicode,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(err) => err.fmt(f),
            Self::TooLarge => write!(f, "it is larger than {MAX_BYTES} bytes"),
            Self::NotUnicode => f.write_str("it is not UTF-8"),
        }
    }
}

/// The text of a file.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) text: OsString,
    /// Whether a carriage return stood before the newline at its end.
    pub(crate) has_return: bool,
}

/// Returns the text of a file, without the one newline that editors and `echo` end it
/// with: a second one is part of the text.
pub(crate) fn read(path: &Path) -> Result<Contents, Error> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(Error::Io)?.take(MAX_BYTES + 1);
    file.read_to_end(&mut bytes).map_err(Error::Io)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let mut has_return = false;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        has_return = bytes.last() == Some(&b'\r');
        if has_return {
            bytes.pop();
        }
    }
    let text = text(bytes)?;
    Ok(Contents { text, has_return })
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn text(bytes: Vec<u8>) -> Result<OsString, Error> {
    use std::os::unix::ffi::OsStringExt;

    Ok(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn text(bytes: Vec<u8>) -> Result<OsString, Error> {
    String::from_utf8(bytes)
        .map(OsString::from)
        .map_err(|_| Error::NotUnicode)
}
