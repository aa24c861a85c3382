//! The store: secrets as fetched, and the requests for them.

use std::future::Future;

use super::client::GcpClient;
use super::error::{GcpError, GcpErrorKind, GcpFailure};
use super::fetch;
use crate::config::EnvConfig;
use crate::secrets::ids;
use crate::secrets::remote::{store, Remote};
use crate::source::Source;

/// Secrets from Google Secret Manager, as fetched.
///
/// See the [module](super).
#[derive(Clone, Debug)]
pub struct GcpSecrets(Remote);

impl GcpSecrets {
    /// Fetches one secret that is a JSON object. Each member is a secret, under its
    /// key. `secret_id` is a [name](super).
    ///
    /// Numbers and truth values keep their spelling, objects and lists become JSON,
    /// and `null` counts as absent.
    ///
    /// # Errors
    ///
    /// If the secret cannot be fetched, or is not a JSON object.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn document(client: &GcpClient, secret_id: &str) -> Result<Self, GcpError> {
        let failed = |failure| GcpError::new(vec![failure]);
        let fetched = fetch::secret(client, secret_id).await.map_err(failed)?;
        let document = Remote::document(format!("{secret_id} in Google Secret Manager"), fetched);
        document.map(Self).ok_or_else(|| {
            let reason = "it is not a JSON object";
            failed(GcpFailure::new(secret_id, GcpErrorKind::Malformed, reason))
        })
    }

    /// Fetches each secret of a config with a name in a variable: that of
    /// `APP_DB_URL` in `APP_DB_URL_SECRET_ID`. Secrets without a name are left to
    /// other stores.
    ///
    /// The whole text of a secret is the value. The prefix is that of the type.
    ///
    /// # Errors
    ///
    /// All secrets that cannot be fetched.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// The future, outside of a tokio runtime with time and I/O.
    pub fn named_by_variables<T: EnvConfig>(
        client: &GcpClient,
        source: &dyn Source,
    ) -> impl Future<Output = Result<Self, GcpError>> + Send {
        let named = ids::of::<T>(source);
        let client = client.clone();
        async move {
            let client = &client;
            let fetched = Remote::each("Google Secret Manager", named, |id| async move {
                fetch::secret(client, &id).await
            });
            fetched.await.map(Self).map_err(GcpError::new)
        }
    }
}

store!(GcpSecrets);
