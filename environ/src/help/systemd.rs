//! A drop-in of a systemd unit.

use std::fmt::Write as _;

use super::start::Text;
use super::Help;
use crate::redact::escape;

impl Help {
    /// Returns a drop-in for a systemd unit, with an `Environment=` for every variable.
    ///
    /// A required variable is set to an example, and a variable with a default to that; each
    /// other variable is a comment. A secret is a credential that systemd loads from
    /// `/etc/NAME`, with the name of [`secret_object`](Help::secret_object), or belongs into an
    /// `EnvironmentFile=` if the variable has no `_FILE`.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::{EnvConfig, Secret};
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct Db {
    ///     url: Secret<String>,
    ///     #[env(default = 8)]
    ///     connections: u8,
    ///     timeout: Option<std::time::Duration>,
    /// }
    ///
    /// assert_eq!(
    ///     Db::help().to_systemd(),
    ///     r#"[Service]
    /// LoadCredential=url:/etc/app/url
    /// Environment="APP_URL_FILE=%d/url"
    /// Environment="APP_CONNECTIONS=8"
    /// ## Environment="APP_TIMEOUT=30s"
    /// "#
    /// );
    /// ```
    #[must_use]
    pub fn to_systemd(&self) -> String {
        let program = self.program();
        let mut file = String::from("[Service]\n");
        for start in self.starts() {
            if !start.remarks.is_empty() {
                // A backslash at the end of a comment continues it.
                let _ = writeln!(file, "# {}", start.remarks.trim_end_matches(['\\', ' ']));
            }
            let comment = if start.is_set { "" } else { "# " };
            let name = start.name;
            let _ = match &start.text {
                Text::Plain(text) => writeln!(file, "{comment}{}", environment(&name, text)),
                Text::File { key } => {
                    let key = escape::escaped(key).replace('%', "%%");
                    let _ = writeln!(file, "{comment}LoadCredential={key}:/etc/{program}/{key}");
                    writeln!(file, "{comment}Environment=\"{name}=%d/{key}\"")
                }
                Text::Secret => writeln!(file, "# set {name} in a file of EnvironmentFile="),
            };
        }
        file
    }
}

/// Returns an assignment in quotes, with escapes as systemd reads them.
fn environment(name: &str, text: &str) -> String {
    let mut quoted = format!("Environment=\"{name}=");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '%' => quoted.push_str("%%"),
            unseen if escape::is_escaped(unseen) => {
                let number = u32::from(unseen);
                let _ = match number {
                    0..=0x7f => write!(quoted, "\\x{number:02x}"),
                    0x80..=0xffff => write!(quoted, "\\u{number:04x}"),
                    _ => write!(quoted, "\\U{number:08x}"),
                };
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
