//! Finds a specification in a program.

use std::fmt;
use std::io::{self, ErrorKind, Read};

use serde_json::{Map, Value};

use super::MARKER;
use crate::redact::escape;
use crate::source::file::FileError;
use crate::spec::document::remove_empty;
use crate::value::Written;

/// A specification of 10,000 variables takes some 3 MiB.
const MAX_SPEC: usize = 16 * 1024 * 1024;

/// A program with debug information takes some 300 MiB.
const MAX_PROGRAM: u64 = 4 * 1024 * 1024 * 1024;

const CHUNK: usize = 64 * 1024;

/// The reason why no specification was found.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadSpecError {
    /// The file cannot be read, or a JSON document is larger than 16 MiB.
    File(FileError),
    /// There is neither a JSON document nor a program with [`embed!`](crate::embed).
    NotFound,
}

impl fmt::Display for ReadSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(err) => err.fmt(f),
            Self::NotFound => f.write_str(
                "it holds no specification; name a file with the output of `config --format json`, or a \
                 program with `environ::embed!`",
            ),
        }
    }
}

impl std::error::Error for ReadSpecError {}

impl From<io::Error> for ReadSpecError {
    fn from(err: io::Error) -> Self {
        Self::File(match err.kind() {
            ErrorKind::TimedOut => FileError::PipeTimeout,
            _ => FileError::Io(err),
        })
    }
}

/// Reads a specification from a program, or from a JSON document, for
/// [`Help::diff`](crate::Help::diff).
///
/// A program is not run, and not kept in memory; the search ends after 4 GiB. Open the file
/// with [`file::open`](crate::file::open), which rejects devices.
///
/// # Errors
///
/// If there is no specification, or `reader` fails.
///
/// # Examples
///
/// ```
/// use environ::embedded;
///
/// let program = b"..\0environ-spec-1\0{\"format\":1,\"variables\":[]}\0..";
/// assert!(embedded::read(&program[..])?.contains("variables"));
/// assert!(embedded::read(&b"\x7fELF"[..]).is_err());
/// # Ok::<(), embedded::ReadSpecError>(())
/// ```
pub fn read(reader: impl Read) -> Result<String, ReadSpecError> {
    let mut window = Window::new(reader.take(MAX_PROGRAM));
    window.fill(1)?;
    let first = window.bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first.is_none_or(|first| *first == b'{') {
        return document(window);
    }
    let marker = [b"\0", MARKER.as_bytes(), b"\0"].concat();
    while window.seek(&marker)? {
        if let Some(spec) = window.until_zero()?.and_then(|bytes| evaluated(&bytes)) {
            return Ok(spec);
        }
    }
    Err(ReadSpecError::NotFound)
}

fn document(mut window: Window<impl Read>) -> Result<String, ReadSpecError> {
    while window.bytes.len() <= MAX_SPEC {
        if !window.fill(window.bytes.len() + 1)? {
            return String::from_utf8(window.bytes).map_err(|_| ReadSpecError::NotFound);
        }
    }
    Err(ReadSpecError::File(FileError::TooLarge))
}

/// Returns the specification as `Help::to_json` writes it, with ranges in words.
fn evaluated(bytes: &[u8]) -> Option<String> {
    let mut document: Value = serde_json::from_slice(bytes).ok()?;
    remove_empty(document.as_object_mut()?);
    for variable in document.get_mut("variables")?.as_array_mut()? {
        let variable = variable.as_object_mut()?;
        let removed = |variable: &mut Map<String, Value>, key| match variable.remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let range = removed(variable, "written_range").map(|it| (Written::range(&it), it));
        let parts = removed(variable, "length_parts").unwrap_or_default();
        let length = removed(variable, "written_length");
        let length = length.map(|it| (Written::length(&it, &parts), it));
        for (key, written_key, written) in [
            ("range", "written_range", range),
            ("length", "written_length", length),
        ] {
            let Some((written, code)) = written.filter(|(it, _)| !it.words.is_empty()) else {
                continue;
            };
            variable.insert(key.to_owned(), written.words.into());
            if !written.is_evaluated {
                variable.insert(written_key.to_owned(), code.into());
            }
        }
    }
    Some(escape::escaped_json(&format!("{document:#}")))
}

/// The bytes of a reader that were read and not passed yet.
struct Window<R> {
    reader: R,
    bytes: Vec<u8>,
}

