//! The configuration in effect, for operators.

use std::collections::BTreeMap;

use environ::{EnvConfig, Origins, Warning};
use serde_json::{Value, json};

use super::AppConfig;
use super::cautions::Caution;
use super::fingerprint::Fingerprints;
use super::stop::StopBudget;

/// Each variable that has a value, with its origin; the time of a stop; the warnings. It holds no secret
/// and no variable that the configuration does not read.
#[derive(Debug)]
pub(crate) struct EffectiveConfig {
    json: Value,
    variables: Vec<Variable>,
    stop: StopBudget,
}

/// A variable, for a person. A secret has no value here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variable {
    /// The name.
    pub(crate) name: String,
    /// The value as it may be shown, and its origin, if it has any.
    pub(crate) value: Option<(String, String)>,
    /// Whether somebody set the value.
    pub(crate) is_set: bool,
    /// The default, if there is one.
    pub(crate) default: Option<String>,
    /// The meaning.
    pub(crate) doc: String,
}

impl EffectiveConfig {
    /// Creates it from a loaded configuration.
    pub(crate) fn new(
        fingerprints: &Fingerprints,
        origins: &Origins,
        warnings: &[Warning],
        cautions: &[Caution],
        stop: &StopBudget,
    ) -> Self {
        let listed = origins.iter().map(|(name, origin)| {
            let mut variable = json!({
                "name": name,
                "value": origins.shown(name),
                "origin": origin.to_string(),
            });
            if let Some(fingerprint) = fingerprints.of_secret(name) {
                variable["fingerprint"] = fingerprint.into();
            }
            variable
        });
        let warnings = warnings.iter().map(ToString::to_string);
        let warnings = warnings.chain(cautions.iter().map(ToString::to_string));
        let json = json!({
            "fingerprint": fingerprints.of_all(origins),
            "variables": listed.collect::<Vec<_>>(),
            "stop": {
                "timeout_seconds": stop.total.as_secs_f64(),
                "from": stop.origin_name(),
                "delay_seconds": stop.delay.as_secs_f64(),
                "finish_seconds": stop.finish().as_secs_f64(),
            },
            "warnings": warnings.collect::<Vec<_>>(),
        });
        Self {
            json,
            variables: variables(origins),
            stop: stop.clone(),
        }
    }

    /// Returns the fingerprint of all variables, or `None` without a key.
    pub(crate) fn fingerprint(&self) -> Option<&str> {
        self.json["fingerprint"].as_str()
    }

    /// Returns every variable, in the order of the help.
    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Returns the value of a variable as it may be shown.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let mut variables = self.variables.iter();
        let (value, _) = variables.find(|it| it.name == name)?.value.as_ref()?;
        Some(value)
    }

    /// Returns the time of a stop, and its phases.
    pub(crate) fn stop(&self) -> &StopBudget {
        &self.stop
    }

    /// Returns the warnings.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &str> {
        let warnings = self.json["warnings"].as_array().into_iter().flatten();
        warnings.filter_map(Value::as_str)
    }

    /// Returns a JSON object with `fingerprint`, `variables`, `stop` and `warnings`.
    pub(crate) fn json(&self) -> &Value {
        &self.json
    }
}

/// Returns the variables of the specification, each with its value.
fn variables(origins: &Origins) -> Vec<Variable> {
    let mut values: BTreeMap<String, _> = origins
        .iter()
        .map(|(name, origin)| {
            let shown = origins.shown(name).unwrap_or_default();
            let value = (shown.to_string(), origin.to_string());
            (name.to_string(), (value, !origin.is_default()))
        })
        .collect();
    // The form that `config --format json` prints.
    let help: Value = serde_json::from_str(&AppConfig::help().to_json()).unwrap_or_default();
    let listed = help["variables"].as_array().into_iter().flatten();
    let text = |variable: &Value, member: &str| variable[member].as_str().map(str::to_owned);
    let mut variables: Vec<_> = listed
        .filter_map(|variable| {
            let name = text(variable, "name")?;
            let (value, is_set) = values.remove(&name).unzip();
            Some(Variable {
                value,
                is_set: is_set.unwrap_or_default(),
                default: text(variable, "default"),
                doc: text(variable, "doc").unwrap_or_default(),
                name,
            })
        })
        .collect();
    variables.extend(values.into_iter().map(|(name, (value, is_set))| Variable {
        name,
        value: Some(value),
        is_set,
        ..Variable::default()
    }));
    variables
}
