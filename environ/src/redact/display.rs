//! How a text is shown: in quotes, cut to a length, with control characters escaped and
//! passwords masked. Every output of this crate goes through here.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::escape::{cut, escaped};
use super::password::{self, Names};

/// A longer value is cut, because a person reads the report.
const MAX_VALUE_CHARS: usize = 120;

/// A reason quotes a value and says more.
const MAX_REASON_CHARS: usize = 3 * MAX_VALUE_CHARS;

/// A name is shown in full where a program may look it up.
const MAX_NAME_CHARS: usize = 256;

/// An origin is looked up on purpose, so it has room for a list of URLs.
const MAX_ORIGIN_CHARS: usize = 1_000;

/// A line is made of parts that are cut already, and of words from the code.
const MAX_LINE_CHARS: usize = 4_000;

/// The text in quotes, with control characters and bytes that are not UTF-8
/// escaped.
pub(crate) fn quoted(text: &OsStr) -> String {
    let whole = text.to_string_lossy();
    let searched = password::searched(&whole);
    let masked = masked(searched, Names::All);
    match cut(&masked, MAX_VALUE_CHARS) {
        (shown, true) => format!("{shown:?}... ({} bytes)", text.len()),
        (_, false) if masked == whole => format!("{text:?}"),
        (shown, false) if searched.len() < whole.len() => {
            format!("{shown:?}... ({} bytes)", text.len())
        }
        (shown, false) => format!("{shown:?}"),
    }
}

/// Returns the text of a value as an origin shows it: without quotes.
pub(crate) fn value(text: &str) -> String {
    shown(text, MAX_ORIGIN_CHARS, Names::All)
}

/// Returns the reason of a parser or a validator on one line, cut, and with passwords
/// masked.
pub(crate) fn reason(text: &str) -> String {
    shown(text, MAX_REASON_CHARS, Names::All)
}

/// Returns the reason of a store, which may begin with the key: `db_password: Is a directory`.
pub(crate) fn reason_of_store(text: &str) -> String {
    shown(text, MAX_REASON_CHARS, Names::NoLabels)
}

/// A name from the environment, which may be any text. It is in quotes if a part of it
/// would not be seen.
pub(crate) fn name(name: &str) -> Cow<'_, str> {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-<>*".contains(&byte);
    if name.len() <= MAX_NAME_CHARS && name.bytes().all(is_usual) {
        return Cow::Borrowed(name);
    }
    let shown = shown(name, MAX_NAME_CHARS, Names::All);
    if shown != name || name.trim() != name {
        return Cow::Owned(quoted(OsStr::new(name)));
    }
    Cow::Owned(shown)
}

/// Returns a name as `name` does, without a copy of a usual name.
pub(crate) fn owned_name(name: String) -> String {
    match self::name(&name) {
        Cow::Borrowed(_) => name,
        Cow::Owned(shown) => shown,
    }
}

/// A whole line: the last step before any output, for a part that was forgotten.
pub(crate) fn line(text: &str) -> String {
    let (start, has_more) = cut(text, MAX_LINE_CHARS);
    let escaped = escaped(start);
    let (shown, is_cut) = cut(&escaped, MAX_LINE_CHARS);
    with_dots(shown, has_more || is_cut)
}

/// The text with each password in it as `***`.
pub(super) fn masked(text: &str, names: Names) -> Cow<'_, str> {
    let places = password::places(text, names);
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut rest) = (String::new(), 0);
    for place in places {
        shown.push_str(&text[rest..place.start]);
        shown.push_str("***");
        rest = place.end;
    }
    shown.push_str(&text[rest..]);
    Cow::Owned(shown)
}

/// The text masked, cut and escaped.
fn shown(text: &str, letters: usize, names: Names) -> String {
    let searched = password::searched(text);
    let masked = masked(searched, names);
    let (shown, is_cut) = cut(&masked, letters);
    let is_cut = is_cut || searched.len() < text.len();
    with_dots(&escaped(shown), is_cut)
}

fn with_dots(text: &str, is_cut: bool) -> String {
    let dots = if is_cut { "..." } else { "" };
    format!("{text}{dots}")
}

/// A path that should be that of a file.
pub(crate) fn path(path: &Path) -> String {
    reason(&path.to_string_lossy())
}

/// Returns the path of a file that should hold a secret. If not even its top directory
/// exists, the path is withheld, because somebody may have set the secret in place of it.
pub(crate) fn path_of_secret(this: &Path) -> String {
    let length = if this.has_root() { 2 } else { 1 };
    let top: PathBuf = this.iter().take(length).collect();
    if top.is_dir() || this.exists() {
        return path(this);
    }
    let place = if this == top {
        "a file"
    } else {
        "a file in a folder"
    };
    format!(
        "{place} that does not exist (the path is not shown, because it may be the secret itself)"
    )
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;

    use super::{name, path_of_secret, quoted, reason};

    #[test]
    fn a_value_is_quoted_cut_and_escaped() {
        assert_eq!(quoted(OsStr::new("80a0")), r#""80a0""#);
        assert_eq!(quoted(OsStr::new("a\"b\n")), r#""a\"b\n""#);
        let long = "é".repeat(2_000_000);
        let shown = quoted(OsStr::new(&long));
        assert_eq!(shown, format!("\"{}\"... (4000000 bytes)", "é".repeat(120)));
    }

    #[test]
    fn a_name_is_in_quotes_if_a_part_of_it_would_not_be_seen() {
        let (long, longer) = ("N".repeat(256), "N".repeat(257));
        let cut = format!("\"{}\"... (257 bytes)", "N".repeat(120));
        for (text, shown) in [
            ("APP_DB_<KEY>_*", "APP_DB_<KEY>_*"),
            ("APP PÖRT", "APP PÖRT"),
            (" APP_PORT", "\" APP_PORT\""),
            ("APP_PORT\t", "\"APP_PORT\\t\""),
            ("APP\u{200b}_PORT", "\"APP\\u{200b}_PORT\""),
            (&long, &long),
            (&longer, &cut),
        ] {
            assert_eq!(name(text), shown);
        }
    }

    #[test]
    fn what_may_be_a_secret_is_not_shown_as_a_path() {
        let dir = std::env::temp_dir();
        for path in ["nothing", "there/nothing"] {
            let path = dir.join(path);
            assert_eq!(path_of_secret(&path), path.display().to_string());
        }
        // A relative path of a file that exists: tests run beside it.
        assert_eq!(path_of_secret(Path::new("Cargo.toml")), "Cargo.toml");
        let why =
            "that does not exist (the path is not shown, because it may be the secret itself)";
        for (secret, place) in [
            ("hunter2", "a file"),
            ("hunter/2=", "a file in a folder"),
            ("/hunter2", "a file"),
            ("/hunter/2=", "a file in a folder"),
            ("postgres://me:hunter2@db/x", "a file in a folder"),
            (
                "-----BEGIN PRIVATE KEY-----\nMII/hunter2\n",
                "a file in a folder",
            ),
            ("", "a file"),
        ] {
            let shown = path_of_secret(Path::new(secret));
            assert_eq!(shown, format!("{place} {why}"), "{secret}");
        }
    }

    #[test]
    fn a_reason_is_one_line_and_short() {
        assert_eq!(reason("one\ntwo\u{1b}[31m"), r"one\ntwo\u{1b}[31m");
        assert_eq!(reason(&"x".repeat(1_000_000)), "x".repeat(360) + "...");
    }
}
