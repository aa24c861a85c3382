//! Spans for OpenTelemetry: of requests, of the statements in them, and of requests to the store of
//! the secrets.
//!
//! The spans of a request are sent by OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and
//! only in a build with the cargo feature `otel`. Without the feature, all types here are
//! empty. The official SDK is not used: it starts threads of its own, has a global tracer, and
//! reads the environment by itself, where this service reads variables through `environ` alone.

#[cfg(feature = "otel")]
mod export;
#[cfg(feature = "otel")]
mod proto;
#[cfg(feature = "otel")]
mod span;
#[cfg(all(
    feature = "otel",
    any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault")
))]
mod store;

#[cfg(not(feature = "otel"))]
mod off;

#[cfg(feature = "otel")]
pub(crate) use self::export::Otel;
#[cfg(feature = "otel")]
pub(crate) use self::span::{RequestSpan, client_span, in_span};

#[cfg(not(feature = "otel"))]
pub(crate) use self::off::{Otel, RequestSpan, client_span, in_span};

/// The span of another service that a request belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    /// The trace.
    pub(crate) trace_id: u128,
    /// The span.
    pub(crate) span_id: u64,
    /// Whether the other service records the trace.
    pub(crate) is_sampled: bool,
}

#[cfg(feature = "otel")]
impl Parent {
    /// Returns the text of `traceparent`.
    fn header(self) -> String {
        let Self {
            trace_id,
            span_id,
            is_sampled,
        } = self;
        let flags = u8::from(is_sampled);
        format!("00-{trace_id:032x}-{span_id:016x}-{flags:02x}")
    }
}

/// A request that has ended, for its span.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "otel"), expect(dead_code, reason = "nobody reads it"))]
pub(crate) struct Ended<'a> {
    pub(crate) method: &'a str,
    /// The pattern of the route, or `unmatched`.
    pub(crate) route: &'static str,
    /// The path without the query.
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    pub(crate) request_id: &'a str,
}
