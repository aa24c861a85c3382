//! The histogram of durations: with an example for each bucket in a build that exports spans.

#[cfg(feature = "otel")]
use prometheus_client::metrics::exemplar::HistogramWithExemplars;
#[cfg(not(feature = "otel"))]
use prometheus_client::metrics::histogram::Histogram;

use super::BUCKETS;

/// A histogram of durations in seconds.
#[cfg(not(feature = "otel"))]
pub(super) type Durations = Histogram;

/// A histogram of durations in seconds, with the trace of the last request in each bucket.
#[cfg(feature = "otel")]
pub(super) type Durations = HistogramWithExemplars<[(&'static str, String); 1]>;

/// Creates a histogram.
pub(super) fn new() -> Durations {
    Durations::new(BUCKETS.iter().copied())
}

/// Records a duration. The trace is that of a request whose span is exported.
#[cfg(not(feature = "otel"))]
pub(super) fn observe(durations: &Durations, seconds: f64, _trace_id: Option<u128>) {
    durations.observe(seconds);
}

/// Records a duration. The trace is that of a request whose span is exported.
#[cfg(feature = "otel")]
pub(super) fn observe(durations: &Durations, seconds: f64, trace_id: Option<u128>) {
    let exemplar = trace_id.map(|id| [("trace_id", format!("{id:032x}"))]);
    let at = exemplar.as_ref().map(|_| std::time::SystemTime::now());
    durations.observe(seconds, exemplar, at);
}
