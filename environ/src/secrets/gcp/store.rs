//! The store: secrets as fetched and decrypted, and the requests for them.

use std::future::Future;

use super::client::GcpClient;
use super::error::{GcpError, GcpErrorKind, GcpFailure};
use super::{fetch, place};
use crate::config::EnvConfig;
use crate::secrets::remote::{store, Remote};
use crate::source::Source;

/// Secrets from Google Secret Manager and Cloud KMS, as fetched.
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

    /// Fetches each secret of a config with a name or a ciphertext in a variable.
    /// `APP_DB_URL_SECRET_ID` is the name of `APP_DB_URL` in Secret Manager. `APP_DB_URL_KMS` is
    /// the ciphertext of `APP_DB_URL`, which the [key](super::GcpConfig::kms_key) of the client
    /// decrypts, and `APP_DB_URL_KMS_FILE` is the path of a file with the ciphertext. All other
    /// secrets are left to other stores.
    ///
    /// The whole text of a secret is the value. The prefix is that of the type.
    ///
    /// The client keeps the plaintext of each variable, and decrypts again only after the
    /// ciphertext has changed.
    ///
    /// # Errors
    ///
    /// All secrets that cannot be fetched, and all secrets with two of these variables, or with a
    /// ciphertext beside the value itself.
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
        let named = place::of::<T>(source);
        let client = client.clone();
        async move {
            let client = &client;
            let fetched = Remote::each(place::services(&named), named, |place| async move {
                place.fetch(client).await
            });
            fetched.await.map(Self).map_err(GcpError::new)
        }
    }
}

store!(GcpSecrets);
