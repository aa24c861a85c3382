//! A file for dotenv, direnv or `set -a`.

use std::fmt::Write as _;

use super::{example, facts, Help};
use crate::redact::escape;
use crate::spec::rule::Role;

impl Help {
    /// Returns a `.env` file with every variable: a required variable is set to an example,
    /// and each other variable is a comment that shows the default.
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
            match variable.role {
                _ if !is_identifier(&name) => file.push_str("# in no .env file: "),
                Role::Set => {}
                Role::Excluded => file.push_str("# or instead: "),
                Role::Usual if is_set => {}
                Role::Usual => file.push_str("# "),
            }
            let value = example::value(&variable).unwrap_or_default();
            let _ = writeln!(file, "{name}={}", quoted(&value));
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

/// As a shell and every dotenv reads it: bare, if it can be; in single quotes,
/// where nothing is special; or in double quotes.
fn quoted(value: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || "_./:,@%+=-".contains(letter);
    let value = &unseen_escaped(value);
    if value.chars().all(bare) {
        value.to_owned()
    } else if !value.contains(['\'', '\n']) {
        format!("'{value}'")
    } else {
        let mut quoted = String::from("\"");
        for letter in value.chars() {
            match letter {
                '"' | '\\' | '$' | '`' => quoted.extend(['\\', letter]),
                '\n' => quoted.push_str("\\n"),
                letter => quoted.push(letter),
            }
        }
        quoted.push('"');
        quoted
    }
}

/// No dotenv has escapes for letters that are not seen, so each is shown as Rust escapes it.
fn unseen_escaped(value: &str) -> String {
    let lines: Vec<String> = value.split('\n').map(escape::escaped).collect();
    lines.join("\n")
}
