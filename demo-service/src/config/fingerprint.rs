//! Fingerprints of the configuration, by which instances are compared.
//!
//! A fingerprint is an HMAC with a key that the instances share and no output shows. A plain hash
//! would let every reader try values until the hash fits, because passwords and names of hosts
//! are easy to guess. Without a key there is no fingerprint.

use std::fmt::Write as _;

use environ::{Origins, Secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::AppConfig;

/// The bytes of a fingerprint that are shown: 64 bits, for an equality that no chance makes.
const SHOWN: usize = 8;

/// Makes the fingerprints of the configuration in effect.
#[derive(Debug)]
pub(crate) struct Fingerprints {
    key: Option<Secret<String>>,
    /// Secrets that a reload replaces, by their variables.
    live: [(&'static str, Option<Secret<String>>); 2],
    /// Secrets that need a restart.
    fixed: Vec<(&'static str, Option<Secret<String>>)>,
}

impl Fingerprints {
    /// Creates the fingerprints of the configuration of a start.
    pub(crate) fn of(config: &AppConfig) -> Self {
        let key = config.fingerprint.key.clone();
        Self {
            live: live(config),
            fixed: vec![
                ("APP_FINGERPRINT_KEY", key.clone()),
                #[cfg(feature = "otel")]
                (
                    "OTEL_EXPORTER_OTLP_HEADERS",
                    config.boot.otel.exporter_otlp_headers.clone(),
                ),
            ],
            key,
        }
    }

    /// Takes the live secrets of a configuration that was loaded again.
    pub(crate) fn reload(&mut self, config: &AppConfig) {
        self.live = live(config);
    }

    /// Returns the fingerprint of a secret, or `None` without a key, if the variable is no secret,
    /// or if it is unset.
    pub(crate) fn of_secret(&self, name: &str) -> Option<String> {
        let mut mac = self.mac()?;
        add(&mut mac, "secret");
        add(&mut mac, name);
        add(&mut mac, self.secret(name)?.expose());
        Some(shown(mac))
    }

    /// Returns the fingerprint of all variables, or `None` without a key.
    pub(crate) fn of_all(&self, origins: &Origins) -> Option<String> {
        let mut mac = self.mac()?;
        add(&mut mac, "config");
        for (name, _) in origins.iter() {
            let secret = self.secret(name).map(|secret| secret.expose().as_str());
            add(&mut mac, name);
            add(&mut mac, secret.or(origins.shown(name)).unwrap_or_default());
        }
        Some(shown(mac))
    }

    fn mac(&self) -> Option<Hmac<Sha256>> {
        let key = self.key.as_ref()?.expose();
        // A key of any length is valid.
        Hmac::new_from_slice(key.as_bytes()).ok()
    }

    fn secret(&self, name: &str) -> Option<&Secret<String>> {
        let mut secrets = self.live.iter().chain(&self.fixed);
        let (_, secret) = secrets.find(|(variable, _)| *variable == name)?;
        secret.as_ref()
    }
}

fn live(config: &AppConfig) -> [(&'static str, Option<Secret<String>>); 2] {
    let (token, url) = (config.admin.token.get(), config.db.url.get());
    [
        ("APP_ADMIN_TOKEN", Option::clone(&token)),
        ("APP_DB_URL", Option::clone(&url)),
    ]
}

/// Adds a text behind its length, so that no two lists of texts are the same bytes.
fn add(mac: &mut Hmac<Sha256>, text: &str) {
    mac.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
    mac.update(text.as_bytes());
}

fn shown(mac: Hmac<Sha256>) -> String {
    let mut shown = String::with_capacity(2 * SHOWN);
    for byte in mac.finalize().into_bytes().iter().take(SHOWN) {
        let _ = write!(shown, "{byte:02x}");
    }
    shown
}

#[cfg(test)]
mod tests {
    use environ::{EnvConfig, Loaded};

    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn load(vars: &[(&str, &str)]) -> Loaded<AppConfig> {
        AppConfig::loader().source(vars).load().unwrap()
    }

    fn fingerprint(vars: &[(&str, &str)]) -> Option<String> {
        let loaded = load(vars);
        Fingerprints::of(&loaded.config).of_all(&loaded.origins)
    }

    /// A new secret must be compared too.
    #[test]
    fn every_secret_of_the_configuration_has_a_fingerprint() {
        for name in AppConfig::secret_vars() {
            let value = match &*name {
                "APP_DB_URL" => "postgres://app:password@db/app",
                _ => "a-value-of-at-least-32-characters=",
            };
            let loaded = load(&[("APP_FINGERPRINT_KEY", KEY), (&name, value)]);
            let fingerprint = Fingerprints::of(&loaded.config).of_secret(&name);
            assert!(fingerprint.is_some(), "{name}");
        }
    }

    #[test]
    fn equal_configurations_have_equal_fingerprints_and_others_have_not() {
        let base = [
            ("APP_FINGERPRINT_KEY", KEY),
            ("APP_ADMIN_TOKEN", "0123456789abcdef"),
            ("APP_PORT", "80"),
        ];
        let first = fingerprint(&base);
        assert_eq!(first, fingerprint(&base));
        assert_eq!(first.as_ref().map(String::len), Some(16));
        let other_origin = [base[0], base[1], ("PORT", "80")];
        assert_eq!(first, fingerprint(&other_origin), "only values count");
        for changed in [
            ("APP_FINGERPRINT_KEY", "1123456789abcdef0123456789abcdef"),
            ("APP_ADMIN_TOKEN", "1123456789abcdef"),
            ("APP_PORT", "81"),
            ("APP_DB_URL", "sqlite::memory:"),
        ] {
            let kept = base.iter().filter(|(name, _)| *name != changed.0);
            let vars: Vec<_> = kept.copied().chain([changed]).collect();
            assert_ne!(first, fingerprint(&vars), "{changed:?}");
        }
    }

    #[test]
    fn without_a_key_nothing_has_a_fingerprint() {
        let vars = [("APP_ADMIN_TOKEN", "0123456789abcdef")];
        assert_eq!(fingerprint(&vars), None);
        let loaded = load(&vars);
        let fingerprints = Fingerprints::of(&loaded.config);
        assert_eq!(fingerprints.of_secret("APP_ADMIN_TOKEN"), None);
    }

    /// With equal fingerprints, a reader would know that two variables hold the same password.
    #[test]
    fn equal_secrets_of_two_variables_have_different_fingerprints() {
        let loaded = load(&[("APP_FINGERPRINT_KEY", KEY), ("APP_ADMIN_TOKEN", KEY)]);
        let fingerprints = Fingerprints::of(&loaded.config);
        let [one, other] =
            ["APP_FINGERPRINT_KEY", "APP_ADMIN_TOKEN"].map(|name| fingerprints.of_secret(name));
        assert!(one.is_some() && other.is_some());
        assert_ne!(one, other);
    }
}
