//! Requests to the store of the secrets as spans, each the root of a trace.

#[cfg(feature = "vault")]
mod vault;

use super::Parent;
use super::export::Otel;
use super::proto::{KeyValue, Span};
use super::span::{CLIENT, Clock, ERROR, span};

/// A request that has begun.
struct StoreSpan {
    otel: Otel,
    own: Parent,
    name: String,
    address: String,
    clock: Clock,
}

#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
impl Otel {
    /// Runs a request to a store in a span.
    pub(crate) async fn store_span<T, E>(
        &self,
        name: &str,
        request: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let span = self.is_on().then(|| StoreSpan::start(self, name, ""));
        let result = request.await;
        if let Some(span) = span {
            span.finish(result.is_ok());
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
        }
    }

    fn finish(self, is_ok: bool) {
        if !self.own.is_sampled {
            return;
        }
        let address = (!self.address.is_empty()).then_some(&self.address);
        let attributes = address.map(|address| KeyValue::text("server.address", address));
        self.otel.export(Span {
            attributes: attributes.into_iter().collect(),
            status: (!is_ok).then_some(ERROR),
            ..span(self.own, None, &self.name, CLIENT, self.clock)
        });
    }
}
