//! TLS of remote stores: trusted certificates, and PEM files.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::CertificateDer;
#[cfg(any(feature = "gcp", feature = "vault"))]
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::redact::display;
use crate::source::{file, Process, Source};

/// Why TLS cannot be configured.
#[derive(Debug)]
pub(super) enum TlsError {
    /// A file cannot be used.
    File(String),
    /// The system has no CA certificates.
    NoRoots(String),
}

/// Creates a configuration that trusts the certificates in `ca_file`, or those of the system.
/// Without TLS, no certificate is needed.
///
/// It has a cryptography provider of its own, because the process's default belongs to the
/// service, and may be unset.
pub(super) fn trusting(
    ca_file: Option<&Path>,
    is_tls: bool,
) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, TlsError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|err| TlsError::File(err.to_string()))?;
    match ca_file {
        Some(path) => Ok(builder.with_root_certificates(roots(path)?)),
        None if !is_tls => Ok(builder.with_root_certificates(RootCertStore::empty())),
        None => {
            check_system_roots()?;
            builder
                .with_platform_verifier()
                .map_err(|_| TlsError::NoRoots("the system has no CA certificates".to_owned()))
        }
    }
}

/// Checks the file that the platform verifier reads by itself.
fn check_system_roots() -> Result<(), TlsError> {
    let path = Process.get("SSL_CERT_FILE").filter(|path| !path.is_empty());
    let Some(path) = path.as_deref().map(Path::new) else {
        return Ok(());
    };
    file::check(path)
        .map_err(|err| unusable(&format!("{} (SSL_CERT_FILE)", display::path(path)), err))
}

fn roots(path: &Path) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(path)? {
        roots
            .add(certificate)
            .map_err(|err| unusable(&display::path(path), err))?;
    }
    Ok(roots)
}

/// Reads a file with certificates.
pub(super) fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let shown = display::path(path);
    let text = file::read(path).map_err(|err| unusable(&shown, err))?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = chain.map_err(|err| unusable(&shown, reason(&err)))?;
    if chain.is_empty() {
        let reason = format!("there is no certificate in {shown}");
        return Err(TlsError::File(reason));
    }
    Ok(chain)
}

/// Reads a key in PEM.
#[cfg(any(feature = "gcp", feature = "vault"))]
pub(super) fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, &'static str> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|err| reason(&err))
}

/// Returns the fault of a PEM file as constant text, because the error of the parser
/// quotes the line, which may be the key.
fn reason(err: &pem::Error) -> &'static str {
    match err {
        pem::Error::NoItemsFound => "it holds no PEM section of that kind",
        pem::Error::MissingSectionEnd { .. } => "a PEM section has no END line",
        pem::Error::IllegalSectionStart { .. } => "a BEGIN line is malformed",
        pem::Error::Base64Decode(_) => "a PEM section is not base64",
        _ => "it is not PEM",
    }
}

pub(super) fn unusable(path: &str, reason: impl fmt::Display) -> TlsError {
    TlsError::File(format!("cannot use {path}: {reason}"))
}
