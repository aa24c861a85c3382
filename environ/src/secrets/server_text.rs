//! Text of a server, before a person sees it.
//!
//! Every text that a Vault, AWS, Azure or Google sends passes through [`Hidden::shown`] on its way
//! into an error: messages, codes, paths, names in certificates.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::str::Chars;
use std::sync::{Mutex, PoisonError};

use crate::redact::{display, Secret};

/// Maximum number of characters of a server's text.
const MAX_SHOWN: usize = 200;
/// Number of letters and digits in a row that give a hidden text away.
const REVEALING: usize = 8;
/// Maximum number of hidden texts. The oldest is forgotten first, because rotation
/// adds texts for as long as a service lives.
const MAX_HIDDEN: usize = 64;

/// Texts that a server must not be quoted with: tokens, passwords, secret ids.
#[derive(Default)]
pub(super) struct Hidden(Mutex<VecDeque<Secret<String>>>);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

impl Hidden {
    /// Adds a text that was sent to the server, or received.
    pub(super) fn add(&self, text: &str) {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if text.is_empty() || texts.iter().any(|known| known.expose() == text) {
            return;
        }
        if texts.len() == MAX_HIDDEN {
            texts.pop_front();
        }
        texts.push_back(Secret::new(text.to_owned()));
    }

    /// Returns a server's text on one line of at most 200 visible characters, with
    /// passwords of URLs masked, or `None` if the text is empty or quotes a hidden
    /// text.
    ///
    /// A quote is found in any letter case, with anything but letters and digits
    /// between its characters, percent-encoded, and in part.
    pub(super) fn shown(&self, said: &str) -> Option<String> {
        // Twice the length, so that a short quote is found where the text is cut.
        let line = line(said, 2 * MAX_SHOWN);
        if line.is_empty() || self.is_quoted_in(&line) {
            return None;
        }
        let line = display::reason(&line);
        if line.chars().count() <= MAX_SHOWN {
            return Some(line);
        }
        let cut: String = line.chars().take(MAX_SHOWN - 3).collect();
        Some(cut + "...")
    }

    fn is_quoted_in(&self, line: &str) -> bool {
        let texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let spellings = [letters(line), letters(&percent_decoded(line))];
        let windows: HashSet<&[char]> = spellings
            .iter()
            .flat_map(|letters| letters.windows(REVEALING))
            .collect();
        texts.iter().any(|text| {
            let letters = letters(text.expose());
            match letters.len() {
                0 => line.contains(text.expose().as_str()),
                1..REVEALING => spellings
                    .iter()
                    .any(|line| line.windows(letters.len()).any(|part| part == letters)),
                _ => letters
                    .windows(REVEALING)
                    .any(|part| windows.contains(part)),
            }
        })
    }
}

/// Returns the visible characters on one line: white space and control characters
/// become a space, and characters without a width are left out.
fn line(text: &str, max: usize) -> String {
    let mut line = String::new();
    let (mut count, mut is_space) = (0, true);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        skip_sequence(letter, &mut letters);
        if is_invisible(letter) {
            continue;
        }
        let is_next_space = letter.is_whitespace() || letter.is_control();
        // Plain spaces stay as they are.
        if is_next_space && is_space && (letter != ' ' || line.is_empty()) {
            continue;
        }
        if count == max {
            break;
        }
        line.push(if is_next_space { ' ' } else { letter });
        (count, is_space) = (count + 1, is_next_space);
    }
    line.truncate(line.trim_end().len());
    line
}

/// Skips the rest of a sequence that controls a terminal (ECMA-48), such as `ESC [31m`.
fn skip_sequence(first: char, rest: &mut Chars<'_>) {
    let kind = match first {
        '\u{1b}' => rest.next(),
        '\u{9b}' => Some('['),
        '\u{9d}' => Some(']'),
        _ => None,
    };
    match kind {
        Some('[') => drop(rest.find(|letter| ('@'..='~').contains(letter))),
        Some(']') => drop(rest.find(|letter| ['\u{7}', '\u{1b}', '\u{9c}'].contains(letter))),
        _ => {}
    }
}

