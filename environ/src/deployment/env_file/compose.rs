//! `env_file:` of a Compose file, as the package `dotenv` of compose-go reads it: a dialect of
//! its own, in which `NAME: value` sets a variable too and `$` is replaced.

use std::collections::BTreeMap;

use super::lines::{Assignment, EnvFile, Positions, Unread};
use crate::deployment::interpolation::{interpolate, oddity, Interpolated, Known};

/// A file of variables, and which of its assignments have a `$` that is probably not meant so,
/// with the reason.
pub(in crate::deployment) struct Replaced {
    pub(in crate::deployment) file: EnvFile,
    pub(in crate::deployment) odd: Vec<(usize, &'static str)>,
}

/// Reads a file, and replaces variables by those of the project, or of the lines before.
pub(in crate::deployment) fn read(text: &str, project: Known<'_>) -> Replaced {
    if let Some(file) = EnvFile::too_long(text) {
        let odd = Vec::new();
        return Replaced { file, odd };
    }
    let text = text.replace("\r\n", "\n");
    let mut reader = Reader {
        text: &text,
        at: 0,
        positions: Positions::new(&text),
        known: BTreeMap::new(),
        project,
        read: Replaced {
            file: EnvFile::default(),
            odd: Vec::new(),
        },
    };
    while reader.skip_to_statement() {
        if let Err(reason) = reader.statement() {
            let (line, _) = reader.positions.of(reader.at);
            reader.read.file.unread.push(Unread { line, reason });
            break;
        }
    }
    reader.read
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    positions: Positions<'t>,
    /// The variables of the lines before.
    known: BTreeMap<String, Option<String>>,
    project: Known<'t>,
    read: Replaced,
}

impl Reader<'_> {
    /// Skips white space and comments. Returns whether anything follows.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return !trimmed.is_empty();
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn statement(&mut self) -> Result<(), &'static str> {
        let rest = &self.text[self.at..];
        if let Some(after) = rest.strip_prefix("export") {
            let trimmed = after.trim_start_matches(is_space);
            if trimmed.len() < after.len() {
                self.at += rest.len() - trimmed.len();
            }
        }
        let rest = &self.text[self.at..];
        let is_part = |letter: char| letter.is_alphanumeric() || "_.-[]".contains(letter);
        let end = rest.find(|letter| !is_part(letter) && !is_space(letter));
        let end = end.unwrap_or(rest.len());
        let name = rest[..end].trim_end();
        let operator = rest[end..].chars().next();
        let (line, column) = self.positions.of(self.at);
        if !matches!(operator, None | Some('=' | ':' | '\n')) {
            return Err("Compose reads no such name, and starts nothing; write NAME=value");
        }
        if name.contains(' ') {
            return Err(
                "Compose reads no white space in a name, and starts nothing; write NAME=value",
            );
        }
        self.at += end + usize::from(operator.is_some());
        let mut assignment = Assignment {
            name: name.to_owned(),
            text: None,
            line,
            column,
            text_column: column,
        };
        if matches!(operator, Some('=' | ':')) {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start_matches(is_space).len();
            assignment.text_column = self.positions.of(self.at).1;
            let value = self.value()?;
            if value.is_malformed {
                return Err("Compose rejects a `$` that begins no variable; write `$$` for `$`");
            }
            let index = self.read.file.assignments.len();
            (self.read.odd).extend(oddity(&value).map(|message| (index, message)));
            assignment.text = value.text;
        }
        self.known.insert(name.to_owned(), assignment.text.clone());
        self.read.file.assignments.push(assignment);
        Ok(())
    }

    fn value(&mut self) -> Result<Interpolated, &'static str> {
        let rest = &self.text[self.at..];
        let Some(quote) = rest.chars().next().filter(|it| matches!(it, '"' | '\'')) else {
            let end = rest.find('\n').unwrap_or(rest.len());
            let line = &rest[..end];
            let value = line.split_once(" #").map_or(line, |(value, _)| value);
            let value = self.replaced(value.trim_end());
            self.at += end;
            return Ok(value);
        };
        let Some((inner, length)) = quoted(&rest[1..], quote) else {
            return Err("the quotes do not end, so that Compose starts nothing; close quotes");
        };
        self.at += length + 1;
        if quote == '\'' {
            return Ok(Interpolated::of(inner));
        }
        Ok(self.replaced(&unescaped(&inner)))
    }

    fn replaced(&self, value: &str) -> Interpolated {
        let before = |name: &str| self.known.get(name).cloned();
        interpolate(value, &|name| (self.project)(name).or_else(|| before(name)))
    }
}

/// White space within a line.
fn is_space(letter: char) -> bool {
    matches!(
        letter,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

/// Returns the text up to the quote, and its length with the quote. A backslash before a quote is
/// removed, and so is a backslash at the end of nothing.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut is_escaped = false;
    for (at, letter) in rest.char_indices() {
        if letter == quote && !is_escaped {
            return Some((text, at + 1));
        }
        if letter == '\\' && !is_escaped {
            is_escaped = true;
            continue;
        }
        if is_escaped && letter != quote {
            text.push('\\');
        }
        is_escaped = false;
        text.push(letter);
    }
    None
}

/// Replaces the escapes of Go, and `\$` by `$$`.
fn unescaped(raw: &str) -> String {
    let mut text = String::new();
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut letters = after.chars();
        let replaced = match letters.next() {
            Some('a') => "\u{7}",
            Some('b') => "\u{8}",
            Some('f') => "\u{c}",
            Some('n') => "\n",
            Some('r') => "\r",
            Some('t') => "\t",
            Some('v') => "\u{b}",
            Some('\\') => "\\",
            Some('$') => "$$",
            _ => {
                text.push('\\');
                rest = after;
                continue;
            }
        };
        text.push_str(replaced);
        rest = letters.as_str();
    }
    text + rest
}
