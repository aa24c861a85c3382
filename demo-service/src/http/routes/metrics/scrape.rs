//! Metrics that are read at each scrape, where they are known.

use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::{connections, database, reloads, secrets};
use crate::health::heartbeat::Heartbeat;
use crate::health::{Phase, unready};
use crate::metrics::process;
use crate::state::AppState;
use crate::telemetry::LEVELS;

/// The prefix of metrics without a standard name.
const PREFIX: &str = "demo_service";

/// Collects the metrics that are read at each scrape.
pub(super) fn scrape(state: &AppState) -> Registry {
    let mut registry = Registry::default();
    let build = Family::<_, Gauge>::default();
    let revision = state.version.json()["commit"].as_str().unwrap_or_default();
    let labels = [
        ("version", state.version.number().to_owned()),
        ("revision", revision.to_owned()),
    ];
    build.get_or_create(&labels).set(1);
    registry.register(
        "build_info",
        "Version and revision of the running build; always 1",
        build,
    );
    if let Some(fingerprint) = state.effective_config.get().fingerprint() {
        let config = Family::<_, Gauge>::default();
        let labels = [("fingerprint", fingerprint.to_owned())];
        config.get_or_create(&labels).set(1);
        registry.register(
            "config_info",
            "Fingerprint of the configuration in effect, alike on equal instances; always 1",
            config,
        );
    }
    registry.register(
        "http_requests_in_flight",
        "Requests that have begun and are not answered yet",
        ConstGauge::new(state.requests.in_flight()),
    );
    connections::register(&mut registry, state);
    register_own(registry.sub_registry_with_prefix(PREFIX), state);
    process::register(&mut registry);
    registry
}

/// Registers the metrics that only this service has.
fn register_own(registry: &mut Registry, state: &AppState) {
    let is_ready = unready(&state.readiness, &state.heartbeat).is_none();
    registry.register(
        "ready",
        "1 if load balancers should send requests, 0 if not",
        ConstGauge::new(i64::from(is_ready)),
    );
    let phases = Phase::ALL.map(|phase| (phase.name(), phase == state.readiness.phase()));
    let phases = one_of("phase", phases);
    registry.register(
        "phase",
        "1 for the phase in effect: starting, ready or draining",
        phases,
    );
    let level = state.log.level().default_name();
    let levels = one_of("level", LEVELS.map(|name| (name, name == level)));
    registry.register(
        "log_level",
        "1 for the least level that is logged, of modules without their own",
        levels,
    );
    registry.register(
        "log_lines_dropped",
        "Log lines dropped because stdout did not take them in time",
        ConstCounter::new(state.log.lines().dropped()),
    );
    registry.register(
        "panics",
        "Panics of handlers of requests, and of the driver of the database",
        ConstCounter::new(state.panics()),
    );
    registry.register(
        "accept_errors",
        "Connections that could not be accepted, for lack of open files or memory",
        ConstCounter::new(state.log.accept_errors()),
    );
    if let Some(counts) = state.otel.counts() {
        let spans = Family::<[(&str, &str); 1], Counter>::default();
        for (outcome, count) in counts {
            spans.get_or_create(&[("outcome", outcome)]).inc_by(count);
        }
        registry.register(
            "otel_spans",
            "Spans for the collector of OpenTelemetry, by their outcome: exported or dropped",
            spans,
        );
    }
    checks(registry, &state.heartbeat);
    database::register(registry, &state.database);
    secrets::register(registry, &state.secrets);
    reloads::register(registry, &state.reloads);
}

/// Registers the last result of each check of the heartbeat.
fn checks(registry: &mut Registry, heartbeat: &Heartbeat) {
    let results = Family::<[(&str, &str); 1], Gauge>::default();
    let times = Family::<[(&str, &str); 1], Gauge>::default();
    for (check, is_ok, at) in heartbeat.results() {
        let labels = [("check", check)];
        results.get_or_create(&labels).set(i64::from(is_ok));
        times
            .get_or_create(&labels)
            .set(secrets::timestamp(at.into_std()));
    }
    registry.register(
        "check_up",
        "1 if the last run of a check of `/__heartbeat__` passed, 0 if not",
        results,
    );
    registry.register(
        "check_timestamp_seconds",
        "Time of the last run of a check of `/__heartbeat__`, in seconds since the epoch",
        times,
    );
}

/// Returns a series for each possible state, of which the current state is 1.
fn one_of<const N: usize>(
    label: &'static str,
    states: [(&'static str, bool); N],
) -> Family<[(&'static str, &'static str); 1], Gauge> {
    let family = Family::<_, Gauge>::default();
    for (name, is_so) in states {
        family.get_or_create(&[(label, name)]).set(i64::from(is_so));
    }
    family
}
