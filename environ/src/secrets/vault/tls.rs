//! Whom the client trusts, and how it makes itself known.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use super::config::VaultConfig;

/// Builds it with a provider of its own: the process's default is the
/// service's to choose, and need not be there.
pub(super) fn config(config: &VaultConfig) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|err| err.to_string())?;
    let builder = match &config.ca_file {
        Some(path) => builder.with_root_certificates(roots(path)?),
        None => builder
            .with_platform_verifier()
            .map_err(|err| err.to_string())?,
    };
    match (&config.client_cert_file, &config.client_key_file) {
        (Some(certificates), Some(key)) => {
            let chain = chain(certificates)?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|err| unreadable(key, &err))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|err| unreadable(certificates, &err))
        }
        _ => Ok(builder.with_no_client_auth()),
    }
}

fn roots(path: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(path)? {
        roots
            .add(certificate)
            .map_err(|err| unreadable(path, &err))?;
    }
    Ok(roots)
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|err| unreadable(path, &err))?;
    let chain: Result<Vec<_>, _> = certificates.collect();
    let chain = chain.map_err(|err| unreadable(path, &err))?;
    if chain.is_empty() {
        return Err(format!("there is no certificate in {}", path.display()));
    }
    Ok(chain)
}

fn unreadable(path: &Path, err: &dyn std::error::Error) -> String {
    format!("cannot use {}: {err}", path.display())
}
