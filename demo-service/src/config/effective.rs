//! What is in effect, for whoever operates the service.

use environ::{Origins, Warning};
use serde_json::{Value, json};

/// Each variable that has a value, by its own name, and what is odd about them.
/// Secrets are not in it, nor is anything that the configuration does not read.
#[derive(Debug, Default)]
pub struct Settings(Value);

impl Settings {
    /// Takes what loading the configuration told.
    #[must_use]
    pub fn new(origins: &Origins, warnings: &[Warning]) -> Self {
        let variables = origins.iter().map(|(name, origin)| {
            json!({
                "name": name,
                "value": origins.shown(name),
                "origin": origin.to_string(),
            })
        });
        let warnings = warnings.iter().map(ToString::to_string);
        Self(json!({
            "variables": variables.collect::<Vec<_>>(),
            "warnings": warnings.collect::<Vec<_>>(),
        }))
    }

    /// Gives them as a JSON object with `variables` and `warnings`.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }
}
