//! Letters that a terminal obeys instead of showing.

use std::fmt::Write as _;

/// Returns a text with letters escaped that a terminal would obey instead of showing.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_hidden = letter.is_control()
            || matches!(letter,
                '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if is_hidden {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn letters_that_a_terminal_obeys_are_escaped() {
        assert_eq!(visible("a\u{1b}[31m\n"), "a\\u{1b}[31m\\u{a}");
        assert_eq!(visible("a\u{202e}b\u{feff}é"), "a\\u{202e}b\\u{feff}é");
    }
}
