//! TLS: trusted certificates, and the client's own.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use super::error::VaultErrorKind;
use crate::redact::display;
use crate::secrets::vault::config::VaultConfig;
use crate::source::{file, Process, Source};

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
        None => {
            check_system_roots()?;
            builder.with_platform_verifier().map_err(|_| {
                let reason = "the system has no CA certificates".to_owned();
                (VaultErrorKind::Untrusted, reason)
            })?
        }
    };
    match (&config.client_cert_file, &config.client_key_file) {
        (Some(certificates), Some(key)) => {
            let chain = chain(certificates)?;
            builder
                .with_client_auth_cert(chain, private_key(key)?)
                .map_err(|err| unusable(&display::path(certificates), err))
        }
        _ => Ok(builder.with_no_client_auth()),
    }
}

/// Checks the file that the platform verifier reads by itself.
fn check_system_roots() -> Result<(), Refused> {
    let path = Process.get("SSL_CERT_FILE").filter(|path| !path.is_empty());
    let Some(path) = path.as_deref().map(Path::new) else {
        return Ok(());
    };
    file::check(path)
        .map_err(|err| unusable(&format!("{} (SSL_CERT_FILE)", display::path(path)), err))
}

fn roots(path: &Path) -> Result<RootCertStore, Refused> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(path)? {
        roots
            .add(certificate)
            .map_err(|err| unusable(&display::path(path), err))?;
    }
    Ok(roots)
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Refused> {
    let shown = display::path(path);
    let text = file::read(path).map_err(|err| unusable(&shown, err))?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = chain.map_err(|err| unusable(&shown, reason(&err)))?;
    if chain.is_empty() {
        let reason = format!("there is no certificate in {shown}");
        return Err((VaultErrorKind::File, reason));
    }
    Ok(chain)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Refused> {
    let shown = display::path_of_secret(path);
    let text = file::read(path).map_err(|err| unusable(&shown, err))?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|err| unusable(&shown, reason(&err)))
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

fn unusable(path: &str, reason: impl fmt::Display) -> Refused {
    let reason = format!("cannot use {path}: {reason}");
    (VaultErrorKind::File, reason)
}
