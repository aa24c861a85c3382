//! Secrets: fetched once at the start, leases followed and revoked.
//!
//! The configuration is loaded twice: `Bootstrap` names the store, and `AppConfig` is
//! loaded with the secrets of that store.

mod error;
mod fetch;
mod status;
mod vault;

use environ::secrets::vault::Vault;
use environ::secrets::{DirSecrets, SecretStore};
use environ::watch::Watcher;
use environ::{EnvConfig, Error, Loaded, Warning};
use tokio::time::Instant;
use tracing::info;

pub(crate) use error::SecretsError;
pub(crate) use status::SecretsStatus;
pub(crate) use vault::{Leases, Login};

use self::error::{AWS, VAULT};
use self::fetch::{fetch, retry_until};
use crate::config::{AppConfig, Bootstrap, SecretsConfig, VaultSecretsConfig};
use crate::otel::Otel;

/// The name of the span of a fetch from AWS.
const AWS_SPAN: &str = "fetch from AWS Secrets Manager";

/// The secrets of the configured store.
#[derive(Default)]
pub(crate) struct Secrets {
    store: Option<Box<dyn SecretStore + Send + Sync>>,
    /// The session that has the leases.
    vault: Option<Vault>,
    /// The leases of a Vault.
    pub(crate) leases: Option<Leases>,
    /// The name of the store, and the time of the fetch.
    fetched: Option<(&'static str, std::time::Instant)>,
}

impl Secrets {
    /// Fetches the secrets from the configured store. A store that is away is asked again
    /// until `deadline`; a store that refuses is not.
    ///
    /// Leases that were granted before this fails or is dropped must be
    /// [revoked](Self::revoke_by) all the same.
    ///
    /// # Errors
    ///
    /// The last answer of the store.
    pub(crate) async fn fetch(
        &mut self,
        config: &Bootstrap,
        deadline: Instant,
        otel: &Otel,
    ) -> Result<(), SecretsError> {
        match &config.secrets {
            SecretsConfig::Fake => {}
            SecretsConfig::Dir(dir) => {
                self.store = Some(Box::new(DirSecrets::from_path(&dir.path)));
            }
            SecretsConfig::Vault(vault) => {
                self.fetch_from_vault(&config.env, vault, deadline, otel)
                    .await?;
            }
            SecretsConfig::Aws(aws) => {
                let store = retry_until(deadline, AWS, || {
                    otel.store_span(AWS_SPAN, Box::pin(fetch(aws)))
                })
                .await?;
                info!("the secrets are there");
                self.fetched = Some(("aws_secrets", Instant::now().into_std()));
                self.store = Some(Box::new(store));
            }
        }
        Ok(())
    }

    /// Logs in once, because a wrapped secret id can be used once only.
    async fn fetch_from_vault(
        &mut self,
        env: &str,
        config: &VaultSecretsConfig,
        deadline: Instant,
        otel: &Otel,
    ) -> Result<(), SecretsError> {
        let observer = otel.observe_vault(&config.server.addr);
        let connect = async || match observer.clone() {
            Some(observer) => Vault::connect_observed(&config.server, observer).await,
            None => Vault::connect(&config.server).await,
        };
        let vault = retry_until(deadline, VAULT, connect).await?;
        let leases = self.leases.insert(Leases::new(&vault));
        let vault = &*self.vault.insert(vault);
        let path = config.document(env);
        let store = retry_until(deadline, VAULT, async || match config.kv_version {
            1 => vault.kv1(&config.mount, &path).await,
            _ => vault.kv2(&config.mount, &path).await,
        });
        let store = store.await?;
        self.fetched = Some(("vault_document", Instant::now().into_std()));
        if let Some(role) = &config.db_role {
            let make = || vault.credentials(&config.db_mount, role);
            let credentials = retry_until(deadline, VAULT, make).await?;
            leases.add(credentials);
        }
        info!(vault = config.server.addr, path, "the secrets are there");
        self.store = Some(Box::new(store));
        Ok(())
    }

    /// Loads the configuration, with the secrets in it, once. The watcher loads it again.
    ///
    /// # Errors
    ///
    /// All problems of the environment and of the store.
    pub(crate) fn load(
        &mut self,
    ) -> Result<(Loaded<AppConfig>, Watcher<'static, AppConfig>), Error> {
        let mut loader = AppConfig::loader().warn_unknown();
        if let Some(store) = self.store.take() {
            loader = loader.secrets(store);
        }
        loader.watch()
    }

    /// Returns the ages and expiries, which stay up to date.
    pub(crate) fn status(&self) -> SecretsStatus {
        SecretsStatus {
            fetched: self.fetched,
            leases: self.leases.clone(),
        }
    }

    /// Revokes all leases until `exit_by`. No secret may be used after that.
    pub(crate) async fn revoke_by(self, exit_by: Instant) {
        if let (Some(vault), Some(leases)) = (self.vault, self.leases) {
            leases.revoke_by(vault, exit_by).await;
        }
    }
}

/// Returns whether a warning is about a variable that holds the id of a secret in AWS:
/// such a variable is read with the secrets, after the configuration.
pub(crate) fn is_id(warning: &Warning) -> bool {
    id_variables().any(|id| id == warning.name())
}

/// Returns the variables that hold the id of a secret in AWS.
pub(crate) fn id_variables() -> impl Iterator<Item = String> {
    let secrets = AppConfig::secret_vars().into_iter();
    secrets.map(|secret| format!("{secret}_SECRET_ID"))
}
