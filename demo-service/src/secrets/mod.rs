//! Secrets: fetched at the start and again while the service runs, leases followed and revoked.
//!
//! The configuration is loaded twice: `Bootstrap` names the store, and `AppConfig` is
//! loaded with the secrets of that store.

mod error;
mod fetch;
mod fetches;
mod refresh;
mod status;
mod vault;

use std::sync::Arc;

use environ::secrets::aws::AwsError;
use environ::secrets::vault::Vault;
use environ::secrets::{DirSecrets, SecretStore};
use environ::watch::Watcher;
use environ::{EnvConfig, Error, Loaded, Warning};
use tokio::time::Instant;
use tracing::{info, warn};

pub(crate) use error::SecretsError;
pub(crate) use refresh::{OnDemand, Refetch};
pub(crate) use status::{HEALTH, SecretsStatus};
pub(crate) use vault::{Leases, Login};

use self::error::{AWS, VAULT};
use self::fetch::{Document, fetch, retry_until};
use self::fetches::Fetches;
use crate::config::{AppConfig, Bootstrap, SecretsConfig, VaultSecretsConfig};

/// The secrets of the configured store.
#[derive(Default)]
pub(crate) struct Secrets {
    store: Option<Box<dyn SecretStore + Send + Sync>>,
    /// The session that has the leases.
    vault: Option<Arc<Vault>>,
    /// The leases of a Vault.
    pub(crate) leases: Option<Leases>,
    /// Fetches the secrets of a remote store again, until it is taken to run.
    pub(crate) refetch: Option<Refetch>,
    fetches: Option<Fetches>,
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
    ) -> Result<(), SecretsError> {
        match &config.secrets {
            SecretsConfig::Fake => {}
            SecretsConfig::Dir(dir) => {
                self.store = Some(Box::new(DirSecrets::from_path(&dir.path)));
            }
            SecretsConfig::Vault(vault) => {
                self.fetch_from_vault(&config.env, vault, deadline).await?;
            }
            SecretsConfig::Aws(aws) => {
                let id = aws.secret_id.clone();
                let first = retry_until(deadline, AWS, async || {
                    let client = aws.client().await?;
                    let secrets = fetch(&client, id.as_deref()).await?;
                    Ok::<_, AwsError>((client, secrets))
                });
                let (client, secrets) = first.await?;
                info!("the secrets are there");
                self.keep("aws_secrets", secrets, move || {
                    let (client, id) = (client.clone(), id.clone());
                    async move { Ok(fetch(&client, id.as_deref()).await?) }
                });
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
    ) -> Result<(), SecretsError> {
        let vault = retry_until(deadline, VAULT, || Vault::connect(&config.server)).await?;
        let leases = self.leases.insert(Leases::new(&vault));
        let vault = Arc::clone(self.vault.insert(Arc::new(vault)));
        let document = Document {
            vault: Arc::clone(&vault),
            kv_version: config.kv_version,
            mount: config.mount.clone(),
            path: config.document(env),
        };
        let first = retry_until(deadline, VAULT, || document.fetch()).await?;
        if let Some(role) = &config.db_role {
            let make = || vault.credentials(&config.db_mount, role);
            let credentials = retry_until(deadline, VAULT, make).await?;
            leases.add(credentials);
        }
        let path = &document.path;
        info!(vault = config.server.addr, path, "the secrets are there");
        self.keep("vault_document", first, move || {
            let document = document.clone();
            async move { Ok(document.fetch().await?) }
        });
        Ok(())
    }

    /// Keeps the first snapshot of a remote store, which `fetch` fetches again.
    fn keep<S, F>(
        &mut self,
        name: &'static str,
        first: S,
        fetch: impl Fn() -> F + Send + Sync + 'static,
    ) where
        S: SecretStore + Send + Sync + 'static,
        F: Future<Output = Result<S, SecretsError>> + Send + 'static,
    {
        let (store, refetch) = Refetch::new(name, first, fetch);
        self.fetches = Some(refetch.fetches());
        self.refetch = Some(refetch);
        self.store = Some(Box::new(store));
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
            fetches: self.fetches.clone(),
            leases: self.leases.clone(),
        }
    }

    /// Revokes all leases until `exit_by`. No secret may be used after that, and none be fetched:
    /// a fetch shares the session.
    pub(crate) async fn revoke_by(self, exit_by: Instant) {
        drop(self.refetch);
        let Some(leases) = self.leases else { return };
        if let Some(vault) = self.vault.and_then(Arc::into_inner) {
            leases.revoke_by(vault, exit_by).await;
        } else {
            warn!("leases not revoked: a fetch still uses the session; the leases expire");
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
