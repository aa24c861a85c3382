//! What a release changes for those who deploy it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::json::FORMAT;
use super::Help;
use crate::redact::display;

impl Help {
    /// Compares the variables with those of `old`, a document that
    /// [`json`](Help::json) gave for an earlier release.
    ///
    /// # Errors
    ///
    /// If `old` is not such a document.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// mod v1 {
    ///     #[derive(environ::EnvConfig)]
    ///     # #[expect(dead_code, reason = "only its help is asked for")]
    ///     pub struct AppConfig {
    ///         #[env(default = 8000)]
    ///         port: u16,
    ///         level: Option<String>,
    ///     }
    /// }
    ///
    /// mod v2 {
    ///     #[derive(environ::EnvConfig)]
    ///     # #[expect(dead_code, reason = "only its help is asked for")]
    ///     pub struct AppConfig {
    ///         #[env(default = 8080)]
    ///         port: u16,
    ///         db_url: String,
    ///     }
    /// }
    ///
    /// let changes = v2::AppConfig::help().diff(&v1::AppConfig::help().json()).unwrap();
    /// assert_eq!(
    ///     changes.to_string(),
    ///     "\
    /// newly requires APP_DB_URL
    /// no longer reads APP_LEVEL
    /// default of APP_PORT changed from 8000 to 8080"
    /// );
    /// assert!(changes.iter().next().unwrap().is_breaking());
    /// ```
    pub fn diff(&self, old: &str) -> Result<Changes, NotASpec> {
        let old: Value = serde_json::from_str(old).map_err(|err| NotASpec(err.to_string()))?;
        if old["format"] != FORMAT {
            return Err(NotASpec(format!("its `format` is not {FORMAT}")));
        }
        let old = Variables::of(&old).ok_or_else(|| NotASpec("it has no variables".to_owned()))?;
        let new = self.to_value();
        let new = Variables::of(&new).ok_or_else(|| NotASpec("it has no variables".to_owned()))?;
        Ok(Changes(compare(&old, &new)))
    }
}

/// Why a document cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotASpec(String);

impl fmt::Display for NotASpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = display::line(&self.0);
        write!(f, "not a specification of variables: {why}")
    }
}

impl std::error::Error for NotASpec {}

/// What changed, in the order of the names: first what breaks a deployment.
///
/// Displays as a line for each change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl Changes {
    /// Gives each change.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }

    /// Tells whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut end = "";
        for change in &self.0 {
            write!(f, "{end}{change}")?;
            end = "\n";
        }
        Ok(())
    }
}

/// One change. Displays as a sentence without a subject: `newly requires APP_X`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    text: String,
    is_breaking: bool,
}

impl Change {
    /// Tells whether an environment that was right may be wrong now.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.is_breaking
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The variables of a document, by name and by every other name.
struct Variables<'v> {
    by_name: BTreeMap<&'v str, &'v Value>,
}

impl<'v> Variables<'v> {
    fn of(document: &'v Value) -> Option<Self> {
        let variables = document["variables"].as_array()?;
        let named = variables
            .iter()
            .map(|variable| Some((variable["name"].as_str()?, variable)));
        let by_name = named.collect::<Option<_>>()?;
        Some(Self { by_name })
    }

    /// The variable that is read under `name`, whether it is its own or not.
    fn reads(&self, name: &str) -> Option<&'v Value> {
        let own = self.by_name.get(name).copied();
        own.or_else(|| {
            let mut variables = self.by_name.values().copied();
            variables.find(|variable| others(variable).any(|other| other == name))
        })
    }
}

/// A variable's other names.
fn others(variable: &Value) -> impl Iterator<Item = &str> {
    let lists = ["aliases", "deprecated"].into_iter();
    let names = lists.filter_map(|list| variable[list].as_array()).flatten();
    names.filter_map(Value::as_str)
}

fn compare(old: &Variables<'_>, new: &Variables<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, variable) in &new.by_name {
        let before = old
            .reads(name)
            .or_else(|| others(variable).find_map(|other| old.reads(other)));
        match before {
            Some(before) => changed(name, before, variable, &mut changes),
            None if is_required(variable) => {
                add(&mut changes, true, format!("newly requires {name}"));
            }
            None => add(&mut changes, false, format!("newly reads {name}")),
        }
    }
    for variable in old.by_name.values() {
        let own = variable["name"].as_str();
        for name in own.into_iter().chain(others(variable)) {
            if new.reads(name).is_none() {
                add(&mut changes, true, format!("no longer reads {name}"));
            }
        }
    }
    changes.sort_by_key(|change| !change.is_breaking);
    changes
}

/// What changed about one variable.
fn changed(name: &str, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    match (is_required(old), is_required(new)) {
        (false, true) => add(changes, true, format!("newly requires {name}")),
        (true, false) => add(changes, false, format!("no longer requires {name}")),
        _ => {}
    }
    let old_name = old["name"].as_str().unwrap_or_default();
    if old_name != name {
        add(
            changes,
            false,
            format!("renames {old_name} to {name}; the old name still works"),
        );
    }
    if old["default"] != new["default"] {
        let text = match (old["default"].as_str(), new["default"].as_str()) {
            (Some(old), Some(new)) => {
                format!(
                    "default of {name} changed from {} to {}",
                    shown(old),
                    shown(new)
                )
            }
            (Some(old), None) => format!("{name} no longer has the default {}", shown(old)),
            (None, Some(new)) => format!("{name} newly has the default {}", shown(new)),
            (None, None) => return,
        };
        add(changes, false, text);
    }
    for (what, is_breaking) in [
        ("type", true),
        ("range", true),
        ("separator", true),
        ("when", true),
    ] {
        if old[what] != new[what] {
            let text = format!(
                "{what} of {name} changed from {} to {}",
                said(&old[what]),
                said(&new[what])
            );
            add(changes, is_breaking, text);
        }
    }
    for word in missing(&old["words"], &new["words"]) {
        add(changes, true, format!("{name} can no longer be {word}"));
    }
    for word in missing(&new["words"], &old["words"]) {
        add(changes, false, format!("{name} can newly be {word}"));
    }
    for other in missing(&new["deprecated"], &old["deprecated"]) {
        if other != old_name {
            add(
                changes,
                false,
                format!("deprecates {other}; write {name} instead"),
            );
        }
    }
    if old["secret"] != new["secret"] {
        let now = if new["secret"] == true {
            "newly"
        } else {
            "no longer"
        };
        add(changes, false, format!("{name} is {now} a secret"));
    }
}

fn add(changes: &mut Vec<Change>, is_breaking: bool, text: String) {
    let text = display::line(&text);
    changes.push(Change { text, is_breaking });
}

/// Required as such, and not only in a group that need not be there.
fn is_required(variable: &Value) -> bool {
    variable["required"] == true && variable["when"].is_null()
}

/// The words of `of` that are not in `from`.
fn missing<'v>(of: &'v Value, from: &Value) -> Vec<&'v str> {
    let words = |list: &'v Value| {
        list.as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    };
    let known = from.as_array().map(Vec::as_slice).unwrap_or_default();
    words(of)
        .filter(|word| !known.iter().any(|known| known == word))
        .collect()
}

fn shown(default: &str) -> String {
    if default.is_empty() {
        "nothing".to_owned()
    } else {
        default.to_owned()
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
