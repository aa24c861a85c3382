//! `EnvironmentFile=`, by the states of `parse_env_file_internal` in systemd's
//! `src/basic/env-file.c`.

use super::lines::{Assignment, EnvFile, Positions, Unread};

#[derive(Clone, Copy, PartialEq)]
enum State {
    PreKey,
    Key,
    PreValue,
    Value,
    ValueEscape,
    SingleQuote,
    DoubleQuote,
    DoubleQuoteEscape,
    Comment,
    CommentEscape,
}

/// The characters before which a backslash is removed in double quotes.
const NEED_ESCAPE: &str = "\"\\`$";

pub(super) fn read(text: &str) -> EnvFile {
    let mut reader = Reader {
        state: State::PreKey,
        key: String::new(),
        value: String::new(),
        trimmed: None,
        starts: (0, 0),
        positions: Positions::new(text),
        file: EnvFile::default(),
    };
    for (at, letter) in text.char_indices() {
        reader.step(at, letter);
    }
    if !matches!(
        reader.state,
        State::PreKey | State::Key | State::Comment | State::CommentEscape
    ) {
        reader.push();
    }
    reader.file
}

struct Reader<'t> {
    state: State,
    key: String,
    value: String,
    /// The length of the value without the white space at its end.
    trimmed: Option<usize>,
    /// Where key and value begin.
    starts: (usize, usize),
    positions: Positions<'t>,
    file: EnvFile,
}

impl Reader<'_> {
    fn step(&mut self, at: usize, letter: char) {
        let is_newline = matches!(letter, '\n' | '\r');
        let is_space = is_newline || matches!(letter, ' ' | '\t');
        self.state = match self.state {
            State::PreKey if matches!(letter, '#' | ';') => State::Comment,
            State::PreKey if is_space => State::PreKey,
            State::PreKey => {
                self.starts.0 = at;
                self.key.push(letter);
                State::Key
            }
            State::Key if is_newline => {
                let line = self.positions.of(self.starts.0).0;
                let reason = "systemd ignores a line without `=`; write NAME=value";
                self.file.unread.push(Unread { line, reason });
                self.key.clear();
                State::PreKey
            }
            State::Key if letter == '=' => {
                self.starts.1 = at + 1;
                State::PreValue
            }
            State::Key => {
                self.key.push(letter);
                State::Key
            }
            State::PreValue | State::Value if is_newline => {
                self.push();
                State::PreKey
            }
            State::PreValue if letter == '\'' => State::SingleQuote,
            State::PreValue if letter == '"' => State::DoubleQuote,
            State::PreValue | State::Value if letter == '\\' => {
                self.trimmed = None;
                State::ValueEscape
            }
            State::PreValue if is_space => State::PreValue,
            State::PreValue | State::Value => {
                if !is_space {
                    self.trimmed = None;
                } else if self.trimmed.is_none() {
                    self.trimmed = Some(self.value.len());
                }
                self.value.push(letter);
                State::Value
            }
            State::ValueEscape => {
                if !is_newline {
                    self.value.push(letter);
                }
                State::Value
            }
            State::SingleQuote if letter == '\'' => State::PreValue,
            State::DoubleQuote if letter == '"' => State::PreValue,
            State::DoubleQuote if letter == '\\' => State::DoubleQuoteEscape,
            State::SingleQuote | State::DoubleQuote => {
                self.value.push(letter);
                self.state
            }
            State::DoubleQuoteEscape => {
                if NEED_ESCAPE.contains(letter) {
                    self.value.push(letter);
                } else if letter != '\n' {
                    self.value.push('\\');
                    self.value.push(letter);
                }
                State::DoubleQuote
            }
            State::Comment if letter == '\\' => State::CommentEscape,
            State::Comment if is_newline => State::PreKey,
            State::Comment | State::CommentEscape => State::Comment,
        };
    }

    fn push(&mut self) {
        if self.state == State::Value {
            self.value
                .truncate(self.trimmed.unwrap_or(self.value.len()));
        }
        let key = std::mem::take(&mut self.key);
        let value = std::mem::take(&mut self.value);
        let name = key.trim_end_matches([' ', '\t']);
        let (line, column) = self.positions.of(self.starts.0);
        let (_, text_column) = self.positions.of(self.starts.1);
        self.trimmed = None;
        if !is_name(name) {
            let reason = "systemd ignores a name that is not of letters, digits and `_`, as \
                          `export NAME` is; write NAME=value";
            self.file.unread.push(Unread { line, reason });
            return;
        }
        self.file.assignments.push(Assignment {
            name: name.to_owned(),
            text: Some(value),
            line,
            column,
            text_column,
        });
    }
}

/// Returns whether systemd accepts a name.
pub(in crate::deployment) fn is_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
