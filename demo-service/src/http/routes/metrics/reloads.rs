//! Reloads of the configuration.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::secrets::timestamp;
use crate::reload::{Outcome, Reloads};

pub(super) fn register(registry: &mut Registry, reloads: &Reloads) {
    let counts = Family::<[(&str, &str); 1], Counter>::default();
    for (outcome, count) in reloads.counts() {
        let labels = [("outcome", outcome.name())];
        counts.get_or_create(&labels).inc_by(count);
    }
    registry.register(
        "config_reloads",
        "Reloads of the configuration, after a change or SIGHUP, by outcome",
        counts,
    );
    let last = reloads.last();
    let is_refused = last.is_some_and(|last| last.outcome == Outcome::Refused);
    registry.register(
        "config_last_reload_successful",
        "0 if the last reload was refused, so that the former values are in effect, or else 1",
        ConstGauge::new(i64::from(!is_refused)),
    );
    if let Some(succeeded) = reloads.succeeded() {
        registry.register(
            "config_last_reload_success_timestamp_seconds",
            "Time of the last reload that was not refused, in seconds since the epoch",
            ConstGauge::new(timestamp(succeeded)),
        );
    }
}
