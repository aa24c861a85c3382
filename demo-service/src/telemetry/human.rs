//! A line for a person: colours at a terminal, and one line an event.

use std::io::{self, Write};

use environ::EnvConfig;
use tracing_subscriber::fmt::MakeWriter;

use super::Lines;

/// What a person says of the terminal.
#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(crate) struct Terminal {
    /// Whatever it says, no colours are wanted.
    no_color: Option<String>,
    /// What the terminal can do; `dumb` has no colours.
    term: Option<String>,
}

impl Terminal {
    /// Whether it shows colours that are wanted.
    pub(super) fn has_colours(&self) -> bool {
        self.no_color.is_none() && self.term.as_deref() != Some("dumb")
    }
}

/// Takes an event at once, and keeps it on one line.
pub(super) struct OneLine(pub(super) Lines);

impl<'w> MakeWriter<'w> for OneLine {
    type Writer = &'w Self;

    fn make_writer(&'w self) -> Self::Writer {
        self
    }
}

impl Write for &OneLine {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let (text, end) = match event.split_last() {
            Some((b'\n', text)) => (text, &b"\n"[..]),
            _ => (event, &b""[..]),
        };
        let mut lines = &self.0;
        if text.iter().any(is_odd) {
            let mut line = Vec::with_capacity(event.len() + 16);
            for byte in text {
                match byte {
                    odd if is_odd(odd) => line.extend(odd.escape_ascii()),
                    byte => line.push(*byte),
                }
            }
            line.extend_from_slice(end);
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

/// Whether it would end the line, or move what follows. What is left are colours: the
/// layer has escaped those that are not its own.
fn is_odd(byte: &u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\x1b')
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
