//! Letters that a terminal does not show as they are.

/// Returns whether a letter, DEL or beyond ASCII, moves the cursor, ends the line, is invisible, or
/// changes the order in which a terminal shows text.
pub(crate) fn is_unsafe(letter: char) -> bool {
    matches!(letter,
        '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}')
}
