//! Letters of a value or a name that somebody did not mean: quotes that a shell would
//! have removed, a comment, letters that are not seen.

use std::fmt;

use super::escape::is_escaped;
use super::password::searched;

/// An oddity of a text. Displays as a clause after "it".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// A letter that is not seen.
    Unseen(char),
    Quoted,
    Comment,
}

impl Oddity {
    /// Returns the oddity of a value that failed, where any oddity may be the cause.
    pub(crate) fn of_failed(text: &str) -> Option<Self> {
        Self::of(text, false)
    }

    /// Returns the oddity of a value that loads, or of a secret. A text that a person may have
    /// meant has no oddity.
    pub(crate) fn of_loaded(text: &str) -> Option<Self> {
        Self::of(text, true)
    }

    /// Nobody writes a long text by hand, with quotes or a comment.
    fn of(text: &str, is_loaded: bool) -> Option<Self> {
        let searched = searched(text);
        let is_whole = searched.len() == text.len();
        unseen(searched)
            .map(Self::Unseen)
            .or_else(|| is_whole.then(|| Self::of_line(text, is_loaded)).flatten())
    }

    fn of_line(text: &str, is_loaded: bool) -> Option<Self> {
        let text = text.trim();
        if is_quoted(text) {
            return Some(Self::Quoted);
        }
        let has_comment = !text.contains('\n') && has_comment(text, is_loaded);
        has_comment.then_some(Self::Comment)
    }

    /// Returns how to mend it.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Unseen(_) => "remove it",
            Self::Quoted => "remove them",
            Self::Comment => "remove that",
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unseen(letter) => write!(f, "has {}", described(*letter)),
            Self::Quoted => f.write_str("has quotes around it, which are part of it"),
            Self::Comment => f.write_str("ends with a comment, which is part of it"),
        }
    }
}

/// Returns the first letter that is not seen. Between letters outside of ASCII a joiner
/// is a part of a word or of an emoji, and in several lines a carriage return ends a line.
fn unseen(text: &str) -> Option<char> {
    let mut before = ' ';
    let is_several_lines = text.contains('\n');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_joined = matches!(letter, '\u{200c}' | '\u{200d}')
            && !before.is_ascii()
            && letters.peek().is_some_and(|next| !next.is_ascii());
        let ends_line = letter == '\n' || letter == '\r' && is_several_lines;
        let is_usual = ends_line || letter == '\t' || is_joined;
        if !is_usual && is_unseen(letter) {
            return Some(letter);
        }
        before = letter;
    }
    None
}

fn is_unseen(letter: char) -> bool {
    // Fillers, which are letters by their category.
    let is_filler = matches!(
        letter,
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
    );
    letter.is_ascii_control() || !letter.is_ascii() && (is_filler || is_escaped(letter))
}

/// Returns whether quotes stand around the whole text, and none inside.
fn is_quoted(text: &str) -> bool {
    let pairs = [
        ("\"", "\""),
        ("'", "'"),
        ("`", "`"),
        ("\\\"", "\\\""),
        ("“", "”"),
        ("‘", "’"),
    ];
    pairs.iter().any(|(open, close)| {
        let inside = text.strip_prefix(open);
        let inside = inside.and_then(|inside| inside.strip_suffix(close));
        inside.is_some_and(|inside| !inside.contains(open) && !inside.contains(close))
    })
}

/// Returns whether white space and a `#` begin a comment.
fn has_comment(text: &str, is_loaded: bool) -> bool {
    if text == "#" || text.starts_with("# ") {
        return true;
    }
    text.match_indices('#').any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        if !before.ends_with(char::is_whitespace) {
            return false;
        }
        // `Room #5` and `we are #general` have no comment.
        let is_one_word = !before.trim_end().contains(char::is_whitespace);
        let first = after.chars().next();
        first.is_none_or(char::is_whitespace)
            || !is_loaded
            || is_one_word && first.is_some_and(char::is_alphabetic)
    })
}

/// Returns the name without the letters that cannot have been meant, if it has any.
pub(crate) fn meant_name(name: &str) -> Option<String> {
    // Most names have no such letter, and there may be thousands.
    if name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return None;
    }
    let is_meant = |letter: &char| !is_odd_in_name(*letter);
    let meant: String = name.chars().filter(is_meant).collect();
    (meant != name).then_some(meant)
}

/// Describes the first letter of a name that cannot have been meant: `a space at its end`.
pub(crate) fn in_name(name: &str) -> Option<String> {
    let (at, letter) = name
        .char_indices()
        .find(|(_, letter)| is_odd_in_name(*letter))?;
    let place = if name[at..].chars().all(is_odd_in_name) {
        "at its end"
    } else if at == 0 {
        "at its start"
    } else {
        "in it"
    };
    Some(format!("{} {place}", described(letter)))
}

