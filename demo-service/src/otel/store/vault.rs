//! Requests to a Vault as spans. The Vault gets the identifiers of each.

use std::sync::Arc;

use environ::secrets::vault::{ObserveVault, ObservedRequest, VaultError};

use super::StoreSpan;
use crate::otel::export::Otel;

/// Makes a span of each request to a Vault.
struct VaultSpans {
    otel: Otel,
    address: String,
}

impl Otel {
    /// Returns an observer of the requests to a Vault, unless nothing is exported.
    pub(crate) fn observe_vault(&self, address: &str) -> Option<Arc<dyn ObserveVault>> {
        self.is_on().then(|| {
            let (otel, address) = (self.clone(), address.to_owned());
            Arc::new(VaultSpans { otel, address }) as Arc<dyn ObserveVault>
        })
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
        self.finish(result.err().map(|err| err.kind().name()));
    }
}
