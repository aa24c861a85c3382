//! The configuration in effect, for operators.

use environ::{Origins, Warning};
use serde_json::{Value, json};

use super::cautions::Caution;
use super::stop::StopBudget;

/// Each variable that has a value, with its origin; the time of a stop; the warnings. It holds no secret
/// and no variable that the configuration does not read.
#[derive(Debug, Default)]
pub(crate) struct EffectiveConfig(Value);

impl EffectiveConfig {
    /// Creates it from a loaded configuration.
    pub(crate) fn new(
        origins: &Origins,
        warnings: &[Warning],
        cautions: &[Caution],
        stop: &StopBudget,
    ) -> Self {
        let variables = origins.iter().map(|(name, origin)| {
            json!({
                "name": name,
                "value": origins.shown(name),
                "origin": origin.to_string(),
            })
        });
        let warnings = warnings.iter().map(ToString::to_string);
        let warnings = warnings.chain(cautions.iter().map(ToString::to_string));
        Self(json!({
            "variables": variables.collect::<Vec<_>>(),
            "stop": {
                "timeout_seconds": stop.total.as_secs_f64(),
                "from": stop.origin_name(),
                "delay_seconds": stop.delay.as_secs_f64(),
                "finish_seconds": stop.finish().as_secs_f64(),
            },
            "warnings": warnings.collect::<Vec<_>>(),
        }))
    }

    /// Returns a JSON object with `variables`, `stop` and `warnings`.
    pub(crate) fn json(&self) -> &Value {
        &self.0
    }
}
