//! `APP_FINGERPRINT_KEY`.

use environ::{EnvConfig, Secret};

/// The key of fingerprints.
#[derive(Debug, EnvConfig)]
pub struct FingerprintConfig {
    /// Key of fingerprints, by which instances with the same key are compared.
    #[env(len = 32.., example = "the-output-of-openssl-rand-hex-32")]
    pub key: Option<Secret<String>>,
}
