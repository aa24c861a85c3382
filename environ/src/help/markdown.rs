//! Tables for a README: a table a group.

use std::fmt::Write as _;

use super::facts::About;
use super::section::{Condition, Title};
use super::{facts, Help};
use crate::redact::escape;
use crate::spec::variables::{Variable, When};

impl Help {
    /// Returns tables in Markdown, a row for each variable.
    ///
    /// A group has a table of its own, below a heading of the third level: the documentation of
    /// the field, or of its type.
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
        let mut page = String::new();
        for section in self.sections(&self.variables()) {
            add_table(&mut page, section.title.as_ref().map(heading));
            let is_told = section.is_condition_told();
            for variable in section.variables {
                // A column has the type.
                let is_shown = |about| match about {
                    About::Form => false,
                    About::When => !is_told,
                    _ => true,
                };
                let remarks = facts::joined(&facts::sentences(variable, is_shown));
                let row = format!(
                    "| {} | {} | {} | {} |",
                    in_cell(&variable.name),
                    escaped(&variable.var.form().column()),
                    presence(variable),
                    escaped(&remarks),
                );
                let _ = writeln!(page, "{}", escape::escaped(&row));
            }
        }
        let removed = self.removed();
        if !removed.is_empty() {
            add_table(&mut page, Some("Removed".to_owned()));
        }
        for (name, remedy) in removed {
            let row = format!("| {} |  |  | Removed: {} |", in_cell(name), escaped(remedy));
            let _ = writeln!(page, "{}", escape::escaped(&row));
        }
        page
    }
}

/// Adds the head of a table, below its heading.
fn add_table(page: &mut String, heading: Option<String>) {
    if !page.is_empty() {
        page.push('\n');
    }
    if let Some(heading) = heading {
        let _ = writeln!(page, "### {}\n", escape::escaped(&heading));
    }
    page.push_str("| variable | type | default | meaning |\n|---|---|---|---|\n");
}

fn heading(title: &Title<'_>) -> String {
    let doc = title.doc.replace('<', "\\<");
    let heading = match (&*doc, title.names) {
        (doc, None) => doc.to_owned(),
        ("", Some(names)) => code(names),
        (doc, Some(names)) => format!("{doc}: {}", code(names)),
    };
    match title.condition {
        Some(Condition::AnyOfThem) => heading + " (if any of them is set)",
        Some(Condition::If(when)) => format!("{heading} ({})", condition(when)),
        None => heading,
    }
}

fn presence(variable: &Variable) -> String {
    if variable.shown_default() == Some("") {
        return "empty".to_owned();
    }
    match (facts::default(variable), &variable.when) {
        (Some(text), _) => in_cell(&text),
        (None, _) if !variable.is_required() => String::new(),
        (None, None) => "**required**".to_owned(),
        (None, Some(when)) => format!("**required** {}", condition(when).replace('|', "\\|")),
    }
}

fn condition(when: &When) -> String {
    match when {
        When::AnySet(switch) => format!("if any {} is set", code(&switch.path.any())),
        When::AnyOf(names) | When::IfSet(names) => match &names[..] {
            [name] => format!("if {} is set", code(name)),
            names => {
                let names: Vec<String> = names.iter().map(|name| code(name)).collect();
                format!("if any of {} is set", names.join(", "))
            }
        },
        When::Chosen(name, words) => {
            let words = words.iter().map(|word| code(&format!("{name}={word}")));
            format!("if {}", words.collect::<Vec<_>>().join(" or "))
        }
    }
}

/// A code span in the cell of a table, where a `|` would end the cell.
fn in_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A code span. It ends at the first run of as many backticks as it begins with; a space at both
/// ends is taken away.
fn code(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0) + 1);
    let has_spaces = text.starts_with(' ') && text.ends_with(' ') && !text.trim().is_empty();
    let pad = if has_spaces || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A `|` would end the cell, a newline the table, and `<N>` be a tag.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<")
}

#[cfg(test)]
mod tests {
    /// As `CommonMark` reads it.
    #[test]
    fn a_code_span_holds_any_text() {
        for (text, span) in [
            ("a", "`a`"),
            ("`x`", "`` `x` ``"),
            (" x ", "`  x  `"),
            (" x", "` x`"),
            (" ", "` `"),
            ("``", "``` `` ```"),
            (" `` ", "```  ``  ```"),
            ("a``b`c", "```a``b`c```"),
        ] {
            assert_eq!(super::code(text), span);
        }
        assert_eq!(super::in_cell("a|`"), "`` a\\|` ``");
    }
}
