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

/// What a parser or a validator says, on one line, not much longer than a value,
/// and without a password that it quotes.
pub(crate) fn reason(text: &str) -> String {
    let masked = without_password(text);
    let mut reason = String::new();
    for (index, letter) in masked.chars().enumerate() {
        if index == 3 * MOST {
            reason.push_str("...");
            break;
        }
        if letter.is_control() {
            reason.extend(letter.escape_default());
        } else {
            reason.push(letter);
        }
    }
    reason
}

/// A URL, or what was meant to be one, with its password as `***`.
///
/// A value is shown just when something is wrong with it, so this does not rely
/// on its being right: everything from the first `:` after the scheme to the last
/// `@` is masked, for a password with a `/` in it breaks a URL; where there is no
/// `@`, everything that is not a port; and what stands behind each `password=`.
pub(crate) fn without_password(text: &str) -> Cow<'_, str> {
    let user = text.find("://").map_or(0, |at| at + "://".len());
    let masked = match text[user..].rfind('@') {
        Some(at) => mask(text, user, user + at),
        None if user > 0 => {
            let end = text[user..]
                .find(['/', '?', '#', ',', ' '])
                .map_or(text.len(), |at| user + at);
            mask(text, user, end).filter(|_| !ends_with_port(&text[user..end]))
        }
        None => None,
    };
    without_parameters(masked.map_or(Cow::Borrowed(text), Cow::Owned))
}

/// Masks what stands between the first `:` and `end`.
fn mask(text: &str, start: usize, end: usize) -> Option<String> {
    let colon = start + text[start..end].find(':')? + 1;
    Some(format!("{}***{}", &text[..colon], &text[end..]))
}

/// `host:80`, `[::1]:80`
fn ends_with_port(authority: &str) -> bool {
    let host_and_port = authority.rsplit_once(':');
    host_and_port.is_some_and(|(host, port)| {
        let is_host = !host.contains(':') || host.ends_with(']');
        is_host && port.bytes().all(|byte| byte.is_ascii_digit())
    }) || authority.ends_with(']')
}

/// What stands before a password that is one of several parameters.
const PARAMETERS: &[&str] = &[
    "password=",
    "passwd=",
    "pwd=",
    "secret=",
    "token=",
    "api_key=",
    "apikey=",
];

/// `?password=***&x=1`, `host=db password=***`
fn without_parameters(text: Cow<'_, str>) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let mut masked = String::new();
    let (mut rest, mut from) = (0, 0);
    while let Some(at) = lower[from..].find('=') {
        let value = from + at + 1;
        from = value;
        let name = &lower[..value];
        if PARAMETERS.iter().any(|word| name.ends_with(word)) {
            masked.push_str(&text[rest..value]);
            masked.push_str("***");
            from = lower[value..]
                .find(['&', ' ', ';'])
                .map_or(text.len(), |at| value + at);
            rest = from;
        }
    }
    if masked.is_empty() {
        return text;
    }
    masked.push_str(&text[rest..]);
    Cow::Owned(masked)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::{quoted, reason, without_password};

    #[test]
    fn a_value_is_quoted_cut_and_escaped() {
        assert_eq!(quoted(OsStr::new("80a0")), r#""80a0""#);
        assert_eq!(quoted(OsStr::new("a\"b\n")), r#""a\"b\n""#);
        let long = "é".repeat(2_000_000);
        let shown = quoted(OsStr::new(&long));
        assert_eq!(shown, format!("\"{}\"... (4000000 bytes)", "é".repeat(120)));
    }

    #[test]
    fn a_reason_is_one_line_and_short() {
        assert_eq!(reason("one\ntwo\u{1b}[31m"), r"one\ntwo\u{1b}[31m");
        assert_eq!(reason(&"x".repeat(1_000_000)), "x".repeat(360) + "...");
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
            ("http://[::1]:80/x", "http://[::1]:80/x"),
            ("http://[::1]/x", "http://[::1]/x"),
            ("me:hunter2@db", "me:***@db"),
            ("postgres://me:hunter2", "postgres://me:***"),
            ("postgres://me:hunter2/x", "postgres://me:***/x"),
            (
                "postgres://db/x?Password=hunter2&y=1",
                "postgres://db/x?Password=***&y=1",
            ),
            ("host=db password=hunter2", "host=db password=***"),
            (
                "Token=hunter2;x=1;password=hunter=2;pwd=hunter2;y=2",
                "Token=***;x=1;password=***;pwd=***;y=2",
            ),
            ("12:30:00", "12:30:00"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
