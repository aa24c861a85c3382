//! `.env` files as python-dotenv reads them, by the regular expressions of its `parser.py`
//! and `variables.py`.

use std::collections::HashMap;

use super::lines::{Assignment, EnvFile, Positions, Unread};
use crate::help::expansion::Joined;

pub(super) fn read(text: &str) -> EnvFile {
    let mut reader = Reader {
        text,
        at: 0,
        positions: Positions::new(text),
        file: EnvFile::default(),
        set: HashMap::new(),
    };
    while reader.binding() {}
    reader.file
}

/// The line is malformed.
struct Malformed;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    positions: Positions<'t>,
    file: EnvFile,
    /// The texts so far, to which later texts may refer by name.
    set: HashMap<String, Option<String>>,
}

impl<'t> Reader<'t> {
    /// Reads a line, or several lines if quotes span them. Returns whether there is more.
    fn binding(&mut self) -> bool {
        self.skip(char::is_whitespace);
        if self.rest().is_empty() {
            return false;
        }
        let line = self.positions.of(self.at).0;
        match self.binding_of_line() {
            Ok(assignment) if self.end_of_line() => {
                if let Some(assignment) = assignment {
                    let text = assignment.text.clone();
                    self.set.insert(assignment.name.clone(), text);
                    self.file.assignments.push(assignment);
                }
            }
            _ => {
                self.skip(|letter| !matches!(letter, '\n' | '\r'));
                let reason = "dotenv cannot read the line and ignores it; write NAME=value, and \
                              close quotes";
                self.file.unread.push(Unread { line, reason });
            }
        }
        true
    }

    /// Reads an assignment, or nothing before a comment or after a name without `=`.
    fn binding_of_line(&mut self) -> Result<Option<Assignment>, Malformed> {
        self.export();
        let name_at = self.at;
        let name = match self.rest().chars().next().ok_or(Malformed)? {
            '#' => return Ok(None),
            '\'' => {
                let end = self.rest()[1..].find('\'');
                let end = end.filter(|end| *end > 0).ok_or(Malformed)?;
                let name = &self.rest()[1..=end];
                self.at += end + 2;
                name
            }
            _ => {
                let rest = self.rest();
                let is_end = |letter: char| letter.is_whitespace() || "=#".contains(letter);
                let end = rest.find(is_end).unwrap_or(rest.len());
                if end == 0 {
                    return Err(Malformed);
                }
                self.at += end;
                &rest[..end]
            }
        };
        self.skip_blanks();
        if !self.rest().starts_with('=') {
            return Ok(None);
        }
        self.at += 1;
        let equals_at = self.at;
        self.skip_blanks();
        let text_at = self.at;
        let is_comment = text_at > equals_at && self.rest().starts_with('#');
        let raw = if is_comment {
            String::new()
        } else {
            self.value().ok_or(Malformed)?
        };
        let (line, column) = self.positions.of(name_at);
        let (_, text_column) = self.positions.of(text_at);
        Ok(Some(Assignment {
            name: name.to_owned(),
            text: self.expanded(&raw),
            line,
            column,
            text_column,
        }))
    }

    fn export(&mut self) {
        if let Some(rest) = self.rest().strip_prefix("export") {
            let blanks = rest.len() - rest.trim_start_matches(is_blank).len();
            if blanks > 0 {
                self.at += "export".len() + blanks;
            }
        }
    }

    fn value(&mut self) -> Option<String> {
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|first| "'\"".contains(*first)) {
            let (raw, length) = quoted(rest, quote)?;
            self.at += length;
            return Some(unescaped(raw, quote));
        }
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        self.at += end;
        Some(without_comment(&rest[..end]).to_owned())
    }

    /// Replaces `${NAME}` and `${NAME:-default}`. Returns `None` for a text that depends on
    /// the environment.
    fn expanded(&self, raw: &str) -> Option<String> {
        let mut expanded = Joined::new();
        let mut rest = raw;
        while let Some(at) = rest.find("${") {
            let Some((name, default, length)) = reference(&rest[at..]) else {
                expanded.push(Some(&rest[..at + 2]));
                rest = &rest[at + 2..];
                continue;
            };
            expanded.push(Some(&rest[..at]));
            match (self.set.get(name), default) {
                (Some(text), _) => expanded.push(text.as_deref()),
                (None, Some(default)) => expanded.push(Some(default)),
                (None, None) => return None,
            }
            rest = &rest[at + length..];
        }
        expanded.push(Some(rest));
        expanded.text()
    }

    fn end_of_line(&mut self) -> bool {
        self.skip_blanks();
        if self.rest().starts_with('#') {
            self.skip(|letter| !matches!(letter, '\n' | '\r'));
        }
        let rest = self.rest();
        rest.is_empty() || rest.starts_with(['\n', '\r'])
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip(&mut self, is: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is).len();
    }

    fn skip_blanks(&mut self) {
        self.skip(is_blank);
    }
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\n' | '\r')
}

/// Returns the text between the quotes, and the length with them. A letter after a backslash
/// ends nothing.
fn quoted(rest: &str, quote: char) -> Option<(&str, usize)> {
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        if letter == quote {
            return Some((&rest[1..at], at + 1));
        }
        if letter == '\\' {
            letters.next();
        }
    }
    None
}

fn unescaped(raw: &str, quote: char) -> String {
    let mut text = String::new();
    let mut letters = raw.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = match (letter, letters.peek().copied()) {
            ('\\', Some(next @ ('\\' | '\''))) => Some(next),
            ('\\', Some(next)) if quote == '"' => match next {
                '"' => Some('"'),
                'a' => Some('\u{7}'),
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                'v' => Some('\u{b}'),
                _ => None,
            },
            _ => None,
        };
        if escaped.is_some() {
            letters.next();
        }
        text.push(escaped.unwrap_or(letter));
    }
    text
}

/// Returns a text without quotes up to a `#` after white space.
fn without_comment(line: &str) -> &str {
    let mut end = line.len();
    let mut before = None;
    for (at, letter) in line.char_indices() {
        if letter == '#' && before.is_some_and(char::is_whitespace) {
            end = at;
            break;
        }
        before = Some(letter);
    }
    line[..end].trim_end()
}

/// Returns the name, the default and the length of a `${...}`.
fn reference(text: &str) -> Option<(&str, Option<&str>, usize)> {
    let end = text.find('}')?;
    let inner = &text[2..end];
    let (name, default) = match inner.split_once(':') {
        Some((name, rest)) => (name, Some(rest.strip_prefix('-')?)),
        None => (inner, None),
    };
    Some((name, default, end + 1))
}
