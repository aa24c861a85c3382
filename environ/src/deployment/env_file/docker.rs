//! `docker run --env-file`: a line is a variable, from its first letter to its last.

use super::lines::{Assignment, EnvFile, Unread};

pub(super) fn read(text: &str) -> EnvFile {
    let mut file = EnvFile::default();
    for (index, whole) in text.split('\n').enumerate() {
        let whole = whole.strip_suffix('\r').unwrap_or(whole);
        let content = whole.trim_start_matches([' ', '\t']);
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let line = index + 1;
        let column = whole[..whole.len() - content.len()].chars().count() + 1;
        let (name, text) = match content.split_once('=') {
            Some((name, text)) => (name, Some(text.to_owned())),
            None => (content, None),
        };
        let reason = if name.is_empty() {
            Some("docker reads no name before `=`; write NAME=value")
        } else if name.contains([' ', '\t']) {
            Some("docker accepts no white space before `=`, and no `export`; write NAME=value")
        } else {
            None
        };
        if let Some(reason) = reason {
            file.unread.push(Unread { line, reason });
            continue;
        }
        file.assignments.push(Assignment {
            text,
            line,
            column,
            text_column: column + name.chars().count() + 1,
            name: name.to_owned(),
        });
    }
    file
}
