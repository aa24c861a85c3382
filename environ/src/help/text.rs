//! environ-config's lines.

use super::Help;
use crate::redact::escape;
use crate::spec::variables::Variable;

/// The remark of a live value.
const LIVE: &str = "Takes effect without a restart";

impl Help {
    /// Returns a line for each variable, as environ-config prints them, of any length.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct AppConfig {
    ///     /// Port to listen on.
    ///     #[env(default = 8000, alias = "PORT")]
    ///     port: u16,
    /// }
    ///
    /// assert_eq!(
    ///     AppConfig::help().to_lines(),
    ///     "APP_PORT (Optional, Default=8000): Port to listen on. Also: PORT."
    /// );
    /// ```
    #[must_use]
    pub fn to_lines(&self) -> String {
        let variables = self.variables();
        let removed = self.removed();
        let lines = variables.iter().map(line);
        let removed = removed
            .iter()
            .map(|(name, remedy)| format!("{name} (Removed): {remedy}"));
        let lines: Vec<String> = lines
            .chain(removed)
            .map(|line| escape::escaped(&line))
            .collect();
        lines.join("\n")
    }
}

fn line(variable: &Variable) -> String {
    let mut line = format!("{} ({})", variable.name, presence(variable));
    let remarks = remarks(variable);
    if !remarks.is_empty() {
        line.push_str(": ");
        line.push_str(&remarks);
    }
    line
}

/// Returns whether the variable must be set, its default, and whether it is a secret.
pub(super) fn presence(variable: &Variable) -> String {
    let presence = match (variable.is_required(), &variable.when) {
        (true, None) => "Required".to_owned(),
        (true, Some(when)) => format!("Required if {when}"),
        (false, _) => "Optional".to_owned(),
    };
    let default = match variable.shown_default() {
        Some("") => ", Default=\"\"".to_owned(),
        Some(text) => format!(", Default={text}"),
        None => String::new(),
    };
    let secret = if variable.var.secret { ", Secret" } else { "" };
    format!("{presence}{default}{secret}")
}

/// Returns the documentation of a variable and its other properties, a sentence each.
pub(super) fn remarks(variable: &Variable) -> String {
    remarks_with(variable, variable.var.form().known_words())
}

/// Returns the documentation of a variable and its other properties, with these words.
pub(super) fn remarks_with(variable: &Variable, words: Option<&[&str]>) -> String {
    let var = variable.var;
    let mut remarks = variable.item.doc.replace('\n', " ");
    if let Some(words) = words {
        let several = var.form().is_several();
        let label = if several { "Each one of: " } else { "One of: " };
        remark(&mut remarks, label, &words.join(", "));
    }
    if let Some(range) = var.range() {
        let (first, rest) = first_letter(&range.words);
        remark(&mut remarks, &first.to_uppercase(), rest);
    }
    if let Some(length) = var.length() {
        let (first, rest) = first_letter(&length.words);
        remark(&mut remarks, &first.to_uppercase(), rest);
    }
    for (label, names) in [
        ("Also: ", var.details.aliases),
        ("Deprecated: ", var.details.deprecated),
    ] {
        if !names.is_empty() {
            remark(&mut remarks, label, &names.join(", "));
        }
    }
    for rule in &variable.rules {
        if !remarks.is_empty() {
            remarks.push(' ');
        }
        remarks.push_str(rule);
    }
    if let Some(name) = variable.file_name() {
        remark(&mut remarks, "Or a file: ", &name);
    }
    if var.live {
        remark(&mut remarks, "", LIVE);
    }
    remarks
}

fn first_letter(words: &str) -> (&str, &str) {
    words.split_at(words.chars().next().map_or(0, char::len_utf8))
}

/// Adds a sentence.
pub(super) fn remark(remarks: &mut String, label: &str, what: &str) {
    if !remarks.is_empty() {
        remarks.push(' ');
    }
    remarks.push_str(label);
    remarks.push_str(what);
    remarks.push('.');
}
