//! The store of the secrets.

use std::path::PathBuf;

use environ::{EnvConfig, Source};

#[cfg(feature = "aws")]
pub use environ::secrets::aws::AwsConfig;
#[cfg(feature = "azure")]
pub use environ::secrets::azure::AzureConfig;
#[cfg(feature = "gcp")]
pub use environ::secrets::gcp::GcpConfig;
#[cfg(feature = "vault")]
use environ::secrets::vault::VaultConfig;

#[cfg(feature = "vault")]
use super::rules::is_a_path;

// A store that this build is without is known by its name, so that the remedy can be told.
/// Source of the secrets.
#[derive(Debug, EnvConfig)]
#[env(validate = is_in_this_build)]
pub enum SecretsConfig {
    /// Made up, for development.
    #[env(default)]
    Fake,
    /// A directory with one file for each secret.
    Dir(DirConfig),
    /// A document of a Vault, HashiCorp's or OpenBao, and a user of the database.
    #[cfg(feature = "vault")]
    Vault(Box<VaultSecretsConfig>),
    /// A Vault, in a build with the cargo feature `vault`.
    #[cfg(not(feature = "vault"))]
    Vault,
    /// AWS Secrets Manager.
    #[cfg(feature = "aws")]
    Aws(Box<AwsConfig>),
    /// AWS Secrets Manager, in a build with the cargo feature `aws`.
    #[cfg(not(feature = "aws"))]
    Aws,
    /// Azure Key Vault.
    #[cfg(feature = "azure")]
    Azure(Box<AzureConfig>),
    /// Azure Key Vault, in a build with the cargo feature `azure`.
    #[cfg(not(feature = "azure"))]
    Azure,
    /// Google Secret Manager and Cloud KMS.
    #[cfg(feature = "gcp")]
    Gcp(Box<GcpConfig>),
    /// Google Secret Manager and Cloud KMS, in a build with the cargo feature `gcp`.
    #[cfg(not(feature = "gcp"))]
    Gcp,
}

impl SecretsConfig {
    /// Returns the place of the secret `db_url`, or `None` if secrets are fake.
    pub(crate) fn place_of_url(&self, env: &str) -> Option<String> {
        #[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
        let in_a_store = |id: &Option<String>, store: &str| match id {
            Some(id) => id.clone(),
            None => format!("{store}, of which APP_DB_URL_SECRET_ID has the id"),
        };
        let _ = env;
        match self {
            Self::Dir(dir) if dir.path.is_dir() => Some(dir.path.display().to_string()),
            Self::Dir(dir) => Some(format!("{}, which is no directory", dir.path.display())),
            #[cfg(feature = "vault")]
            Self::Vault(vault) => Some(vault.document(env)),
            #[cfg(feature = "aws")]
            Self::Aws(aws) => Some(in_a_store(&aws.secret_id, "AWS")),
            #[cfg(feature = "azure")]
            Self::Azure(azure) => Some(in_a_store(&azure.secret_id, "Azure Key Vault")),
            #[cfg(feature = "gcp")]
            Self::Gcp(gcp) => Some(in_a_store(&gcp.secret_id, "Google Secret Manager")),
            _ => None,
        }
    }

    /// Returns the ends of the names of variables from which the store takes each secret.
    pub(crate) fn ends(&self) -> &'static [&'static str] {
        match self {
            #[cfg(feature = "aws")]
            Self::Aws(aws) if aws.secret_id.is_none() => &["_SECRET_ID"],
            #[cfg(feature = "azure")]
            Self::Azure(azure) if azure.secret_id.is_none() => &["_SECRET_ID"],
            #[cfg(feature = "gcp")]
            Self::Gcp(gcp) if gcp.secret_id.is_none() && gcp.kms_key.is_none() => &["_SECRET_ID"],
            #[cfg(feature = "gcp")]
            Self::Gcp(gcp) if gcp.secret_id.is_none() => &["_SECRET_ID", "_KMS", "_KMS_FILE"],
            _ => &[],
        }
    }

    /// Returns a variable without an effect, and the variable that is read instead.
    pub(crate) fn without_effect(&self) -> Option<(&'static str, &'static str)> {
        match self {
            #[cfg(feature = "gcp")]
            Self::Gcp(gcp) if gcp.secret_id.is_some() && gcp.kms_key.is_some() => {
                Some(("APP_SECRETS_GCP_KMS_KEY", "APP_SECRETS_GCP_SECRET_ID"))
            }
            _ => None,
        }
    }

    /// Returns a variable with a secret of the login, and the variable of the file to use instead.
    pub(crate) fn exposed(&self, env: &dyn Source) -> Option<(&'static str, &'static str)> {
        let _ = env;
        match self {
            #[cfg(feature = "azure")]
            Self::Azure(azure) => {
                let name = "AZURE_CLIENT_SECRET";
                let has_file =
                    azure.client_secret_file.is_some() || azure.federated_token_file.is_some();
                let is_read = !has_file && env.get(name).is_some_and(|text| !text.is_empty());
                is_read.then_some((name, "APP_SECRETS_AZURE_CLIENT_SECRET_FILE"))
            }
            _ => None,
        }
    }

    /// Returns the host to which secrets travel in plaintext, and the variable that names it.
    pub(crate) fn plaintext(&self, env: &dyn Source) -> Option<(&'static str, String)> {
        let _ = env;
        match self {
            #[cfg(feature = "vault")]
            Self::Vault(vault) => Some(("APP_SECRETS_VAULT_ADDR", vault.server.plaintext_host()?)),
            #[cfg(feature = "aws")]
            Self::Aws(aws) => Some((endpoint_variable(aws, env), aws.plaintext_host(env)?)),
            #[cfg(feature = "azure")]
            Self::Azure(azure) => Some(("APP_SECRETS_AZURE_VAULT_URL", azure.plaintext_host()?)),
            #[cfg(feature = "gcp")]
            Self::Gcp(gcp) => Some((plaintext_variable(gcp), gcp.plaintext_host()?)),
            _ => None,
        }
    }
}

