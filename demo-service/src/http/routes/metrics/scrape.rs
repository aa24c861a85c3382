//! Metrics that are read at each scrape, where they are known.

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::{connections, database, secrets};
use crate::health::{Phase, unready};
use crate::metrics::process;
use crate::state::AppState;
use crate::telemetry::LEVELS;

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
    registry.register("build_info", "What is running", build);
    registry.register(
        "http_requests_in_flight",
        "Requests that are being served",
        ConstGauge::new(state.requests.in_flight()),
    );
    let is_ready = unready(&state.readiness, &state.heartbeat).is_none();
    registry.register(
        "ready",
        "Whether load balancers should send requests",
        ConstGauge::new(i64::from(is_ready)),
    );
    let phases = Phase::ALL.map(|phase| (phase.name(), phase == state.readiness.phase()));
    let phases = one_of("phase", phases);
    registry.register("phase", "Where the service is in its life", phases);
    let level = state.log.level().default_name();
    let levels = one_of("level", LEVELS.map(|name| (name, name == level)));
    registry.register("log_level", "The least level that is logged", levels);
    registry.register(
        "log_lines_dropped",
        "Log lines that nobody took in time",
        ConstCounter::new(state.log.lines().dropped()),
    );
    registry.register(
        "panics",
        "Handlers that panicked",
        ConstCounter::new(state.panics()),
    );
    registry.register(
        "http_accept_errors",
        "Errors while connections were accepted, such as too many open files",
        ConstCounter::new(state.log.accept_errors()),
    );
    connections::register(&mut registry, state);
    database::register(&mut registry, &state.database);
    secrets::register(&mut registry, &state.secrets);
    process::register(&mut registry);
    registry
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
