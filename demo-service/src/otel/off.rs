//! A build without the feature: nothing is recorded.

#[cfg(feature = "vault")]
use std::sync::Arc;

#[cfg(feature = "vault")]
use environ::secrets::vault::ObserveVault;

use super::{Ended, Parent};
use crate::config::{AppConfig, Bootstrap};

/// Exports no spans.
#[derive(Clone, Debug, Default)]
pub(crate) struct Otel {}

/// The span of a request, which does not exist.
#[derive(Debug)]
pub(crate) enum RequestSpan {}

impl Otel {
    pub(crate) fn start(_config: &Bootstrap, _version: &str) -> Self {
        Self {}
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(crate) fn configure(&self, _config: &AppConfig) {}

    #[cfg(feature = "vault")]
    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(crate) fn observe_vault(&self, _address: &str) -> Option<Arc<dyn ObserveVault>> {
        None
    }

    /// Runs a request as it is.
    #[expect(clippy::unused_self, reason = "as with the feature")]
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
    pub(crate) fn store_span<T, E, F>(
        &self,
        _name: &str,
        _kind: impl FnOnce(&E) -> &'static str,
        request: F,
    ) -> F
    where
        F: Future<Output = Result<T, E>>,
    {
        request
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(crate) fn request(&self, _parent: Option<Parent>) -> Option<RequestSpan> {
        None
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(crate) fn counts(&self) -> Option<[(&'static str, u64); 2]> {
        None
    }

    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(crate) fn flush(self) -> impl Future<Output = ()> {
        std::future::ready(())
    }
}

impl RequestSpan {
    pub(crate) fn trace_id(&self) -> u128 {
        match *self {}
    }

    pub(crate) fn recorded(&self) -> Option<u128> {
        match *self {}
    }

    pub(crate) fn traceresponse(&self) -> String {
        match *self {}
    }

    pub(crate) fn end(self, _ended: Ended<'_>) {
        match self {}
    }
}

/// Runs a future as it is.
pub(crate) fn in_span<F: Future>(_span: Option<&RequestSpan>, future: F) -> F {
    future
}

/// Runs a statement as it is.
pub(crate) fn client_span<T, E, F>(
    _name: &'static str,
    _system: &'static str,
    _query: &'static str,
    future: F,
) -> F
where
    F: Future<Output = Result<T, E>>,
{
    future
}
