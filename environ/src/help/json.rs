//! The specification of the variables as JSON, for programs.

use serde_json::{json, Map, Value};

use super::Help;
use crate::redact::escape;
use crate::spec::conditions::{self, Conditional};
use crate::spec::removed;
use crate::spec::rule::{self, Placed};
use crate::spec::variables::{self, Variable, When};

/// Changes with the form of the document, not with the crate.
pub(super) const FORMAT: u64 = 1;

impl Help {
    /// Returns the specification as a JSON document: every variable with its name,
    /// type, default, other names, and when it is required; and every group that may be
    /// absent. It is kept with a
    /// release, so that [`diff`](Help::diff) can tell the changes of the next one.
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

    pub(super) fn to_value(&self) -> Value {
        let variables = variables::unmerged(self.spec.items, &self.root());
        let variables: Vec<Value> = variables.iter().map(variable_value).collect();
        let mut document = Map::new();
        document.insert("format".to_owned(), FORMAT.into());
        document.insert("config".to_owned(), self.spec.ident.into());
        document.insert("prefix".to_owned(), (*self.prefix).into());
        if let Some(delimiter) = self.spec.delimiter {
            document.insert("after_prefix".to_owned(), self.spec.after_prefix.into());
            document.insert("delimiter".to_owned(), delimiter.into());
        }
        if !self.spec.doc.is_empty() {
            document.insert("doc".to_owned(), self.spec.doc.into());
        }
        document.insert("variables".to_owned(), variables.into());
        let rules = rule::of(self.spec.items, &self.root());
        if !rules.is_empty() {
            let rules: Vec<Value> = rules.iter().map(rule_value).collect();
            document.insert("rules".to_owned(), rules.into());
        }
        let removed = removed::of(self.spec.items);
        if !removed.is_empty() {
            let of = |(name, remedy): &(&str, &str)| json!({ "name": name, "remedy": remedy });
            let removed: Vec<Value> = removed.iter().map(of).collect();
            document.insert("removed".to_owned(), removed.into());
        }
        let groups = conditions::of(self.spec.items, &self.root(), &variables::placeholders);
        if !groups.is_empty() {
            let groups: Vec<Value> = groups.iter().map(group_value).collect();
            document.insert("groups".to_owned(), groups.into());
        }
        document.into()
    }
}

fn rule_value(rule: &Placed) -> Value {
    json!({ "rule": rule.kind.key(), "variables": rule.names })
}

fn group_value(group: &Conditional) -> Value {
    json!({ "field": group.field, "when": when_value(&group.when) })
}

fn when_value(when: &When) -> Value {
    match when {
        When::AnySet(switch) => json!({ "any_set": switch.path.any() }),
        When::AnyOf(names) => json!({ "any_set": names }),
        When::Chosen(name, words) => match &words[..] {
            [word] => json!({ "variable": name, "is": word }),
            words => json!({ "variable": name, "is": words }),
        },
    }
}

/// A property that a variable does not have is left out.
fn variable_value(variable: &Variable) -> Value {
    let var = variable.var;
    let form = var.form();
    let words = form.known_words().map(|words| json!(words));
    let aliases = form.known_aliases().iter();
    let aliases: Map<String, Value> = aliases
        .map(|(alias, word)| ((*alias).to_owned(), (*word).into()))
        .collect();
    let doc = variable.item.doc;
    let some_of = |names: &[&str]| (!names.is_empty()).then(|| json!(names));
    let when = variable.when.as_ref().map(when_value);
    let separator = var.separator();
    let members = [
        ("name", Some(json!(variable.name))),
        ("field", Some(json!(variable.field))),
        ("type", Some(json!(form.column()))),
        ("custom", form.is_custom().then_some(true.into())),
        ("words", words),
        (
            "word_aliases",
            (!aliases.is_empty()).then(|| aliases.into()),
        ),
        ("range", var.range().map(|range| json!(range.words))),
        ("length", var.length().map(|length| json!(length.words))),
        ("separator", form.is_separated().then(|| json!(separator))),
        ("required", Some(json!(variable.is_required()))),
        ("when", when),
        (
            "default",
            variable.literal_default().map(|text| json!(text)),
        ),
        (
            "default_from",
            (variable.default_from.as_ref().filter(|_| !var.secret)).map(|text| json!(text)),
        ),
        ("example", var.details.example.map(|text| json!(text))),
        ("secret", var.secret.then_some(true.into())),
        ("present", form.is_present().then_some(true.into())),
        ("live", var.live.then_some(true.into())),
        ("allow_empty", var.allow_empty.then_some(true.into())),
        ("aliases", some_of(var.details.aliases)),
        ("deprecated", some_of(var.details.deprecated)),
        ("file", variable.file_name().map(|name| json!(name))),
        ("doc", (!doc.is_empty()).then(|| json!(doc))),
    ];
    let members = members.into_iter();
    members
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
