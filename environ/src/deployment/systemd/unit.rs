//! The lines of a unit: sections, keys and values, with lines continued by `\`.

use super::super::input::Input;
use super::super::place::Place;

/// A `key=value` of a unit.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) section: String,
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) place: Place,
}

/// A value that may span lines, and knows the place of each of its letters.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) text: String,
    /// The place of the letter at an offset, for the start of each line.
    starts: Vec<(usize, usize, usize)>,
    file: Place,
}

impl Value {
    /// Returns the place of the letter at a byte of the text.
    pub(super) fn place(&self, input: &Input, at: usize) -> Place {
        let starts = self.starts.iter().rev();
        let start = starts.copied().find(|(offset, ..)| *offset <= at);
        let Some((offset, line, column)) = start else {
            return self.file.clone();
        };
        input.place(line, column + self.text[offset..at].chars().count())
    }
}

/// Returns the lines of a unit. As in systemd, a line that is no comment, no section and no
/// assignment is ignored.
pub(super) fn lines(input: &Input) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut section = String::new();
    let mut is_continued = false;
    for (index, whole) in input.text.lines().enumerate() {
        let number = index + 1;
        let trimmed = whole.trim();
        if trimmed.starts_with(['#', ';']) || trimmed.is_empty() && !is_continued {
            continue;
        }
        let (content, continues) = match whole.trim_end().strip_suffix('\\') {
            Some(content) => (content, true),
            None => (whole.trim_end(), false),
        };
        if is_continued {
            if let Some(line) = lines.last_mut() {
                line.value.text.push(' ');
                let offset = line.value.text.len();
                line.value.starts.push((offset, number, 1));
                line.value.text.push_str(content);
            }
        } else if let Some(name) = trimmed.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
        } else if let Some((key, value)) = content.split_once('=') {
            let before = content.len() - value.trim_start().len();
            let column = content[..before].chars().count() + 1;
            let place = input.place(number, 1 + key.len() - key.trim_start().len());
            lines.push(Line {
                section: section.clone(),
                key: key.trim().to_owned(),
                value: Value {
                    text: value.trim_start().to_owned(),
                    starts: vec![(0, number, column)],
                    file: place.clone(),
                },
                place,
            });
        } else {
            continue;
        }
        is_continued = continues && !lines.is_empty();
    }
    lines
}
