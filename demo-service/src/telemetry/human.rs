//! The format `human`: colours at a terminal, one line an event.

use std::io::{self, Write};

use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

use super::journal::priority;
use super::letters::is_unsafe;
use super::queue::Lines;

/// Writes an event as one line.
pub(super) struct OneLine {
    lines: Lines,
    has_colours: bool,
    has_priorities: bool,
}

impl OneLine {
    /// Creates the writer of lines, in which only a terminal has colours.
    pub(super) fn new(lines: &Lines, has_colours: bool, has_priorities: bool) -> Self {
        let lines = lines.clone();
        Self {
            lines,
            has_colours,
            has_priorities,
        }
    }
}

/// The writer of one event, and what its line begins with.
pub(super) struct Event<'w> {
    lines: &'w Lines,
    has_colours: bool,
    prefix: &'static str,
}

impl<'w> MakeWriter<'w> for OneLine {
    type Writer = Event<'w>;

    fn make_writer(&'w self) -> Self::Writer {
        Event {
            lines: &self.lines,
            has_colours: self.has_colours,
            prefix: "",
        }
    }

    fn make_writer_for(&'w self, event: &Metadata<'_>) -> Self::Writer {
        let prefix = if self.has_priorities {
            priority(event.level())
        } else {
            ""
        };
        Event {
            lines: &self.lines,
            has_colours: self.has_colours,
            prefix,
        }
    }
}

impl Write for Event<'_> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = event.strip_suffix(b"\n").unwrap_or(event);
        let mut lines = self.lines;
        let is_odd = |byte: &u8| is_control(*byte) || !byte.is_ascii();
        if text.iter().any(is_odd) || !self.prefix.is_empty() {
            let mut line = self.prefix.as_bytes().to_vec();
            line.extend(escaped(text, self.has_colours));
            line.extend_from_slice(&event[text.len()..]);
            lines.write_all(&line)?;
        } else {
            lines.write_all(event)?;
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns whether a byte could end the line or move the cursor.
fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

/// Escapes control characters, except in colours if there are any, and characters that change
/// the order in which a terminal shows text.
fn escaped(text: &[u8], has_colours: bool) -> Vec<u8> {
    let mut line = Vec::with_capacity(text.len() + 16);
    for chunk in text.utf8_chunks() {
        for (at, letter) in chunk.valid().char_indices() {
            let rest = &chunk.valid().as_bytes()[at..];
            match u8::try_from(letter) {
                Ok(byte)
                    if byte.is_ascii() && (!is_control(byte) || has_colours && is_colour(rest)) =>
                {
                    line.push(byte);
                }
                Ok(byte) if byte.is_ascii() => line.extend(byte.escape_ascii()),
                _ if is_unsafe(letter) => {
                    line.extend(letter.escape_unicode().to_string().into_bytes());
                }
                _ => line.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        line.extend(chunk.invalid().escape_ascii());
    }
    line
}

/// Returns whether the text begins with a sequence that changes colours only.
fn is_colour(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"\x1b[") else {
        return false;
    };
    let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b';';
    rest.iter().find(|byte| !is_number(byte)) == Some(&b'm')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_text_around() {
        let shown = |text: &str| String::from_utf8(escaped(text.as_bytes(), true)).unwrap();
        assert_eq!(shown("\u{1b}[31mred\u{1b}[0m"), "\u{1b}[31mred\u{1b}[0m");
        let without = escaped(b"\x1b[31mred\x1b[0m", false);
        assert_eq!(without, b"\\x1b[31mred\\x1b[0m");
        assert_eq!(shown("a\u{1b}[2Jb\nc"), "a\\x1b[2Jb\\nc");
        assert_eq!(shown("a\u{9b}2Jb"), "a\\u{9b}2Jb");
        assert_eq!(
            shown("x\u{202e}gpj.exe\u{2066}"),
            "x\\u{202e}gpj.exe\\u{2066}"
        );
        assert_eq!(shown("Grüße, 世界"), "Grüße, 世界");
        assert_eq!(escaped(b"a\xffb", true), b"a\\xffb");
    }
}
