//! Where a text is split into elements, and how a separator inside of an element is
//! escaped.

use std::borrow::Cow;

/// Splits at each separator, except one that a backslash stands before, and
/// trims the parts. A separator at the very end is not the start of a part.
///
/// Backslashes count only before a separator, two for each that is meant, so
/// that `C:\temp` needs none: `a\,b` is one part, and `a\\,b` are two.
pub(crate) fn split<'a>(text: &'a str, separator: &str) -> Vec<Cow<'a, str>> {
    let mut parts = Vec::new();
    let mut part = Cow::Borrowed("");
    let mut rest = text;
    while let Some(at) = rest.find(separator) {
        let before = &rest[..at];
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        let kept = &before[..before.len() - backslashes.div_ceil(2)];
        rest = &rest[at + separator.len()..];
        part = append(part, kept);
        if backslashes % 2 == 1 {
            part.to_mut().push_str(separator);
        } else {
            parts.push(trimmed(part));
            part = Cow::Borrowed("");
        }
    }
    let last = trimmed(append(part, rest));
    if !last.is_empty() {
        parts.push(last);
    }
    if separator.trim().is_empty() {
        // Several spaces separate as one does.
        parts.retain(|part| !part.is_empty());
    }
    parts
}

/// Borrows as long as there is one piece only.
fn append<'a>(part: Cow<'a, str>, piece: &'a str) -> Cow<'a, str> {
    if part.is_empty() {
        Cow::Borrowed(piece)
    } else {
        Cow::Owned(part.into_owned() + piece)
    }
}

fn trimmed(part: Cow<'_, str>) -> Cow<'_, str> {
    match part {
        Cow::Borrowed(part) => Cow::Borrowed(part.trim()),
        Cow::Owned(part) => Cow::Owned(part.trim().to_owned()),
    }
}

/// Returns the text with a backslash before each separator, and with twice the
/// backslashes that stand there: the inverse of [`split`].
pub(crate) fn escape(text: &str, separator: &str) -> String {
    let mut escaped = String::new();
    let mut parts = text.split(separator).peekable();
    while let Some(part) = parts.next() {
        escaped.push_str(part);
        if parts.peek().is_some() {
            let backslashes = part.len() - part.trim_end_matches('\\').len();
            escaped.push_str(&"\\".repeat(backslashes + 1));
            escaped.push_str(separator);
        }
    }
    escaped
}

/// Joins elements to the text that [`split`] splits into the same elements. Returns the place of
/// the first element that is another after [`split`], too, such as an element with white space
/// around it.
pub(crate) fn join(elements: &[impl AsRef<str>], separator: &str) -> (String, Option<usize>) {
    let mut text = String::new();
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            // Before a separator, two backslashes stand for each.
            let backslashes = text.len() - text.trim_end_matches('\\').len();
            text.push_str(&"\\".repeat(backslashes));
            text.push_str(separator);
        }
        text.push_str(&escape(element.as_ref(), separator));
    }
    if elements.last().is_some_and(|last| last.as_ref().is_empty()) {
        text.push_str(separator);
    }
    let parts = split(&text, separator);
    let is_kept = |index: &usize| {
        let part = parts.get(*index);
        part.is_some_and(|part| *part == elements[*index].as_ref())
    };
    let lost = (0..elements.len()).find(|index| !is_kept(index));
    (text, lost)
}

#[cfg(test)]
mod tests {
    use super::{join, split};

    #[test]
    fn joined_elements_are_split_into_the_same_elements() {
        for (elements, text) in [
            (&[][..], ""),
            (&["a", "b,c"], r"a,b\,c"),
            (&["a\\", "b"], r"a\\,b"),
            (&["", "a"], ",a"),
            (&["a", ""], "a,,"),
            (&[""], ","),
            (&[r"b\,c,", ""], r"b\\\,c\,,,"),
        ] {
            assert_eq!(join(elements, ","), (text.to_owned(), None));
            assert_eq!(split(text, ","), elements);
        }
        assert_eq!(join(&["a", " b"], ",").1, Some(1));
        assert_eq!(join(&["a", ""], " ").1, Some(1));
        assert_eq!(join(&["a:", "b"], "::").1, Some(0));
    }

    #[test]
    fn text_is_split_at_separators_that_no_backslash_escapes() {
        for (text, parts) in [
            ("", &[][..]),
            ("  ", &[]),
            ("a", &["a"]),
            ("a, b ,c", &["a", "b", "c"]),
            ("a,b,", &["a", "b"]),
            ("a,,b", &["a", "", "b"]),
            (",", &[""]),
            (r"a,b\,c", &["a", "b,c"]),
            (r"a\\,b", &[r"a\", "b"]),
            (r"a\\\,b", &[r"a\,b"]),
            (r"C:\x\y,D:\", &[r"C:\x\y", r"D:\"]),
            (r"\\host\share", &[r"\\host\share"]),
        ] {
            assert_eq!(split(text, ","), parts, "{text:?}");
        }
        assert_eq!(split("a::b\\::c:d", "::"), ["a", "b::c:d"]);
        assert_eq!(split(" a  b ", " "), ["a", "b"]);
    }
}
