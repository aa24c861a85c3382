//! The terminal: its colours and its width.

use std::io::IsTerminal;
use std::os::fd::AsFd;

use environ::EnvConfig;
use rustix::termios::tcgetwinsize;

/// The columns where there is no terminal.
const DEFAULT_WIDTH: usize = 100;

/// Variables of the terminal.
#[derive(Debug, Default, EnvConfig)]
#[env(prefix = "")]
pub(crate) struct Terminal {
    /// Switch that turns colours off, with any text.
    no_color: Option<String>,
    /// Switch that turns colours on in files and pipes, with any text but `0`.
    clicolor_force: Option<String>,
    /// Kind of the terminal; `dumb` has no colours.
    term: Option<String>,
    /// Columns of a line of help; if unset, those of the terminal, or 100.
    columns: Option<String>,
}

impl Terminal {
    /// Reads the variables of the process. If they cannot be read, none is set.
    pub(crate) fn of_process() -> Self {
        let loaded = Self::loader().load();
        loaded.map_or_else(|_| Self::default(), |loaded| loaded.config)
    }

    /// Returns whether colours are wanted and shown on a stream.
    pub(crate) fn has_colours(&self, stream: &impl IsTerminal) -> bool {
        self.wants_colours(stream.is_terminal())
    }

    fn wants_colours(&self, is_terminal: bool) -> bool {
        let is_forced = self.clicolor_force.as_deref().is_some_and(|it| it != "0");
        let is_shown = is_terminal && self.term.as_deref() != Some("dumb");
        self.no_color.is_none() && (is_forced || is_shown)
    }

    /// Returns the columns of a line on a stream.
    pub(crate) fn width(&self, stream: impl AsFd) -> usize {
        let set = self.columns.as_deref();
        let set: Option<u16> = set.and_then(|it| it.trim().parse().ok());
        let known = set.or_else(|| Some(tcgetwinsize(stream).ok()?.ws_col));
        // A terminal that does not know says 0.
        known
            .filter(|columns| *columns > 0)
            .map_or(DEFAULT_WIDTH, usize::from)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use environ::EnvConfig;

    use super::Terminal;

    #[test]
    fn colours_can_be_turned_off_and_on() {
        for (vars, at_terminal, elsewhere) in [
            (&[("TERM", "xterm-256color")][..], true, false),
            (&[("NO_COLOR", "")], true, false),
            (&[("NO_COLOR", "1")], false, false),
            (&[("TERM", "dumb")], false, false),
            (&[("CLICOLOR_FORCE", "1")], true, true),
            (&[("CLICOLOR_FORCE", "0")], true, false),
            (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true, true),
            (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false, false),
        ] {
            let terminal = Terminal::from_source(vars).unwrap();
            let found = [true, false].map(|is| terminal.wants_colours(is));
            assert_eq!(found, [at_terminal, elsewhere], "{vars:?}");
        }
    }

    #[test]
    fn the_width_is_as_set_or_100_outside_of_a_terminal() {
        for (columns, width) in [
            ("72", 72),
            (" 72 ", 72),
            ("0", 100),
            ("x", 100),
            ("-1", 100),
            ("65535", 65_535),
            ("65536", 100),
            ("18446744073709551615", 100),
        ] {
            let terminal = Terminal::from_source([("COLUMNS", columns)]).unwrap();
            let file = File::open("/dev/null").unwrap();
            assert_eq!(terminal.width(&file), width, "{columns}");
        }
    }
}
