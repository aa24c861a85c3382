//! How a text is written so that it is one line, and each letter is seen.

/// Returns the text with every letter escaped that is not seen or that moves others:
/// control, format and bidirectional characters, and spaces other than the usual space.
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

/// What `escape_debug` escapes although it is seen.
const QUOTES: [char; 3] = ['\\', '"', '\''];

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
}
