//! Escapes a text so that it is a single line, and each letter is seen.

#[cfg(feature = "json")]
use std::fmt::Write as _;

/// Returns the text with every letter escaped that is not seen or that moves its neighbours:
/// control, format and bidirectional characters, and every space but the usual space.
///
/// A backslash and a quote stay as they are.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for piece in text.split_inclusive(QUOTES) {
        let rest = piece.strip_suffix(QUOTES).unwrap_or(piece);
        shown.extend(rest.escape_debug());
        shown.push_str(&piece[rest.len()..]);
    }
    shown
}

/// The letters that `escape_debug` escapes although they are seen.
const QUOTES: [char; 3] = ['\\', '"', '\''];

/// Returns JSON with every letter outside of ASCII escaped that `escaped` would escape.
/// JSON reads the same from it.
#[cfg(feature = "json")]
pub(crate) fn escaped_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\u{7f}' || !letter.is_ascii() && is_escaped(letter) {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Returns whether a letter is escaped inside of a text.
pub(crate) fn is_escaped(letter: char) -> bool {
    let text = ['a', letter].iter().collect::<String>();
    !QUOTES.contains(&letter) && text.escape_debug().count() > 2
}

/// Returns the text up to so many letters, and whether more follow.
pub(crate) fn cut(text: &str, letters: usize) -> (&str, bool) {
    match text.char_indices().nth(letters) {
        Some((at, _)) => (&text[..at], true),
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn letters_that_are_not_seen_are_escaped() {
        for (text, shown) in [
            ("a\nb\u{1b}[31m", r"a\nb\u{1b}[31m"),
            ("\u{202e}x\u{2066}", r"\u{202e}x\u{2066}"),
            ("\u{feff}a\u{200b}\u{a0}", r"\u{feff}a\u{200b}\u{a0}"),
            ("\u{2028}\u{85}\u{e0041}", r"\u{2028}\u{85}\u{e0041}"),
            ("C:\\x \"y\" 'z'", "C:\\x \"y\" 'z'"),
            ("é e\u{301} 日本", "é e\u{301} 日本"),
        ] {
            assert_eq!(escaped(text), shown);
            assert_eq!(escaped(shown), shown);
        }
    }

    #[cfg(feature = "json")]
    #[test]
    fn json_reads_the_same_after_its_letters_are_escaped() {
        let text = "a\n\u{7f}\u{202e}\u{e0041}é";
        let json = serde_json::json!({ "text": text }).to_string();
        let shown = super::escaped_json(&json);
        assert_eq!(shown, r#"{"text":"a\n\u007f\u202e\udb40\udc41é"}"#);
        let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(read["text"], text);
    }
}
