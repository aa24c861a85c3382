//! How a found value is shown: in quotes, cut to a length, with control characters
//! escaped and passwords masked.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::password;

/// A longer value is cut, because a person reads the report.
const MAX_VALUE_CHARS: usize = 120;

/// A reason quotes a value and says more.
const MAX_REASON_CHARS: usize = 3 * MAX_VALUE_CHARS;

/// The text in quotes, with control characters and bytes that are not UTF-8
/// escaped.
pub(crate) fn quoted(text: &OsStr) -> String {
    let whole = text.to_string_lossy();
    let masked = without_password(&whole);
    let cut = masked.char_indices().nth(MAX_VALUE_CHARS).map(|(at, _)| at);
    match cut {
        Some(at) => format!("{:?}... ({} bytes)", &masked[..at], text.len()),
        None if masked == whole => format!("{text:?}"),
        None => format!("{masked:?}"),
    }
}

/// Returns the reason of a parser or a validator on one line, cut, and with passwords
/// masked.
pub(crate) fn reason(text: &str) -> String {
    let masked = without_password(text);
    let mut reason = String::new();
    for (index, letter) in masked.chars().enumerate() {
        if index == MAX_REASON_CHARS {
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

/// The text with each password in it as `***`.
pub(crate) fn without_password(text: &str) -> Cow<'_, str> {
    let places = password::places(text);
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

/// A path that should be that of a file.
pub(crate) fn path(path: &Path) -> String {
    without_password(&path.to_string_lossy()).into_owned()
}

/// Returns the path of a file that should hold a secret. If not even its top directory
/// exists, the path is withheld, because somebody may have set the secret in place of it.
pub(crate) fn path_of_secret(this: &Path) -> String {
    let length = if this.has_root() { 2 } else { 1 };
    let top: PathBuf = this.iter().take(length).collect();
    if top.is_dir() || this.exists() {
        path(this)
    } else {
        "a file whose name is not shown, since it may be the secret itself".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;

    use super::{path_of_secret, quoted, reason};

    #[test]
    fn a_value_is_quoted_cut_and_escaped() {
        assert_eq!(quoted(OsStr::new("80a0")), r#""80a0""#);
        assert_eq!(quoted(OsStr::new("a\"b\n")), r#""a\"b\n""#);
        let long = "é".repeat(2_000_000);
        let shown = quoted(OsStr::new(&long));
        assert_eq!(shown, format!("\"{}\"... (4000000 bytes)", "é".repeat(120)));
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
        let hidden = "a file whose name is not shown, since it may be the secret itself";
        for secret in [
            "hunter2",
            "hunter/2=",
            "/hunter2",
            "/hunter/2=",
            "postgres://me:hunter2@db/x",
            "-----BEGIN PRIVATE KEY-----\nMII/hunter2\n",
            "",
        ] {
            assert_eq!(path_of_secret(Path::new(secret)), hidden, "{secret}");
        }
    }

    #[test]
    fn a_reason_is_one_line_and_short() {
        assert_eq!(reason("one\ntwo\u{1b}[31m"), r"one\ntwo\u{1b}[31m");
        assert_eq!(reason(&"x".repeat(1_000_000)), "x".repeat(360) + "...");
    }
}
