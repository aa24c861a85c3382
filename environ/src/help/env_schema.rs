//! A `.env.schema`, as the @env-spec has it, which varlock reads.

use std::fmt::Write as _;

use super::number::is_number;
use super::text::remarks;
use super::{example, facts, Help};
use crate::redact::escape;
use crate::spec::variables::{Variable, When};

impl Help {
    /// Returns a `.env.schema` in the format of @env-spec, with which varlock checks a `.env`
    /// and editors complete names.
    ///
    /// A variable with another name or a `_FILE` is not marked as required, because the
    /// format knows no alternatives.
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
    ///     host: String,
    /// }
    ///
    /// assert_eq!(
    ///     Http::help().to_env_schema(),
    ///     "\
    /// ## @defaultRequired=false @defaultSensitive=false
    /// ## ---
    ///
    /// ## Port to listen on.
    /// ## @type=number
    /// APP_PORT='8000'
    ///
    /// ## @type=string @required
    /// APP_HOST=
    /// "
    /// );
    /// ```
    #[must_use]
    pub fn to_env_schema(&self) -> String {
        let mut file = String::from("# @defaultRequired=false @defaultSensitive=false\n# ---\n");
        for variable in self.variables() {
            file.push('\n');
            let remarks = escape::escaped(&remarks(&variable, |_| true));
            let remarks = remarks.trim_start_matches(['@', '-', ' ']);
            if !remarks.is_empty() {
                let _ = writeln!(file, "# {remarks}");
            }
            let _ = writeln!(file, "# {}", decorators(&variable));
            let name = example::concrete(&variable.name);
            let default = variable.shown_default().map(quoted).unwrap_or_default();
            let _ = writeln!(file, "{name}={default}");
        }
        for (name, remedy) in self.removed() {
            // A comment that belongs to no variable.
            let removed = format!("{name}: {}", facts::of_removed(remedy));
            let _ = writeln!(file, "\n# {}", escape::escaped(&removed));
        }
        file
    }
}

fn decorators(variable: &Variable) -> String {
    let form = &variable.var.form();
    let mut decorators = match form.known_words() {
        // varlock masks nothing but strings.
        _ if variable.var.secret => "@type=string".to_owned(),
        Some(["true", "false"]) => "@type=boolean".to_owned(),
        Some(words) if !form.is_several() => {
            let aliases = form.known_aliases().iter().map(|(alias, _)| alias);
            let words: Vec<String> = words
                .iter()
                .chain(aliases)
                .map(|word| quoted(word))
                .collect();
            format!("@type=enum({})", words.join(", "))
        }
        _ if form.column() == "bool" => "@type=boolean".to_owned(),
        _ if is_number(&form.column()) => "@type=number".to_owned(),
        _ => "@type=string".to_owned(),
    };
    if variable.var.secret {
        decorators.push_str(" @sensitive");
    }
    let is_alone = variable.all_names().len() == 1 && !variable.var.secret;
    match &variable.when {
        None if variable.is_required() && is_alone => decorators.push_str(" @required"),
        // `eq` compares with a single word.
        Some(When::Chosen(selector, words)) if variable.is_required() && is_alone => {
            if let [word] = &words[..] {
                let _ = write!(decorators, " @required=eq(${selector}, {})", quoted(word));
            }
        }
        _ => {}
    }
    decorators
}

/// Returns a text in quotes, in which varlock replaces nothing.
fn quoted(text: &str) -> String {
    let text = escape::escaped(text);
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('$', "\\$"))
}