/// Refuses a store that this build is without.
fn is_in_this_build(config: &SecretsConfig) -> Result<(), String> {
    let missing: Option<(&str, &str)> = match config {
        #[cfg(not(feature = "vault"))]
        SecretsConfig::Vault => Some(("a Vault", "vault")),
        #[cfg(not(feature = "aws"))]
        SecretsConfig::Aws => Some(("AWS Secrets Manager", "aws")),
        #[cfg(not(feature = "azure"))]
        SecretsConfig::Azure => Some(("Azure Key Vault", "azure")),
        #[cfg(not(feature = "gcp"))]
        SecretsConfig::Gcp => Some(("Google Secret Manager", "gcp")),
        _ => None,
    };
    match missing {
        Some((store, feature)) => Err(format!(
            "this program was built without {store} (`{feature}`); build it with \
             `cargo build --package demo-service --features {feature}`"
        )),
        None => Ok(()),
    }
}

/// Returns the variable that names the endpoint of AWS.
#[cfg(feature = "aws")]
fn endpoint_variable(aws: &AwsConfig, env: &dyn Source) -> &'static str {
    let own = "AWS_ENDPOINT_URL_SECRETS_MANAGER";
    match &aws.endpoint_url {
        Some(_) => "APP_SECRETS_AWS_ENDPOINT_URL",
        None if env.get(own).is_some_and(|url| !url.is_empty()) => own,
        None => "AWS_ENDPOINT_URL",
    }
}

/// Returns the variable that names an endpoint of Google's in plaintext.
#[cfg(feature = "gcp")]
fn plaintext_variable(gcp: &GcpConfig) -> &'static str {
    let mut without_kms = gcp.clone();
    without_kms.kms_endpoint_url = None;
    match without_kms.plaintext_host() {
        Some(_) => "APP_SECRETS_GCP_ENDPOINT_URL",
        None => "APP_SECRETS_GCP_KMS_ENDPOINT_URL",
    }
}

/// A directory with one file for each secret.
#[derive(Debug, EnvConfig)]
pub struct DirConfig {
    /// Directory with a file for each secret; the file has the name of its secret.
    #[env(default = "/run/secrets")]
    pub path: PathBuf,
}

/// A document of a Vault, and a user of the database if it lends one.
#[cfg(feature = "vault")]
#[derive(Debug, EnvConfig)]
pub struct VaultSecretsConfig {
    /// The address of a Vault, and its certificates.
    #[env(group, flatten)]
    pub server: VaultConfig,
    /// Mount of the KV engine.
    #[env(default = "secret", non_empty, validate = is_a_path)]
    pub mount: String,
    /// Path of the document with the secrets; if unset, `{APP_ENV}/app-name`.
    #[env(non_empty, validate = is_a_path)]
    pub path: Option<String>,
    /// Version of the KV engine.
    #[env(default = 2, range = 1..=2)]
    pub kv_version: u8,
    /// Role for short-lived database users, in place of the user in `db_url`; if unset, no role.
    #[env(non_empty, validate = is_a_path)]
    pub db_role: Option<String>,
    /// Mount of the database engine.
    #[env(default = "database", non_empty, validate = is_a_path)]
    pub db_mount: String,
}

#[cfg(feature = "vault")]
impl VaultSecretsConfig {
    /// Returns the path of the document.
    pub(crate) fn document(&self, env: &str) -> String {
        let own = || format!("{env}/app-name");
        self.path.clone().unwrap_or_else(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each build has its own half of this test.
    #[test]
    fn a_store_that_this_build_is_without_is_refused_with_the_remedy() {
        for (word, is_built_in) in [
            ("vault", cfg!(feature = "vault")),
            ("aws", cfg!(feature = "aws")),
            ("azure", cfg!(feature = "azure")),
            ("gcp", cfg!(feature = "gcp")),
        ] {
            let pairs = [
                ("APP_SECRETS", word),
                ("APP_SECRETS_VAULT_ADDR", "http://localhost:8200"),
                ("APP_SECRETS_VAULT_AUTH", "token"),
                ("APP_SECRETS_VAULT_AUTH_TOKEN_FILE", "/run/token"),
                (
                    "APP_SECRETS_AZURE_VAULT_URL",
                    "https://my-vault.vault.azure.net",
                ),
            ];
            let loaded = crate::config::Bootstrap::from_source(pairs);
            if is_built_in {
                assert!(loaded.is_ok(), "{word}: {loaded:?}");
                continue;
            }
            let problems = loaded.unwrap_err();
            let problem = problems.problems().next().unwrap();
            assert_eq!(problem.name(), "APP_SECRETS_*");
            let store = format!(" (`{word}`); build it with ");
            assert!(problem.to_string().contains(&store), "{problem}");
            let remedy = format!("`cargo build --package demo-service --features {word}`");
            assert!(problem.to_string().ends_with(&remedy), "{problem}");
        }
    }
}
