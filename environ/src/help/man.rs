//! A manual page.

use std::fmt::Write as _;

use super::facts::About;
use super::text::{presence, remarks};
use super::Help;
use crate::redact::escape;

/// The longest line of text, in bytes.
const MAX_LINE: usize = 80;

impl Help {
    /// Returns a manual page of section 7, for `man` and mandoc, with an entry for each
    /// variable, and a subsection for each group under its documentation.
    ///
    /// The page has the name of [`secret_object`](Help::secret_object), and `-environment`
    /// after it.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct Http {
    ///     /// Port to listen on.
    ///     #[env(default = 8000)]
    ///     port: u16,
    /// }
    ///
    /// assert_eq!(
    ///     Http::help().to_man(),
    ///     r#".TH APP\-ENVIRONMENT 7 "" "app" "Environment"
    /// .SH NAME
    /// app\-environment \- environment variables of app
    /// .SH ENVIRONMENT
    /// .TP
    /// .B APP_PORT
    /// (Optional, Default=8000)
    /// Port to listen on.
    /// "#
    /// );
    /// ```
    #[must_use]
    pub fn to_man(&self) -> String {
        let program = text(&self.program());
        let mut page = format!(
            ".TH {}\\-ENVIRONMENT 7 \"\" \"{program}\" \"Environment\"\n\
             .SH NAME\n\
             {program}\\-environment \\- environment variables of {program}\n\
             .SH ENVIRONMENT\n",
            program.to_uppercase()
        );
        for section in self.sections(&self.variables()) {
            let is_told = section.is_condition_told();
            if let Some(title) = section.title {
                let _ = writeln!(page, ".SS {}", text(&title.text_with_condition()));
            }
            for variable in section.variables {
                let _ = writeln!(page, ".TP\n.B {}", text(&variable.name));
                let _ = writeln!(page, "({})", text(&presence(variable)));
                let remarks = remarks(variable, |about| !is_told || about != About::When);
                if !remarks.is_empty() {
                    add_lines(&mut page, &remarks);
                }
            }
        }
        let removed = self.removed();
        if !removed.is_empty() {
            page.push_str(".SS Removed\n");
        }
        for (name, remedy) in removed {
            let _ = writeln!(page, ".TP\n.B {}\n(Removed)", text(name));
            add_lines(&mut page, remedy);
        }
        page
    }
}

/// Adds a text in lines that mandoc finds no fault with. No line begins with a request.
fn add_lines(page: &mut String, words: &str) {
    let mut line = String::new();
    for word in words.split_whitespace().map(text) {
        if !line.is_empty() && line.len() + 1 + word.len() > MAX_LINE {
            let _ = writeln!(page, "{line}");
            line.clear();
        }
        line.push_str(match line.is_empty() {
            true if word.starts_with(['.', '\'']) => "\\&",
            true => "",
            false => " ",
        });
        line.push_str(&word);
    }
    let _ = writeln!(page, "{line}");
}

/// Returns words as roff reads them: ASCII, with escapes for its own letters.
fn text(words: &str) -> String {
    let mut text = String::new();
    for letter in escape::escaped(words).chars() {
        match letter {
            '\\' => text.push_str("\\e"),
            '-' => text.push_str("\\-"),
            '"' => text.push_str("\\(dq"),
            '\'' => text.push_str("\\(aq"),
            '^' => text.push_str("\\(ha"),
            '`' => text.push_str("\\(ga"),
            '~' => text.push_str("\\(ti"),
            ascii if ascii.is_ascii() => text.push(ascii),
            other => {
                let _ = write!(text, "\\[u{:04X}]", u32::from(other));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::add_lines;

    #[test]
    fn a_line_has_80_letters_at_most_and_begins_with_no_request() {
        let (long, exact, over) = ("a".repeat(40), "b".repeat(39), "c".repeat(40));
        for (words, lines) in [
            (format!("{long} {exact}"), format!("{long} {exact}\n")),
            (format!("{long} {over}"), format!("{long}\n{over}\n")),
            (".a .b".to_owned(), "\\&.a .b\n".to_owned()),
            (format!("{long} .{exact}"), format!("{long}\n\\&.{exact}\n")),
        ] {
            let mut page = String::new();
            add_lines(&mut page, &words);
            assert_eq!(page, lines);
        }
    }
}