fn is_odd_in_name(letter: char) -> bool {
    letter.is_whitespace() || "\"'`“”‘’".contains(letter) || is_unseen(letter)
}

/// Names a letter, with its number if a person cannot type it.
fn described(letter: char) -> String {
    let name = match letter {
        ' ' => return "a space".to_owned(),
        '\t' => return "a tab".to_owned(),
        '\n' => return "a newline".to_owned(),
        '\r' => return "a carriage return".to_owned(),
        '"' | '\'' | '`' | '“' | '”' | '‘' | '’' => return "a quote".to_owned(),
        '\u{feff}' => "a byte order mark",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' | '\u{200d}' => "a zero-width joiner",
        '\u{2060}' => "a word joiner",
        '\u{a0}' | '\u{202f}' | '\u{2007}' => "a no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a mark that changes the direction of text"
        }
        space if space.is_whitespace() => "an unusual space",
        control if control.is_control() => "a control character",
        _ => "a letter that is not seen",
    };
    format!("{name}, U+{:04X}", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::{in_name, meant_name, Oddity};

    #[test]
    fn quotes_comments_and_unseen_letters_are_odd() {
        for (text, oddity) in [
            ("\"8080\"", Some(Oddity::Quoted)),
            ("'hunter2'", Some(Oddity::Quoted)),
            ("“8080” ", Some(Oddity::Quoted)),
            ("\\\"8080\\\"", Some(Oddity::Quoted)),
            ("\"\"", Some(Oddity::Quoted)),
            ("\"", None),
            ("\"a\" or \"b\"", None),
            ("it's", None),
            ("info # default", Some(Oddity::Comment)),
            ("info #default", Some(Oddity::Comment)),
            ("info\t# default", Some(Oddity::Comment)),
            ("# default", Some(Oddity::Comment)),
            ("#general", None),
            ("Room #5", None),
            ("we are #general", None),
            ("a#b", None),
            ("C# is", None),
            ("\u{feff}hunter2", Some(Oddity::Unseen('\u{feff}'))),
            ("hun\u{200b}ter2", Some(Oddity::Unseen('\u{200b}'))),
            ("hunter2\u{a0}", Some(Oddity::Unseen('\u{a0}'))),
            ("hun\u{1b}ter2", Some(Oddity::Unseen('\u{1b}'))),
            ("hunter\u{200d}2", Some(Oddity::Unseen('\u{200d}'))),
            ("👩\u{200d}🚀 and می\u{200c}خواهم", None),
            ("e\u{301}t\u{e9} 日本", None),
            ("a\nb # c\r\n", None),
            (" padded ", None),
        ] {
            assert_eq!(Oddity::of_loaded(text), oddity, "{text:?}");
        }
        assert_eq!(Oddity::of_failed("5 #x"), Some(Oddity::Comment));
        assert_eq!(Oddity::of_failed("5 6 #7"), Some(Oddity::Comment));
    }

    #[test]
    fn a_name_with_a_letter_that_was_not_meant_is_described() {
        for (name, meant, letter) in [
            ("APP_PORT ", "APP_PORT", "a space at its end"),
            ("PORT ", "PORT", "a space at its end"),
            (" APP_PORT", "APP_PORT", "a space at its start"),
            ("APP_\tPORT", "APP_PORT", "a tab in it"),
            ("APP_PORT\r", "APP_PORT", "a carriage return at its end"),
            ("\"APP_PORT\"", "APP_PORT", "a quote at its start"),
            (
                "\u{feff}APP_PORT",
                "APP_PORT",
                "a byte order mark, U+FEFF at its start",
            ),
        ] {
            assert_eq!(meant_name(name).as_deref(), Some(meant));
            assert_eq!(in_name(name).as_deref(), Some(letter));
        }
        for (letter, described) in [
            ('\n', "a newline"),
            ('\u{200b}', "a zero-width space, U+200B"),
            ('\u{200c}', "a zero-width joiner, U+200C"),
            ('\u{200d}', "a zero-width joiner, U+200D"),
            ('\u{2060}', "a word joiner, U+2060"),
            ('\u{a0}', "a no-break space, U+00A0"),
            ('\u{ad}', "a soft hyphen, U+00AD"),
            (
                '\u{202e}',
                "a mark that changes the direction of text, U+202E",
            ),
            ('\u{2003}', "an unusual space, U+2003"),
            ('\u{1}', "a control character, U+0001"),
            ('\u{3164}', "a letter that is not seen, U+3164"),
        ] {
            let name = format!("APP{letter}_PORT");
            let described = format!("{described} in it");
            assert_eq!(in_name(&name), Some(described));
        }
        assert_eq!(meant_name("APP_PORT"), None);
        assert_eq!(in_name("APP-PÖRT"), None);
    }
}
