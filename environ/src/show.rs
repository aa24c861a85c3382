//! How a value that was found is shown: quoted, short, without a password.

use std::borrow::Cow;
use std::ffi::OsStr;

/// A longer value is cut: the report is for a person.
const MOST: usize = 120;

/// The text in quotes, with control characters and bytes that are not UTF-8
/// escaped.
pub(crate) fn quoted(text: &OsStr) -> String {
    let whole = text.to_string_lossy();
    let masked = without_password(&whole);
    let cut = masked.char_indices().nth(MOST).map(|(at, _)| at);
    match cut {
        Some(at) => format!("{:?}... ({} bytes)", &masked[..at], text.len()),
        None if masked == whole => format!("{text:?}"),
        None => format!("{masked:?}"),
    }
}

/// A URL with its password as `***`.
///
/// Everything from the first `:` after the scheme to the last `@` is masked:
/// a password with a `/` or an `@` in it breaks a URL, and that is just when
/// it is shown.
pub(crate) fn without_password(text: &str) -> Cow<'_, str> {
    let masked = || {
        let user = text.find("://")? + "://".len();
        let end = text.rfind('@').filter(|end| *end > user)?;
        let start = user + text[user..end].find(':')? + 1;
        Some(format!("{}***{}", &text[..start], &text[end..]))
    };
    masked().map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::{quoted, without_password};

    #[test]
    fn a_value_is_quoted_cut_and_escaped() {
        assert_eq!(quoted(OsStr::new("80a0")), r#""80a0""#);
        assert_eq!(quoted(OsStr::new("a\"b\n")), r#""a\"b\n""#);
        let long = "é".repeat(2_000_000);
        let shown = quoted(OsStr::new(&long));
        assert_eq!(shown, format!("\"{}\"... (4000000 bytes)", "é".repeat(120)));
    }

    #[test]
    fn the_password_in_a_url_is_masked() {
        for (url, shown) in [
            ("http://host:80/path", "http://host:80/path"),
            (
                "postgres://me:hunter2@db:5432/x",
                "postgres://me:***@db:5432/x",
            ),
            ("postgres://me:hun/ter@2@db/x", "postgres://me:***@db/x"),
            ("redis://:hunter2@cache", "redis://:***@cache"),
            ("a://u:hunter2@h,b://u:hunter2@h", "a://u:***@h"),
            ("mail me@example.org", "mail me@example.org"),
            ("http://me@host:80", "http://me@host:80"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
