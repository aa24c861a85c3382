//! The format `human`: colours at a terminal, one line an event.

use std::io::{self, Write};

use environ::EnvConfig;
use tracing_subscriber::fmt::MakeWriter;

use super::queue::Lines;

/// Variables of the terminal.
#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(crate) struct Terminal {
    /// Whatever it says, no colours are wanted.
    no_color: Option<String>,
    /// What the terminal can do; `dumb` has no colours.
    term: Option<String>,
}

impl Terminal {
    /// Returns whether colours are wanted and shown.
    pub(super) fn has_colours(&self) -> bool {
        self.no_color.is_none() && self.term.as_deref() != Some("dumb")
    }
}

/// Writes an event as one line.
pub(super) struct OneLine(pub(super) Lines);

impl<'w> MakeWriter<'w> for OneLine {
    type Writer = &'w Self;

    fn make_writer(&'w self) -> Self::Writer {
        self
    }
}

impl Write for &OneLine {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = event.strip_suffix(b"\n").unwrap_or(event);
        let mut lines = &self.0;
        if text.iter().any(|byte| is_control(*byte)) {
            let mut line = escaped(text);
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

/// Escapes control characters, except in colours.
fn escaped(text: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(text.len() + 16);
    for (at, byte) in text.iter().enumerate() {
        if is_control(*byte) && !is_colour(&text[at..]) {
            line.extend(byte.escape_ascii());
        } else {
            line.push(*byte);
        }
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
    fn colours_can_be_turned_off() {
        let has_colours = |vars: &[(&str, &str)]| {
            let terminal = Terminal::from_source(vars).unwrap();
            terminal.has_colours()
        };
        assert!(has_colours(&[("TERM", "xterm-256color")]));
        assert!(has_colours(&[("NO_COLOR", "")]));
        assert!(!has_colours(&[("NO_COLOR", "1")]));
        assert!(!has_colours(&[("TERM", "dumb")]));
    }
}
