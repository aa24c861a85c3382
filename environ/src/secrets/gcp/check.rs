//! Checks everything that needs no request, so that a mistake is found without the network.

use std::future::Future;

use super::config::GcpConfig;
use super::error::GcpError;
use super::{fetch, place};
use crate::config::EnvConfig;
use crate::secrets::remote;
use crate::source::Source;

impl GcpConfig {
    /// Checks everything that needs no request: files, names of secrets, ciphertexts, and
    /// variables that exclude each other.
    /// [`secret_id`](Self::secret_id) is checked, if it is set, or else each secret of `T` with
    /// [a variable of its own](super::GcpSecrets::named_by_variables).
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
    /// use environ::secrets::gcp::{GcpConfig, GcpErrorKind};
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
    /// let mut config = GcpConfig::new();
    /// config.endpoint_url = Some("http://127.0.0.1:1".to_owned());
    /// let env = [("APP_DB_URL_KMS", "CiQA"), ("APP_DB_URL", "postgres://db/app")];
    /// let err = config.check::<AppConfig>(&env).await.unwrap_err();
    /// assert_eq!(err.kind(), GcpErrorKind::Conflict);
    /// # });
    /// ```
    pub fn check<T: EnvConfig>(
        &self,
        source: &dyn Source,
    ) -> impl Future<Output = Result<(), GcpError>> + Send {
        let config = self.clone();
        let named = match &self.secret_id {
            Some(_) => Vec::new(),
            None => place::of::<T>(source),
        };
        async move {
            let client = &config.client().await?;
            let login = client.check_login().await;
            login.map_err(|(kind, reason)| GcpError::of_client(kind, reason))?;
            if let Some(id) = &config.secret_id {
                let name = fetch::name(client, id);
                return name.map(drop).map_err(|err| GcpError::new(vec![err]));
            }
            let checked = remote::each(named, |place| async move { place.check(client).await });
            checked.await.map(drop).map_err(GcpError::new)
        }
    }
}
