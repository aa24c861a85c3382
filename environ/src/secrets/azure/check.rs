//! Checks everything that needs no request, so that a mistake is found without the network.

use std::future::Future;

use super::config::AzureConfig;
use super::error::AzureError;
use super::fetch;
use crate::config::EnvConfig;
use crate::secrets::ids;
use crate::secrets::remote;
use crate::source::Source;

impl AzureConfig {
    /// Checks everything that needs no request: files, the identity, and names of secrets.
    /// [`secret_id`](Self::secret_id) is checked, if it is set, or else each secret of `T` with
    /// [a variable of its own](super::AzureSecrets::named_by_variables).
    ///
    /// # Errors
    ///
    /// The errors that [`client`](Self::client) and a fetch return before their first request.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// The future, outside of a tokio runtime with time and I/O.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::azure::{AzureConfig, AzureErrorKind};
    /// use environ::{EnvConfig, Secret};
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "never loaded")]
    /// struct AppConfig {
    ///     db_url: Secret<String>,
    /// }
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(async {
    /// let config = AzureConfig::new("http://127.0.0.1:1");
    /// let env = [("APP_DB_URL_SECRET_ID", "db url")];
    /// let err = config.check::<AppConfig>(&env).await.unwrap_err();
    /// assert_eq!(err.kind(), AzureErrorKind::NotFound);
    /// # });
    /// ```
    pub fn check<T: EnvConfig>(
        &self,
        source: &dyn Source,
    ) -> impl Future<Output = Result<(), AzureError>> + Send {
        let config = self.clone();
        let named = match &self.secret_id {
            Some(_) => Vec::new(),
            None => ids::of::<T>(source),
        };
        async move {
            let client = &config.client().await?;
            let login = client.check_login().await;
            login.map_err(|(kind, reason)| AzureError::of_client(kind, reason))?;
            if let Some(id) = &config.secret_id {
                let name = fetch::name(client, id);
                return name.map(drop).map_err(|err| AzureError::new(vec![err]));
            }
            let checked = remote::each(
                named,
                |id| async move { fetch::name(client, &id).map(drop) },
            );
            checked.await.map(drop).map_err(AzureError::new)
        }
    }
}
