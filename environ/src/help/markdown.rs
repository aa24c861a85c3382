//! A table for a README.

use std::fmt::Write as _;

use super::text::remarks;
use super::Help;
use crate::redact::escape;
use crate::spec::variables::{Variable, When};

impl Help {
    /// Returns a table in Markdown, a row for each variable.
    ///
    /// # Examples
    ///
    /// ```
    /// # use environ::EnvConfig;
    /// # #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// # struct AppConfig {
    /// #     /// Port to listen on.
    /// #     #[env(default = 8000)]
    /// #     port: u16,
    /// # }
    /// assert_eq!(
    ///     AppConfig::help().to_markdown(),
    ///     "\
    /// | variable | type | default | meaning |
    /// |---|---|---|---|
    /// | `APP_PORT` | u16 | `8000` | Port to listen on. |
    /// "
    /// );
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut table =
            String::from("| variable | type | default | meaning |\n|---|---|---|---|\n");
        for variable in self.variables() {
            let row = format!(
                "| `{}` | {} | {} | {} |",
                variable.name,
                escaped(&variable.var.form().column()),
                presence(&variable),
                escaped(&remarks(&variable)),
            );
            let _ = writeln!(table, "{}", escape::escaped(&row));
        }
        for (name, remedy) in self.removed() {
            let row = format!("| `{name}` |  |  | Removed: {} |", escaped(remedy));
            let _ = writeln!(table, "{}", escape::escaped(&row));
        }
        table
    }
}

fn presence(variable: &Variable) -> String {
    match (variable.shown_default(), &variable.when) {
        (Some(""), _) => "empty".to_owned(),
        (Some(text), _) => format!("`{}`", text.replace('|', "\\|")),
        (None, _) if !variable.is_required() => String::new(),
        (None, None) => "**required**".to_owned(),
        (None, Some(When::AnySet(switch))) => {
            format!("**required** if any `{}` is set", switch.path.any())
        }
        (None, Some(When::AnyOf(names))) => match &names[..] {
            [name] => format!("**required** if `{name}` is set"),
            names => format!("**required** if any of `{}` is set", names.join("`, `")),
        },
        (None, Some(When::Chosen(name, words))) => {
            let words: Vec<String> = words
                .iter()
                .map(|word| format!("`{name}={word}`"))
                .collect();
            format!("**required** if {}", words.join(" or "))
        }
    }
}

/// A `|` would end the cell, a newline the table, and `<N>` be a tag.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<")
}
