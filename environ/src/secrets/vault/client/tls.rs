//! TLS: trusted certificates, and the client's own.

use std::path::Path;

use rustls::pki_types::PrivateKeyDer;
use rustls::ClientConfig;

use super::error::VaultErrorKind;
use crate::redact::display;
use crate::secrets::tls::{self, TlsError};
use crate::secrets::vault::config::VaultConfig;
use crate::source::file;

/// Creates the configuration.
pub(super) fn config(config: &VaultConfig) -> Result<ClientConfig, (VaultErrorKind, String)> {
    with_client_auth(config).map_err(|err| match err {
        TlsError::File(reason) => (VaultErrorKind::File, reason),
        TlsError::NoRoots(reason) => (VaultErrorKind::Untrusted, reason),
    })
}

fn with_client_auth(config: &VaultConfig) -> Result<ClientConfig, TlsError> {
    let is_tls = !config.addr.starts_with("http://");
    let builder = tls::trusting(config.ca_file.as_deref(), is_tls)?;
    match (&config.client_cert_file, &config.client_key_file) {
        (Some(certificates), Some(key)) => {
            let chain = tls::chain(certificates)?;
            builder
                .with_client_auth_cert(chain, private_key(key)?)
                .map_err(|err| tls::unusable(&display::path(certificates), err))
        }
        _ => Ok(builder.with_no_client_auth()),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let shown = display::path_of_secret(path);
    let text = file::read(path).map_err(|err| tls::unusable(&shown, err))?;
    tls::private_key(&text).map_err(|reason| tls::unusable(&shown, reason))
}