/// Returns whether a character only directs the text, joins characters, or tags them.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

fn letters(text: &str) -> Vec<char> {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(texts: &[&str]) -> Hidden {
        let hidden = Hidden::default();
        for text in texts {
            hidden.add(text);
        }
        hidden
    }

    #[test]
    fn a_text_is_one_line_of_at_most_200_visible_characters() {
        let hidden = Hidden::default();
        for (said, shown) in [
            ("permission denied", Some("permission denied")),
            (
                "1 error occurred:\n\t* permission denied\n\n",
                Some("1 error occurred: * permission denied"),
            ),
            ("\u{1b}[31mred\u{1b}[0m\u{9b}2J\r\n\0", Some("red")),
            ("\u{9d}0;title\u{7}red", Some("red")),
            (
                "a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{e0041}f",
                Some("abcdef"),
            ),
            ("\u{2028}\u{2029}\u{85}", None),
            ("", None),
            ("größe 大", Some("größe 大")),
            ("  to    the\r\n\r\n point", Some("to    the  point")),
        ] {
            assert_eq!(hidden.shown(said).as_deref(), shown, "{said:?}");
        }
        let long = hidden.shown(&"é".repeat(100_000)).unwrap();
        assert_eq!(long, "é".repeat(197) + "...");
        assert_eq!(hidden.shown(&"x".repeat(200)).unwrap(), "x".repeat(200));
    }

    #[test]
    fn a_text_that_quotes_a_hidden_text_is_not_shown() {
        let token = "hvs.CAESIJlWh-canary_Q2";
        let between = |separator: &str| {
            let letters = token.chars().map(|letter| letter.to_string());
            letters.collect::<Vec<_>>().join(separator)
        };
        let percent_encoded = |byte: u8| format!("%{byte:02x}");
        let hidden = hidden(&[token, "a\"b\\c!d", "s3cret", "+/=", "grün und größer"]);
        for said in [
            format!("token {token} is bad"),
            token.to_uppercase(),
            token[6..16].to_owned(),
            between("\n"),
            between("\u{200b}"),
            between("\u{1b}[0;31m"),
            between("\u{9b}m"),
            between("\u{1b}]0;title\u{7}"),
            token
                .bytes()
                .map(percent_encoded)
                .collect::<Vec<_>>()
                .concat(),
            format!("{} {token}", "x".repeat(190)),
            r#"bad: {"password": "a\"b\\c!d"}"#.to_owned(),
            "it is s3cret".to_owned(),
            "+/=".to_owned(),
            "GRÜN UND G".to_owned(),
        ] {
            assert_eq!(hidden.shown(&said), None, "{said:?}");
        }
        let beyond = "x".repeat(400) + token;
        assert_eq!(hidden.shown(&beyond), Some("x".repeat(197) + "..."));
        assert_eq!(format!("{hidden:?}"), "Hidden");
        for said in [
            "permission denied",
            "hvs.",
            "a secret",
            "s 3 c r e",
            "100%",
            "%zz%4",
        ] {
            assert_eq!(hidden.shown(said).as_deref(), Some(said));
        }
    }

    #[test]
    fn a_text_counts_once_and_no_text_hides_nothing() {
        let hidden = hidden(&["first"]);
        for _ in 0..100 {
            hidden.add("second");
            hidden.add("");
        }
        assert_eq!(hidden.shown("the first"), None);
        assert_eq!(hidden.shown("the second"), None);
        assert_eq!(hidden.shown("the third").as_deref(), Some("the third"));
    }

    #[test]
    fn the_newest_64_texts_are_hidden() {
        let hidden = Hidden::default();
        for number in 0..100 {
            hidden.add(&format!("password-{number:03}"));
            hidden.add("password-099");
        }
        assert_eq!(hidden.0.lock().unwrap().len(), MAX_HIDDEN);
    }
}
