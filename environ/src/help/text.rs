//! environ-config's lines.

use super::facts::About;
use super::{facts, Help};
use crate::redact::escape;
use crate::spec::variables::Variable;

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
    let remarks = remarks(variable, |_| true);
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
    let default = facts::default(variable);
    let default = default.map_or_else(String::new, |text| format!(", Default={text}"));
    let secret = if variable.var.secret { ", Secret" } else { "" };
    format!("{presence}{default}{secret}")
}

/// Returns the facts about which `is_shown` says yes, a sentence each, but for secrecy: the presence,
/// or a property of the format, has that.
pub(super) fn remarks(variable: &Variable, is_shown: impl Fn(About) -> bool) -> String {
    let is_shown = |about| about != About::Secret && is_shown(about);
    facts::joined(&facts::sentences(variable, is_shown))
}
