//! Measurements for Prometheus.

mod classic;
mod durations;
pub(crate) mod process;
pub(crate) mod recent;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use self::durations::Durations;
use self::recent::Recent;

/// Upper bounds in seconds: the defaults of Prometheus' clients, and two below them,
/// because `/hello` answers in less than a millisecond.
const BUCKETS: [f64; 13] = [
    0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Measurements made as requests end. A scrape reads everything else where it is known.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Ended, Durations>,
    /// The requests of users in the last minutes.
    pub(crate) recent: Recent,
}

/// The labels of a request that has ended. No label is text of the client, because a
/// client could create any number of series.
#[derive(Clone, Debug, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    method: &'static str,
    route: &'static str,
    status: u16,
}

/// On the hot path. Few series share a status and the length of a route, and those are
/// compared.
impl Hash for Ended {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.route.len(), self.status).hash(state);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::new_with_constructor(durations::new as fn() -> _);
        let metrics = Self {
            registry: Mutex::default(),
            requests: Family::clone(&requests),
            recent: Recent::default(),
        };
        metrics.register(|registry| {
            registry.register(
                "http_request_duration_seconds",
                "Time from the head of a request to its answer, or to its end without an answer (499)",
                requests,
            );
            process::register_start(registry);
        });
        metrics
    }
}

impl Metrics {
    /// Adds metrics. A name ends with its unit; that of a counter has no `_total`.
    fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry());
    }

    /// Records a request that has ended. The route is its pattern, or `unmatched`; the trace
    /// is there if its span is exported.
    pub(crate) fn observe(
        &self,
        method: &str,
        route: &'static str,
        status: u16,
        duration: Duration,
        trace_id: Option<u128>,
    ) {
        let ended = Ended {
            method: known(method),
            route,
            status,
        };
        let requests = self.requests.get_or_create(&ended);
        durations::observe(&requests, duration.as_secs_f64(), trace_id);
    }

    /// Writes the measurements, and those of `scraped`, as `OpenMetrics`.
    pub(crate) fn open_metrics(&self, scraped: &Registry) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry())?;
        encode_registry(&mut text, scraped)?;
        encode_eof(&mut text)?;
        Ok(text)
    }

    /// Writes them in the text format before `OpenMetrics`, which every scraper reads.
    pub(crate) fn classic(&self, scraped: &Registry) -> Result<String, fmt::Error> {
        self.open_metrics(scraped)
            .map(|text| classic::from_open_metrics(&text))
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the method, or `other` for a method that a client made up.
fn known(method: &str) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE",
    ];
    let known = KNOWN.iter().find(|known| **known == method);
    known.copied().unwrap_or("other")
}
