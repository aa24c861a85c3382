//! A file for dotenv, direnv or `set -a`.

use std::fmt::Write as _;

use super::{example, facts, Help};
use crate::redact::escape;
use crate::spec::rule::Role;

impl Help {
    /// Returns a `.env` file with every variable: a required variable is set to an example,
    /// and each other variable is a comment that shows the default. A text that no such file can
    /// hold, such as a tab, is in a comment too.
    ///
    /// It loads as it is, and with every comment removed, if each variable has an
    /// `example` or is of a type that this crate knows:
    /// [`testing::assert_valid`](crate::testing::assert_valid) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::{EnvConfig, Secret};
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct Db {
    ///     /// The database.
    ///     #[env(example = "postgres://me@db/app")]
    ///     url: Secret<String>,
    ///     #[env(default = 8)]
    ///     connections: u8,
    /// }
    ///
    /// assert_eq!(
    ///     Db::help().to_dotenv(),
    ///     "\
    /// ## The database. Secret. Or a file: APP_URL_FILE.
    /// APP_URL=postgres://me@db/app
    ///
    /// ## APP_CONNECTIONS=8
    /// "
    /// );
    /// ```
    #[must_use]
    pub fn to_dotenv(&self) -> String {
        let mut file = String::new();
        for variable in self.variables() {
            if !file.is_empty() {
                file.push('\n');
            }
            let remarks = facts::comment(&variable, |_| true);
            if !remarks.is_empty() {
                let _ = writeln!(file, "# {}", escape::escaped(&remarks));
            }
            let is_set = variable.is_required() && variable.when.is_none();
            let name = escape::escaped(&example::concrete(&variable.name));
            let value = example::value(&variable).unwrap_or_default();
            let quoted = quoted(&value);
            match variable.role {
                _ if !is_identifier(&name) || quoted.is_none() => {
                    file.push_str("# in no .env file: ");
                }
                Role::Set => {}
                Role::Excluded => file.push_str("# or instead: "),
                Role::Usual if is_set => {}
                Role::Usual => file.push_str("# "),
            }
            let shown = quoted.unwrap_or_else(|| escape::escaped(&value));
            let _ = writeln!(file, "{name}={shown}");
        }
        for (name, remedy) in self.removed() {
            let removed = format!("{name}: {}", facts::of_removed(remedy));
            let _ = writeln!(file, "\n# {}", escape::escaped(&removed));
        }
        file
    }
}

/// Whether a shell and every dotenv take a name.
fn is_identifier(name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    !name.starts_with(|first: char| first.is_ascii_digit()) && name.chars().all(is_part)
}

/// Returns whether a `.env` file can set a variable to a text.
pub(crate) fn can_hold(text: &str) -> bool {
    quoted(text).is_some()
}

/// As a shell and every dotenv reads it: bare, if it can be; in single quotes,
/// where nothing is special; or in double quotes. `None` if there is no such text: none has
/// escapes for letters that are not seen, and a shell alone has one for a backtick in double
/// quotes.
fn quoted(value: &str) -> Option<String> {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || "_./:,@%+=-".contains(letter);
    if value.chars().all(bare) {
        return Some(value.to_owned());
    }
    if value.split('\n').any(|line| escape::escaped(line) != line) {
        return None;
    }
    // A dotenv takes a quote after a backslash for an escaped quote.
    if !value.contains(['\'', '\n']) && !value.ends_with('\\') {
        return Some(format!("'{value}'"));
    }
    if value.contains('`') {
        return None;
    }
    let mut quoted = String::from("\"");
    for letter in value.chars() {
        match letter {
            '"' | '\\' | '$' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    Some(quoted)
}

#[cfg(all(test, feature = "dotenv"))]
mod tests {
    use super::quoted;

    /// The line after it is read too.
    #[test]
    fn what_is_quoted_is_read_back() {
        for text in [
            "C:\\data\\",
            "C:\\data\\\\",
            "C:\\my data\\x",
            "a\\\\,b",
            "it's \\ \"x\" $HOME",
            "'\\",
            "`x` $HOME \"y\" #z",
            "two\nlines",
            " a ",
            "",
            "é",
        ] {
            let file = format!("A={}\nB=1\n", quoted(text).unwrap());
            let read: Vec<_> = dotenvy::from_read_iter(file.as_bytes())
                .map(Result::unwrap)
                .collect();
            let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
            assert_eq!(read, [pair("A", text), pair("B", "1")], "{file}");
        }
    }

    #[test]
    fn what_no_file_can_hold_is_not_quoted() {
        for text in ["it's `x`", "`\\", "a\tb", "a\r\nb", "\u{a0}", "a\u{200b}"] {
            assert_eq!(quoted(text), None, "{text:?}");
        }
    }
}
