//! Requests to the store of the secrets as spans, each the root of a trace.

use std::sync::Arc;

use environ::secrets::vault::{ObserveVault, ObservedRequest, VaultError};

use super::Parent;
use super::export::Otel;
use super::proto::{KeyValue, Span};
use super::span::{CLIENT, Clock, ERROR, span};

/// Makes a span of each request to a Vault.
struct VaultSpans {
    otel: Otel,
    address: String,
}

/// A request that has begun.
struct StoreSpan {
    otel: Otel,
    own: Parent,
    name: String,
    address: String,
    clock: Clock,
}

impl Otel {
    /// Returns an observer of the requests to a Vault, unless nothing is exported.
    pub(crate) fn observe_vault(&self, address: &str) -> Option<Arc<dyn ObserveVault>> {
        self.is_on().then(|| {
            let (otel, address) = (self.clone(), address.to_owned());
            Arc::new(VaultSpans { otel, address }) as Arc<dyn ObserveVault>
        })
    }

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

impl ObserveVault for VaultSpans {
    fn begin(&self, purpose: &str) -> Box<dyn ObservedRequest> {
        Box::new(StoreSpan::start(&self.otel, purpose, &self.address))
    }
}

impl ObservedRequest for StoreSpan {
    fn traceparent(&self) -> Option<String> {
        Some(self.own.header())
    }

    fn end(self: Box<Self>, result: Result<(), &VaultError>) {
        self.finish(result.is_ok());
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
