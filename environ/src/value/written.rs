//! A range as the code has it, in the words of its value: for a specification that was made while
//! the program was compiled.

use std::ops::Bound;

use super::length::counted;
use super::range::in_words;

/// A range as the code has it, in words.
pub(crate) struct Written {
    /// Those of [`Bounds::text`] or [`Length::text`] if the ends are literals. Another end, which
    /// only the compiler can evaluate, is as the code has it.
    ///
    /// [`Bounds::text`]: super::range::Bounds::text
    /// [`Length::text`]: super::length::Length::text
    pub(crate) words: String,
    /// Whether each end is a literal.
    pub(crate) is_evaluated: bool,
}

impl Written {
    pub(crate) fn range(written: &str) -> Self {
        let (start, end) = ends(written);
        Self::new(start, end, |words| words)
    }

    pub(crate) fn length(written: &str, noun: &str) -> Self {
        let (start, mut end) = ends(written);
        if let Bound::Excluded(Ok(after)) = &end {
            let last = after.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
            if let Some(last) = last {
                end = Bound::Included(Ok(last.to_string()));
            }
        }
        Self::new(start, end, |words| counted(&words, noun))
    }

    fn new(start: Bound<End>, end: Bound<End>, shown: impl Fn(String) -> String) -> Self {
        let is_value = |end: &Bound<End>| match end {
            Bound::Included(end) | Bound::Excluded(end) => end.is_ok(),
            Bound::Unbounded => true,
        };
        let is_evaluated = is_value(&start) && is_value(&end);
        let text = |end: Bound<End>| end.map(|end| end.unwrap_or_else(|written| written));
        Self {
            words: shown(in_words(text(start), text(end))),
            is_evaluated,
        }
    }
}

/// The value of a literal as it is shown, or else the code.
type End = Result<String, String>;

fn ends(written: &str) -> (Bound<End>, Bound<End>) {
    let inside = written.strip_prefix('(');
    let inside = inside.and_then(|inside| inside.strip_suffix(')'));
    let inside = inside.filter(|inside| !inside.contains(['(', ')']));
    let (first, last) = split_at_dots(inside.unwrap_or(written)).unwrap_or_default();
    let start = match first.trim() {
        "" => Bound::Unbounded,
        first => Bound::Included(end(first)),
    };
    let end = match (last.strip_prefix('='), last.trim()) {
        (Some(last), _) => Bound::Included(end(last)),
        (None, "") => Bound::Unbounded,
        (None, last) => Bound::Excluded(end(last)),
    };
    (start, end)
}

/// Splits a range at its dots, and not at dots in a string.
fn split_at_dots(written: &str) -> Option<(&str, &str)> {
    let is_outside = |at: &usize| {
        let before = written[..*at].replace(r"\\", "").replace("\\\"", "");
        let before = before.replace("'\"'", "");
        before.matches('"').count() % 2 == 0
    };
    let mut dots = written.match_indices("..").map(|(at, _)| at);
    let at = dots.find(is_outside)?;
    Some((&written[..at], &written[at + 2..]))
}

/// Reads an end, which has spaces between its tokens.
fn end(written: &str) -> End {
    let written = written.trim();
    let bare = if written.contains(['"', '\'']) {
        written.to_owned()
    } else {
        written.replace(' ', "")
    };
    literal(&bare).ok_or(bare)
}

/// Returns the value of a literal as it is shown.
fn literal(written: &str) -> Option<String> {
    if let Some(text) = written.strip_prefix('"') {
        // An escape is left to the compiler.
        let text = text.strip_suffix('"')?;
        return (!text.contains('\\')).then(|| text.to_owned());
    }
    if let Some(letter) = quoted(written) {
        return Some(letter.to_string());
    }
    if let Some(letter) = written.strip_prefix('b').and_then(quoted) {
        return u8::try_from(letter).ok().map(|byte| byte.to_string());
    }
    let (sign, digits) = match written.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", written),
    };
    let digits = digits.replace('_', "");
    let number = integer(&digits).or_else(|| float(&digits))?;
    Some(format!("{sign}{number}"))
}

/// Returns the letter between single quotes. An escape is left to the compiler.
fn quoted(written: &str) -> Option<char> {
    let mut letters = written.strip_prefix('\'')?.strip_suffix('\'')?.chars();
    letters.next().filter(|_| letters.next().is_none())
}

fn integer(digits: &str) -> Option<String> {
    let (digits, radix) = match digits.get(..2) {
        Some("0x") => (&digits[2..], 16),
        Some("0o") => (&digits[2..], 8),
        Some("0b") => (&digits[2..], 2),
        _ => (digits, 10),
    };
    let end = digits.find(['i', 'u']).unwrap_or(digits.len());
    let value = u128::from_str_radix(&digits[..end], radix).ok()?;
    Some(value.to_string())
}

fn float(digits: &str) -> Option<String> {
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if let Some(digits) = digits.strip_suffix("f32") {
        return digits.parse::<f32>().ok().map(|value| value.to_string());
    }
    let digits = digits.strip_suffix("f64").unwrap_or(digits);
    digits.parse::<f64>().ok().map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::Written;

    #[test]
    fn ends_that_are_literals_are_evaluated() {
        for (written, words) in [
            ("1 ..= 1_000", "from 1 to 1000"),
            ("- 1 ..= 5u8", "from -1 to 5"),
            ("0.5 ..= 64.0", "from 0.5 to 64"),
            ("1e3 ..", "at least 1000"),
            ("1.5f32 .. 2f64", "at least 1.5 and below 2"),
            ("0x10 ..= 0xff_u8", "from 16 to 255"),
            ("0b11 .. 0o17", "at least 3 and below 15"),
            ("'a' ..= 'f'", "from a to f"),
            ("b'a' ..", "at least 97"),
            ("(1 .. 5)", "at least 1 and below 5"),
            ("' ' ..= '~'", "from   to ~"),
            ("'\"' ..", "at least \""),
            ("\"1h 30m\" ..", "at least 1h 30m"),
            ("\"a..b\" ..= \"c d\"", "from a..b to c d"),
            ("\"1s\" ..= \"1h\"", "from 1s to 1h"),
            ("..", ""),
        ] {
            let written = Written::range(written);
            assert_eq!(written.words, words);
            assert!(written.is_evaluated, "{words}");
        }
        let length = Written::length("0x10 .. 0x20", "characters");
        assert!(length.is_evaluated);
        assert_eq!(length.words, "from 16 to 31 characters");
    }

    #[test]
    fn other_ends_are_as_the_code_has_them() {
        for (written, words) in [
            ("LO ..= HI", "from LO to HI"),
            ("1 .. u64::MAX", "at least 1 and below u64::MAX"),
            ("0 ..= 1 << 4", "from 0 to 1<<4"),
            ("'\\n' ..", "at least '\\n'"),
            ("\"\\t\" ..", "at least \"\\t\""),
            ("\"a\\\\\" ..", "at least \"a\\\\\""),
            ("(LO)..(HI)", "at least (LO) and below (HI)"),
            ("i32 ..", "at least i32"),
            ("inf ..", "at least inf"),
        ] {
            let written = Written::range(written);
            assert_eq!(written.words, words);
            assert!(!written.is_evaluated, "{words}");
        }
        let length = Written::length("LEN ..", "elements");
        assert_eq!(length.words, "at least LEN elements");
        assert!(!length.is_evaluated);
    }
}
