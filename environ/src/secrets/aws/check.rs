//! Checks everything that needs no request, so that a mistake is found without the network.

use std::future::Future;

use super::config::{self, AwsConfig};
use super::error::AwsError;
use crate::config::EnvConfig;
use crate::secrets::ids;
use crate::secrets::remote;
use crate::source::Source;

impl AwsConfig {
    /// Checks everything that needs no request: files of the SDK, certificates, and ids of
    /// secrets.
    /// Ids are checked for each secret of `T` with
    /// [a variable of its own](super::AwsSecrets::named_by_variables), unless
    /// [`secret_id`](Self::secret_id) is set. The region and the credentials are left to the first
    /// request, because the SDK may ask the machine for these.
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
    /// use environ::secrets::aws::{AwsConfig, AwsErrorKind};
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
    /// use std::ffi::OsStr;
    /// use std::os::unix::ffi::OsStrExt;
    ///
    /// let env = [("APP_DB_URL_SECRET_ID", OsStr::from_bytes(b"\xff"))];
    /// let err = AwsConfig::new().check::<AppConfig>(&env).await.unwrap_err();
    /// assert_eq!(err.kind(), AwsErrorKind::NotFound);
    /// # });
    /// ```
    pub fn check<T: EnvConfig>(
        &self,
        source: &dyn Source,
    ) -> impl Future<Output = Result<(), AwsError>> + Send {
        let named = match &self.secret_id {
            Some(_) => Vec::new(),
            None => ids::of::<T>(source),
        };
        async move {
            config::trusted().await?;
            let checked = remote::each(named, |_| async { Ok(()) });
            checked.await.map(drop).map_err(AwsError::new)
        }
    }
}
