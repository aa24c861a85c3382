//! Compares the specifications of two releases.
//!
//! Both are read from JSON by the same code, so that a property is compared as the
//! document shows it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::changes::{Change, Changes, Kind, Property};
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
        let variables = |document: &Value| {
            Variables::of(document).ok_or_else(|| NotASpec("it has no variables".to_owned()))
        };
        let (old, new) = (variables(&old)?, variables(&self.to_value())?);
        Ok(compare(&old, &new))
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

/// The variables of a document, by name.
struct Variables(BTreeMap<String, Described>);

/// A variable, as a document describes it.
struct Described {
    name: String,
    aliases: Vec<String>,
    deprecated: Vec<String>,
    words: Vec<String>,
    ty: Option<String>,
    range: Option<String>,
    separator: Option<String>,
    when: Option<String>,
    default: Option<String>,
    is_required: bool,
    is_secret: bool,
}

impl Variables {
    fn of(document: &Value) -> Option<Self> {
        let by_name = document["variables"].as_array()?.iter().map(|value| {
            let variable = Described::of(value)?;
            Some((variable.name.clone(), variable))
        });
        by_name.collect::<Option<_>>().map(Self)
    }

    /// Returns the variable that is read under `name`, be it its own name or another.
    fn reading(&self, name: &str) -> Option<&Described> {
        self.0.get(name).or_else(|| {
            let mut variables = self.0.values();
            variables.find(|variable| variable.other_names().any(|other| other == name))
        })
    }
}

impl Described {
    fn of(value: &Value) -> Option<Self> {
        let text = |property: &str| match &value[property] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let list = |property: &str| {
            let elements = value[property].as_array().into_iter().flatten();
            elements
                .filter_map(|element| element.as_str().map(str::to_owned))
                .collect()
        };
        Some(Self {
            name: value["name"].as_str()?.to_owned(),
            aliases: list("aliases"),
            deprecated: list("deprecated"),
            words: list("words"),
            ty: text("type"),
            range: text("range"),
            separator: text("separator"),
            when: text("when"),
            default: text("default"),
            is_required: value["required"] == true,
            is_secret: value["secret"] == true,
        })
    }

    fn other_names(&self) -> impl Iterator<Item = &str> {
        let names = self.aliases.iter().chain(&self.deprecated);
        names.map(String::as_str)
    }

    /// Returns whether the variable is required, and not only in a group that may be absent.
    fn is_always_required(&self) -> bool {
        self.is_required && self.when.is_none()
    }
}

fn compare(old: &Variables, new: &Variables) -> Changes {
    let mut changes = Vec::new();
    for (name, variable) in &new.0 {
        let others = variable.other_names();
        let before = [name.as_str()]
            .into_iter()
            .chain(others)
            .find_map(|name| old.reading(name));
        match before {
            Some(before) => changes.extend(compare_variable(before, variable)),
            None if variable.is_always_required() => {
                changes.push(Change::new(name, Kind::NewlyRequired));
            }
            None => changes.push(Change::new(name, Kind::Added)),
        }
    }
    for variable in old.0.values() {
        let names = [variable.name.as_str()].into_iter();
        let gone = names
            .chain(variable.other_names())
            .filter(|name| new.reading(name).is_none());
        changes.extend(gone.map(|name| Change::new(name, Kind::Removed)));
    }
    Changes::new(changes)
}

fn compare_variable(old: &Described, new: &Described) -> Vec<Change> {
    let mut kinds = Vec::new();
    match (old.is_always_required(), new.is_always_required()) {
        (false, true) => kinds.push(Kind::NewlyRequired),
        (true, false) => kinds.push(Kind::NoLongerRequired),
        _ => {}
    }
    if old.name != new.name {
        kinds.push(Kind::Renamed(old.name.clone()));
    }
    if old.default != new.default {
        kinds.push(Kind::Default(old.default.clone(), new.default.clone()));
    }
    for (property, old, new) in [
        (Property::Type, &old.ty, &new.ty),
        (Property::Range, &old.range, &new.range),
        (Property::Separator, &old.separator, &new.separator),
        (Property::When, &old.when, &new.when),
    ] {
        if old != new {
            kinds.push(Kind::Property(property, old.clone(), new.clone()));
        }
    }
    kinds.extend(missing(&old.words, &new.words).map(Kind::WordRemoved));
    kinds.extend(missing(&new.words, &old.words).map(Kind::WordAdded));
    let deprecated = missing(&new.deprecated, &old.deprecated);
    kinds.extend(
        deprecated
            .filter(|name| *name != old.name)
            .map(Kind::Deprecated),
    );
    if old.is_secret != new.is_secret {
        kinds.push(Kind::Secret(new.is_secret));
    }
    kinds
        .into_iter()
        .map(|kind| Change::new(&new.name, kind))
        .collect()
}

/// Returns the texts of `of` that are not in `from`.
fn missing<'v>(of: &'v [String], from: &'v [String]) -> impl Iterator<Item = String> + 'v {
    of.iter().filter(|text| !from.contains(text)).cloned()
}
