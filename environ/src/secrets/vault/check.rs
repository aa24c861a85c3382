//! Checks everything that needs no request, so that a mistake is found without the network.

use super::client::{Client, VaultError};
use super::config::VaultConfig;
use super::login::Login;

impl VaultConfig {
    /// Checks everything that needs no request: the files with certificates and keys, and the file
    /// that the login reads.
    ///
    /// # Errors
    ///
    /// The errors that [`Vault::connect`](super::Vault::connect) returns before its first request.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::vault::{TokenAuth, VaultAuth, VaultConfig, VaultErrorKind};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(async {
    /// let auth = VaultAuth::Token(TokenAuth::new("/does/not/exist"));
    /// let err = VaultConfig::new("http://127.0.0.1:1", auth).check().await.unwrap_err();
    /// assert_eq!(err.kind(), VaultErrorKind::File);
    /// # });
    /// ```
    pub async fn check(&self) -> Result<(), VaultError> {
        Client::new(self, None).await?;
        Login::new(self.auth.clone()).check().await
    }
}
