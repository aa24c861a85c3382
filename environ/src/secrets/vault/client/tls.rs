//! TLS: trusted certificates, and the client's own.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use super::error::VaultErrorKind;
use crate::redact::display;
use crate::secrets::vault::config::VaultConfig;

/// Why TLS cannot be configured.
pub(super) type Refused = (VaultErrorKind, String);

/// Creates the configuration with a cryptography provider of its own, because the
/// process's default belongs to the service, and may be unset.
pub(super) fn config(config: &VaultConfig) -> Result<ClientConfig, Refused> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|err| (VaultErrorKind::File, err.to_string()))?;
    let builder = match &config.ca_file {
        Some(path) => builder.with_root_certificates(roots(path)?),
        // Without TLS, no certificate is checked.
        None if config.addr.starts_with("http://") => {
            builder.with_root_certificates(RootCertStore::empty())
        }
        None => builder.with_platform_verifier().map_err(|_| {
            let reason = "the system has no CA certificates".to_owned();
            (VaultErrorKind::Untrusted, reason)
        })?,
    };
    match (&config.client_cert_file, &config.client_key_file) {
        (Some(certificates), Some(key)) => {
            let chain = chain(certificates)?;
            let key = PrivateKeyDer::from_pem_file(key)
                .map_err(|err| unusable(&display::path_of_secret(key), &err))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|err| unusable(&display::path(certificates), &err))
        }
        _ => Ok(builder.with_no_client_auth()),
    }
}

fn roots(path: &Path) -> Result<RootCertStore, Refused> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(path)? {
        roots
            .add(certificate)
            .map_err(|err| unusable(&display::path(path), &err))?;
    }
    Ok(roots)
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Refused> {
    let certificates = CertificateDer::pem_file_iter(path);
    let path = display::path(path);
    let certificates = certificates.map_err(|err| unusable(&path, &err))?;
    let chain: Result<Vec<_>, _> = certificates.collect();
    let chain = chain.map_err(|err| unusable(&path, &err))?;
    if chain.is_empty() {
        let reason = format!("there is no certificate in {path}");
        return Err((VaultErrorKind::File, reason));
    }
    Ok(chain)
}

fn unusable(path: &str, err: &dyn std::error::Error) -> Refused {
    let reason = format!("cannot use {path}: {err}");
    (VaultErrorKind::File, reason)
}
