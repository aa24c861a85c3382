//! The specification of the variables as JSON, for programs.

use serde_json::{json, Map, Value};

use super::Help;
use crate::redact::escape;
use crate::spec::document;
use crate::spec::variables::{self, Variable, When};

impl Help {
    /// Returns the specification as a JSON document: every variable with its name,
    /// type, default, other names, and when it is required; every group that may be
    /// absent; the beginning of the names of each group, in `paths`; and every rule between
    /// fields. The document is kept with a
    /// release, so that [`diff`](Help::diff) can tell the changes of the next release.
    ///
    /// ```
    /// # use environ::EnvConfig;
    /// # #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// # struct AppConfig {
    /// #     #[env(default = 8000)]
    /// #     port: u16,
    /// # }
    /// assert_eq!(
    ///     AppConfig::help().to_json(),
    ///     r#"{
    ///   "config": "AppConfig",
    ///   "format": 1,
    ///   "prefix": "APP",
    ///   "variables": [
    ///     {
    ///       "default": "8000",
    ///       "field": "port",
    ///       "name": "APP_PORT",
    ///       "required": false,
    ///       "type": "u16"
    ///     }
    ///   ]
    /// }"#
    /// );
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        escape::escaped_json(&format!("{:#}", self.to_value()))
    }

    /// Returns the document of the table, with all that a constant cannot hold: the conditions
    /// of variables, and ranges in words.
    pub(super) fn to_value(&self) -> Value {
        let mut bytes = vec![0; document::len(self.spec, &self.prefix)];
        document::write(self.spec, &self.prefix, &mut bytes);
        let mut document: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
        let values = document.get_mut("variables").and_then(Value::as_array_mut);
        let variables = variables::unmerged(self.spec.items, &self.root());
        for (value, variable) in values.into_iter().flatten().zip(&variables) {
            if let Some(members) = value.as_object_mut() {
                evaluate(members, variable);
            }
        }
        document::remove_empty(&mut document);
        document.into()
    }
}

/// Replaces the members that are as the code has them.
fn evaluate(members: &mut Map<String, Value>, variable: &Variable) {
    for written in ["written_range", "written_length", "length_parts"] {
        members.remove(written);
    }
    let var = variable.var;
    let evaluated = [
        ("range", var.range().map(|range| range.words.into())),
        ("length", var.length().map(|length| length.words.into())),
        ("when", variable.when.as_ref().map(when_value)),
    ];
    let evaluated = evaluated.into_iter();
    members.extend(evaluated.filter_map(|(name, value)| Some((name.to_owned(), value?))));
}

fn when_value(when: &When) -> Value {
    match when {
        When::AnySet(switch) => json!({ "any_set": switch.path.any() }),
        When::AnyOf(names) | When::IfSet(names) => json!({ "any_set": names }),
        When::Chosen(name, words) => match &words[..] {
            [word] => json!({ "variable": name, "is": word }),
            words => json!({ "variable": name, "is": words }),
        },
    }
}