impl<R: Read> Window<R> {
    fn new(reader: R) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
        }
    }

    /// Reads until there are `len` bytes. Returns whether there are.
    fn fill(&mut self, len: usize) -> io::Result<bool> {
        while self.bytes.len() < len {
            let chunk = (&mut self.reader).take(CHUNK as u64);
            let read = { chunk }.read_to_end(&mut self.bytes)?;
            if read == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Passes all bytes up to the end of the marker. Returns whether there is a marker.
    fn seek(&mut self, marker: &[u8]) -> io::Result<bool> {
        loop {
            if let Some(at) = find(&self.bytes, marker) {
                self.bytes.drain(..at + marker.len());
                return Ok(true);
            }
            let passed = self.bytes.len().saturating_sub(marker.len() - 1);
            self.bytes.drain(..passed);
            if !self.fill(self.bytes.len() + 1)? {
                return Ok(false);
            }
        }
    }

    /// Returns the bytes before the next zero byte, and stays where it is. `None` if these
    /// are too many.
    fn until_zero(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut seen = 0;
        while self.bytes.len() <= MAX_SPEC {
            let zero = self.bytes[seen..].iter().position(|byte| *byte == 0);
            if let Some(at) = zero {
                return Ok(Some(self.bytes[..seen + at].to_owned()));
            }
            seen = self.bytes.len();
            if !self.fill(seen + 1)? {
                return Ok(None);
            }
        }
        Ok(None)
    }
}

/// Returns the place of the first `marker`. Most places are passed in steps as long as the
/// marker, by the algorithm of Horspool: a program has hundreds of megabytes.
fn find(bytes: &[u8], marker: &[u8]) -> Option<usize> {
    let (last, before) = marker.split_last()?;
    let step = |byte: u8| {
        let from_end = before.iter().rev().position(|other| *other == byte);
        from_end.map_or(marker.len(), |from_end| from_end + 1)
    };
    let steps: Vec<usize> = (0..=u8::MAX).map(step).collect();
    let mut end = before.len();
    while let Some(byte) = bytes.get(end) {
        let start = end - before.len();
        if byte == last && bytes[start..end] == *before {
            return Some(start);
        }
        end += steps[usize::from(*byte)];
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind, Read};

    use super::{find, read, FileError, ReadSpecError, CHUNK, MARKER};

    #[test]
    fn a_marker_is_found_wherever_it_stands() {
        let marker = b"\0ab\0";
        for text in [&b"\0ab\0"[..], b"\0\0ab\0", b"\0ab\0ab\0", b"x\0a\0ab\0"] {
            let first = text.windows(4).position(|window| window == marker);
            assert_eq!(find(text, marker), first, "{}", text.escape_ascii());
        }
        for text in [&b""[..], b"\0ab", b"\0aab\0"] {
            assert_eq!(find(text, marker), None);
        }
    }

    #[test]
    fn a_specification_is_found_across_chunks_and_after_false_markers() {
        let marker = format!("\0{MARKER}\0");
        for before in [0, 1, CHUNK - 20, CHUNK - 7, CHUNK, 3 * CHUNK] {
            let spec = r#"{"variables":[{"name":"A","written_range":"1 ..= 1_000"}]}"#;
            let program = format!(
                "\x7f{}{marker}not json{marker}{{{marker}{spec}\0rest",
                "x".repeat(before)
            );
            let found = read(program.as_bytes()).unwrap();
            assert!(found.contains(r#""range": "from 1 to 1000""#), "{found}");
        }
    }

    #[test]
    fn a_specification_may_begin_and_end_in_different_chunks() {
        let spec =
            r#"{"variables":[{"name":"A","written_length":"1 ..= 9","length_parts":"bytes"}]}"#;
        let marker = format!("\0{MARKER}\0");
        for before in (CHUNK - marker.len() - spec.len()..CHUNK).step_by(9) {
            let program = format!("\x7f{}{marker}{spec}\0", "x".repeat(before));
            let found = read(program.as_bytes()).unwrap();
            assert!(
                found.contains(r#""length": "from 1 to 9 bytes""#),
                "{found}"
            );
        }
    }

    #[test]
    fn a_document_is_read_whole_and_a_program_without_a_specification_is_none() {
        let document = format!("\n {{\"x\":\"{}\"}}", "x".repeat(3 * CHUNK));
        assert_eq!(read(document.as_bytes()).unwrap(), document);
        assert_eq!(read(&b" \n"[..]).unwrap(), " \n");
        for program in [
            &b"\x7fELF"[..],
            b"{\xff}",
            b"x\0environ-spec-1\0{}",
            b"x\0environ-spec-1",
        ] {
            let err = read(program).unwrap_err();
            assert_eq!(
                err.to_string(),
                "it holds no specification; name a file with the output of `config --format \
                 json`, or a program with `environ::embed!`"
            );
        }
    }

    #[test]
    fn a_reader_that_fails_is_named() {
        struct Failing(ErrorKind);

        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
        }

        for (kind, wanted) in [
            (
                ErrorKind::TimedOut,
                "its writer has not closed the pipe within 5s",
            ),
            (ErrorKind::NotFound, "entity not found"),
        ] {
            let err = read(Failing(kind)).unwrap_err();
            assert_eq!(err.to_string(), wanted);
        }
    }

    #[test]
    fn a_marker_without_an_end_costs_bounded_memory() {
        let program = format!("\x7f\0{MARKER}\0{{");
        let endless = program.as_bytes().chain(io::repeat(b' ').take(40 << 20));
        assert!(matches!(read(endless), Err(ReadSpecError::NotFound)));
        let endless = b"{".chain(io::repeat(b' '));
        assert!(matches!(
            read(endless),
            Err(ReadSpecError::File(FileError::TooLarge))
        ));
    }
}
