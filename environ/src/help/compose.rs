//! A Compose file.

use std::fmt::Write as _;

use super::start::{Start, Text};
use super::yaml::{double_quoted, plain};
use super::Help;

impl Help {
    /// Returns a Compose file with a service whose `environment` has every variable.
    ///
    /// A required variable is set to an example, and a variable with a default to that; each
    /// other variable is a comment. A secret is a file below `./secrets`, or taken from the
    /// environment of the command if the variable has no `_FILE`. The service and its image
    /// have the name of [`secret_object`](Help::secret_object).
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
    ///     Db::help().to_compose(),
    ///     r#"services:
    ///   app:
    ///     image: app
    ///     environment:
    ///       APP_URL_FILE: "/run/secrets/url"
    ///       APP_CONNECTIONS: "8"
    ///       ## APP_TIMEOUT: "30s"
    ///     secrets:
    ///       - url
    /// secrets:
    ///   url:
    ///     file: "./secrets/url"
    /// "#
    /// );
    /// ```
    #[must_use]
    pub fn to_compose(&self) -> String {
        let starts = self.starts();
        let program = plain(&self.program());
        let mut file = format!("services:\n  {program}:\n    image: {program}\n");
        file.push_str("    environment:\n");
        for start in &starts {
            if !start.remarks.is_empty() {
                let _ = writeln!(file, "      # {}", start.remarks);
            }
            let comment = if start.is_set { "" } else { "# " };
            let name = plain(&start.name);
            let _ = match &start.text {
                Text::Plain(text) => {
                    let text = double_quoted(&text.replace('$', "$$"));
                    writeln!(file, "      {comment}{name}: {text}")
                }
                Text::File { key } => {
                    let path = double_quoted(&format!("/run/secrets/{key}"));
                    writeln!(file, "      {comment}{name}: {path}")
                }
                Text::Secret => writeln!(file, "      {comment}{name}:"),
            };
        }
        add_secrets(&mut file, &starts);
        file
    }
}

fn add_secrets(file: &mut String, starts: &[Start]) {
    let keys = || {
        starts.iter().filter_map(|start| match &start.text {
            Text::File { key } => Some((key, start.is_set)),
            Text::Plain(_) | Text::Secret => None,
        })
    };
    let is_any_set = keys().any(|(_, is_set)| is_set);
    if keys().next().is_none() {
        return;
    }
    let comment = |is_set: bool| if is_set { "" } else { "# " };
    let outer = comment(is_any_set);
    let _ = writeln!(file, "    {outer}secrets:");
    for (key, is_set) in keys() {
        let _ = writeln!(file, "      {}- {}", comment(is_set), plain(key));
    }
    let _ = writeln!(file, "{outer}secrets:");
    for (key, is_set) in keys() {
        let (comment, path) = (comment(is_set), double_quoted(&format!("./secrets/{key}")));
        let _ = writeln!(
            file,
            "  {comment}{}:\n  {comment}  file: {path}",
            plain(key)
        );
    }
}
