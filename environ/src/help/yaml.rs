//! Scalars of YAML.

use std::fmt::Write as _;

use crate::redact::escape;

/// A YAML scalar without quotes where it can be.
pub(super) fn plain(text: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let is_word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    if begins && text.chars().all(bare) && !is_word {
        text.to_owned()
    } else {
        double_quoted(text)
    }
}

/// Words that are no strings in some version of YAML.
const WORDS: &[&str] = &["y", "yes", "on", "true", "n", "no", "off", "false", "null"];

/// A YAML scalar in double quotes, as JSON has them.
pub(super) fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            unseen if escape::is_escaped(unseen) => {
                let _ = match u32::from(unseen) {
                    number @ ..=0xffff => write!(quoted, "\\u{number:04x}"),
                    number => write!(quoted, "\\U{number:08x}"),
                };
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
