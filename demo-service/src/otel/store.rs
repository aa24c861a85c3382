//! Requests to the store of the secrets as spans, each the root of a trace.

#[cfg(feature = "vault")]
mod vault;

use super::Parent;
use super::export::Otel;
use super::proto::{KeyValue, Span};
use super::span::{CLIENT, Clock, ERROR, span};

/// A request that has begun. The span is exported when it is dropped, so that a request that is
/// abandoned has a span, too.
struct StoreSpan {
    otel: Otel,
    own: Parent,
    name: String,
    address: String,
    clock: Clock,
    /// The kind of the failure, if it is one.
    failure: Option<&'static str>,
}

/// The kind of a request that is abandoned.
const UNANSWERED: &str = "unanswered";

#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
impl Otel {
    /// Runs a request to a store in a span. `kind` returns the kind of a failure.
    pub(crate) async fn store_span<T, E>(
        &self,
        name: &str,
        kind: impl FnOnce(&E) -> &'static str,
        request: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let span = self.is_on().then(|| StoreSpan::start(self, name, ""));
        let result = request.await;
        if let Some(span) = span {
            span.finish(result.as_ref().err().map(kind));
        }
        result
    }
}

impl StoreSpan {
    fn start(otel: &Otel, name: &str, address: &str) -> Self {
        let trace_id = fastrand::u128(1..);
        Self {
            own: Parent {
                trace_id,
                span_id: fastrand::u64(1..),
                is_sampled: otel.is_sampled(trace_id, None),
            },
            otel: otel.clone(),
            name: name.to_owned(),
            address: address.to_owned(),
            clock: Clock::start(),
            failure: Some(UNANSWERED),
        }
    }

    fn finish(mut self, failure: Option<&'static str>) {
        self.failure = failure;
    }
}

impl Drop for StoreSpan {
    fn drop(&mut self) {
        if !self.own.is_sampled {
            return;
        }
        let address = (!self.address.is_empty()).then_some(&self.address);
        let address = address.map(|address| KeyValue::text("server.address", address));
        let kind = self.failure.map(|kind| KeyValue::text("error.type", kind));
        self.otel.export(Span {
            attributes: address.into_iter().chain(kind).collect(),
            status: self.failure.map(|_| ERROR),
            ..span(self.own, None, &self.name, CLIENT, self.clock)
        });
    }
}
