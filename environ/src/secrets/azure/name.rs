//! Names of secrets, as people write them and as Key Vault does.

/// The name of a version of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SecretName {
    secret: String,
    /// The latest version, if `None`.
    version: Option<String>,
}

impl SecretName {
    /// Parses `db-url`, `db_url`, `db-url/VERSION` or, as the portal shows it,
    /// `https://my-vault.vault.azure.net/secrets/db-url/VERSION`.
    ///
    /// Key Vault has no `_` in names, so that `_` stands for `-`. A name is a part of a URL, and
    /// holds no character that has a meaning there.
    pub(super) fn parse(name: &str, vault_url: &str) -> Option<Self> {
        let whole = name
            .get(..vault_url.len())
            .filter(|start| start.eq_ignore_ascii_case(vault_url));
        let name = match whole {
            Some(vault) => name[vault.len()..].strip_prefix("/secrets/")?,
            None => name,
        };
        let (secret, version) = match name.split_once('/') {
            Some((secret, version)) => (secret, Some(version)),
            None => (name, None),
        };
        let secret = secret.replace('_', "-");
        (is_word(&secret) && version.is_none_or(is_word)).then(|| Self {
            secret,
            version: version.map(str::to_owned),
        })
    }

    /// Returns the path of the secret.
    pub(super) fn path(&self) -> String {
        let version = self.version.as_deref().unwrap_or_default();
        format!("/secrets/{}/{version}", self.secret)
    }
}

/// Returns whether a text holds only letters, digits and `-`, within Key Vault's own limit.
fn is_word(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=127).contains(&text.len()) && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: &str = "https://my-vault.vault.azure.net";

    #[test]
    fn a_name_is_short_or_whole() {
        for (name, path) in [
            ("db-url", "/secrets/db-url/"),
            ("db_url", "/secrets/db-url/"),
            ("db-url/0a1b", "/secrets/db-url/0a1b"),
            (
                "https://my-vault.vault.azure.net/secrets/db-url",
                "/secrets/db-url/",
            ),
            (
                "https://MY-vault.vault.azure.net/secrets/db-url/0a1b",
                "/secrets/db-url/0a1b",
            ),
        ] {
            let parsed = SecretName::parse(name, VAULT);
            assert_eq!(parsed.unwrap().path(), path);
        }
    }

    #[test]
    fn a_text_that_means_something_in_a_url_is_no_name() {
        for name in [
            "",
            "db url",
            "../db",
            "db?x",
            "db#x",
            "db%2fx",
            "größe",
            "db/",
            "db/../x",
            "db/1/2",
            "/db",
            "https://my-vault.vault.azure.net",
            "https://my-vault.vault.azure.net/keys/db",
            "https://my-vault.vault.azure.net.example/secrets/db",
            "https://other.vault.azure.net/secrets/db",
            "postgres://app:canary@db/app",
            &"x".repeat(128),
        ] {
            assert_eq!(SecretName::parse(name, VAULT), None, "{name}");
        }
    }
}
