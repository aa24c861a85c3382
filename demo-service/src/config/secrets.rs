//! The store of the secrets.

use std::path::PathBuf;

use environ::EnvConfig;
use environ::secrets::aws::AwsConfig;
use environ::secrets::vault::VaultConfig;

/// Where secrets come from.
#[derive(Debug, EnvConfig)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum SecretsConfig {
    /// Made up, for development.
    #[env(default)]
    Fake,
    /// A directory with one file for each secret.
    Dir(DirConfig),
    /// A document of a Vault, HashiCorp's or OpenBao, and a user of the database.
    Vault(VaultSecretsConfig),
    /// AWS Secrets Manager.
    Aws(AwsConfig),
}

/// A directory with one file for each secret.
#[derive(Debug, EnvConfig)]
pub struct DirConfig {
    /// Directory with one file for each secret, called after it.
    #[env(default = "/run/secrets")]
    pub path: PathBuf,
}

/// A document of a Vault, and a user of the database if it lends one.
#[derive(Debug, EnvConfig)]
pub struct VaultSecretsConfig {
    /// The address of a Vault, and its certificates.
    #[env(group, flatten)]
    pub server: VaultConfig,
    /// Where the KV engine is mounted.
    #[env(default = "secret", non_empty)]
    pub mount: String,
    /// Path of the document, whose members are the secrets; `{APP_ENV}/app-name`,
    /// if not set.
    #[env(non_empty)]
    pub path: Option<String>,
    /// Version of the KV engine.
    #[env(default = 2, range = 1..=2)]
    pub kv_version: u8,
    /// Role for which the database engine makes users, who take the place of the
    /// one in `db_url`; if not set, none is made.
    #[env(non_empty)]
    pub db_role: Option<String>,
    /// Where the database engine is mounted.
    #[env(default = "database", non_empty)]
    pub db_mount: String,
}

impl VaultSecretsConfig {
    /// Returns the path of the document.
    pub(crate) fn document(&self, env: &str) -> String {
        let own = || format!("{env}/app-name");
        self.path.clone().unwrap_or_else(own)
    }
}
