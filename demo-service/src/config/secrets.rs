//! The store of the secrets.

use std::path::PathBuf;

use environ::EnvConfig;
use environ::secrets::aws::AwsConfig;
use environ::secrets::vault::VaultConfig;

/// Source of the secrets.
#[derive(Debug, EnvConfig)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum SecretsConfig {
    /// Made up, for development.
    #[env(default)]
    Fake,
    /// One file each in a directory, as containers and systemd mount them.
    Dir(DirConfig),
    /// A Vault, HashiCorp's or OpenBao.
    Vault(VaultSecretsConfig),
    /// AWS Secrets Manager.
    Aws(AwsConfig),
}

/// A directory with one file for each secret.
#[derive(Debug, EnvConfig)]
pub struct DirConfig {
    /// Directory with a file for each secret; the file has the name of its secret.
    #[env(default = "/run/secrets")]
    pub path: PathBuf,
}

/// A document of a Vault, and a user of the database if it lends one.
#[derive(Debug, EnvConfig)]
pub struct VaultSecretsConfig {
    /// Where the Vault is, and how to log in.
    #[env(group, flatten)]
    pub server: VaultConfig,
    /// Mount of the KV engine.
    #[env(default = "secret", non_empty)]
    pub mount: String,
    /// Path of the document with the secrets; if unset, `{APP_ENV}/app-name`.
    #[env(non_empty)]
    pub path: Option<String>,
    /// Version of the KV engine.
    #[env(default = 2, range = 1..=2)]
    pub kv_version: u8,
    /// Role for short-lived database users, in place of the user in `db_url`; if unset, no role.
    #[env(non_empty)]
    pub db_role: Option<String>,
    /// Mount of the database engine.
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
