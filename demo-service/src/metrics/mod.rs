//! What is measured, for Prometheus.

mod classic;
mod process;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::http::routes::metrics::{database, secrets};
use crate::state::{AppState, Phase};
use crate::telemetry::LEVELS;

/// Upper bounds, in seconds: those of Prometheus' own clients, and two below them,
/// since what does little answers in less than a millisecond.
const BUCKETS: [f64; 13] = [
    0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// What is measured as it happens. Everything else is looked up when it is asked
/// for.
#[derive(Debug)]
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Ended, Histogram>,
}

/// The labels of a request that has ended. None of them is as the client sent
/// it, or there would be as many series as a stranger likes.
#[derive(Clone, Debug, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    method: &'static str,
    route: &'static str,
    status: u16,
}

/// Every request asks for it. Few have a status and the length of a route in common,
/// and those are compared.
impl Hash for Ended {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.route.len(), self.status).hash(state);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> _);
        let metrics = Self {
            registry: Mutex::default(),
            requests: Family::clone(&requests),
        };
        metrics.register(|registry| {
            registry.register(
                "http_request_duration_seconds",
                "Time until a request was answered, or had no answer (499)",
                requests,
            );
            process::register_start(registry);
        });
        metrics
    }
}

impl Metrics {
    /// Adds what others measure. A name must end with its unit, and that of a
    /// counter goes without its `_total`.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry());
    }

    /// Measures a request that has ended. The route is its pattern, or
    /// `unmatched`.
    pub(crate) fn observe(
        &self,
        method: &Method,
        route: &'static str,
        status: u16,
        duration: Duration,
    ) {
        let ended = Ended {
            method: known(method),
            route,
            status,
        };
        let requests = self.requests.get_or_create(&ended);
        requests.observe(duration.as_secs_f64());
    }

    /// Gives everything as `OpenMetrics`.
    pub(crate) fn open_metrics(&self, state: &AppState) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry())?;
        encode_registry(&mut text, &looked_up(state))?;
        encode_eof(&mut text)?;
        Ok(text)
    }

    /// Gives everything in the text format that is older than `OpenMetrics`, and
    /// that everybody reads.
    pub(crate) fn classic(&self, state: &AppState) -> Result<String, fmt::Error> {
        self.open_metrics(state)
            .map(|text| classic::from_open_metrics(&text))
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The method, or `other`: a client can make up what it likes.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE",
    ];
    let known = KNOWN.iter().find(|known| **known == method.as_str());
    known.copied().unwrap_or("other")
}

/// What somebody else knows anyway.
fn looked_up(state: &AppState) -> Registry {
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
    let is_ready = state.unready().is_none();
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
    database::register(&mut registry, &state.database);
    secrets::register(&mut registry, &state.holdings);
    process::register(&mut registry);
    registry
}

/// A series for each that is possible, of which one is 1.
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
