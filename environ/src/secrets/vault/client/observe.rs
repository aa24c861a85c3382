//! Observers of requests, for traces and metrics.

use super::error::VaultError;

/// Observes the requests of a session, for traces and metrics: see
/// [`Vault::connect_observed`](super::super::Vault::connect_observed).
///
/// # Examples
///
/// ```
/// use environ::secrets::vault::{ObserveVault, ObservedRequest, VaultError};
///
/// struct Traces;
///
/// struct Span {
///     name: String,
/// }
///
/// impl ObserveVault for Traces {
///     fn begin(&self, purpose: &str) -> Box<dyn ObservedRequest> {
///         let name = purpose.to_owned();
///         Box::new(Span { name })
///     }
/// }
///
/// impl ObservedRequest for Span {
///     fn traceparent(&self) -> Option<String> {
///         Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned())
///     }
///
///     fn end(self: Box<Self>, result: Result<(), &VaultError>) {
///         println!("{}: {}", self.name, result.is_ok());
///     }
/// }
///
/// let span = Traces.begin("read secret/data/prod/app-name");
/// assert!(span.traceparent().is_some());
/// span.end(Ok(()));
/// ```
pub trait ObserveVault: Send + Sync + 'static {
    /// Observes the beginning of a request. `purpose` is in the words of errors, such as
    /// `read secret/data/prod/app-name`, and holds no secret.
    fn begin(&self, purpose: &str) -> Box<dyn ObservedRequest>;
}

/// A request that has begun. Dropped without an [`end`](Self::end) if the request was abandoned.
pub trait ObservedRequest: Send {
    /// Returns the value of the header `traceparent`, by which the server joins the trace. A value
    /// that no header can carry is left out.
    fn traceparent(&self) -> Option<String> {
        None
    }

    /// Observes the end of the request.
    fn end(self: Box<Self>, result: Result<(), &VaultError>);
}
