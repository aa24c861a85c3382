//! Secrets: fetched at the start and again while the service runs, leases followed and revoked.
//!
//! The configuration is loaded twice: `Bootstrap` names the store, and `AppConfig` is
//! loaded with the secrets of that store.

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "azure")]
mod azure;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod cloud;
mod error;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
mod fetch;
mod fetches;
#[cfg(feature = "gcp")]
mod gcp;
#[cfg_attr(
    not(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault")),
    expect(dead_code, reason = "this build has no remote store")
)]
mod refresh;
mod status;
#[cfg(feature = "vault")]
mod vault;
#[cfg(not(feature = "vault"))]
#[path = "no_vault.rs"]
mod vault;

use environ::secrets::DirSecrets;
use environ::watch::Watcher;
use environ::{EnvConfig, Error, Loaded, Warning};
use tokio::time::Instant;

pub(crate) use error::SecretsError;
pub(crate) use refresh::{OnDemand, Refetch};
pub(crate) use status::{HEALTH, SecretsStatus};
pub(crate) use vault::{Leases, Login};

use self::fetches::Fetches;
use self::refresh::BoxedStore;
use self::vault::Session;
use crate::config::{AppConfig, Bootstrap, SecretsConfig};
use crate::otel::Otel;

/// The secrets of the configured store.
#[derive(Default)]
pub(crate) struct Secrets {
    store: Option<BoxedStore>,
    /// The session that has the leases.
    session: Option<Session>,
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
    #[cfg_attr(
        not(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault")),
        expect(clippy::unused_async, reason = "this build has no remote store")
    )]
    pub(crate) async fn fetch(
        &mut self,
        config: &Bootstrap,
        deadline: Instant,
        otel: &Otel,
    ) -> Result<(), SecretsError> {
        let _ = (deadline, otel); // of a remote store
        match &config.secrets {
            SecretsConfig::Fake => {}
            SecretsConfig::Dir(dir) => {
                self.store = Some(Box::new(DirSecrets::from_path(&dir.path)));
            }
            #[cfg(feature = "vault")]
            SecretsConfig::Vault(vault) => {
                let (session, leases) = (&mut self.session, &mut self.leases);
                let fetched =
                    vault::fetch(vault, &config.env, deadline, otel, session, leases).await?;
                self.keep(fetched);
            }
            #[cfg(feature = "aws")]
            SecretsConfig::Aws(aws) => self.keep(aws::fetch(aws, deadline, otel).await?),
            #[cfg(feature = "azure")]
            SecretsConfig::Azure(azure) => self.keep(azure::fetch(azure, deadline, otel).await?),
            #[cfg(feature = "gcp")]
            SecretsConfig::Gcp(gcp) => self.keep(gcp::fetch(gcp, deadline, otel).await?),
            // The configuration refuses the stores that this build is without.
            #[cfg(not(all(
                feature = "aws",
                feature = "azure",
                feature = "gcp",
                feature = "vault"
            )))]
            _ => {}
        }
        Ok(())
    }

    /// Keeps a remote store, which is fetched again.
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
    fn keep(&mut self, (store, refetch): (BoxedStore, Refetch)) {
        self.fetches = Some(refetch.fetches());
        self.refetch = Some(refetch);
        self.store = Some(store);
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
        if let (Some(session), Some(leases)) = (self.session, self.leases) {
            leases.revoke_by(session, exit_by).await;
        }
    }
}

/// Checks everything about the store that needs no request: files, names, ciphertexts, and
/// variables that exclude each other. The files of a directory are secrets, and are not read.
///
/// # Errors
///
/// The mistakes for which a [fetch](Secrets::fetch) fails before its first request.
#[cfg_attr(
    not(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault")),
    expect(clippy::unused_async, reason = "this build has no remote store")
)]
pub(crate) async fn check(config: &SecretsConfig) -> Result<(), SecretsError> {
    match config {
        #[cfg(feature = "vault")]
        SecretsConfig::Vault(vault) => vault::check(vault).await,
        #[cfg(feature = "aws")]
        SecretsConfig::Aws(aws) => aws::check(aws).await,
        #[cfg(feature = "azure")]
        SecretsConfig::Azure(azure) => azure::check(azure).await,
        #[cfg(feature = "gcp")]
        SecretsConfig::Gcp(gcp) => gcp::check(gcp).await,
        _ => Ok(()),
    }
}

/// The ends of the names of variables from which the store of a cloud takes a secret: an id, a
/// ciphertext, a file with a ciphertext.
pub(crate) const ENDS: &[&str] = &["_SECRET_ID", "_KMS", "_KMS_FILE"];

/// Returns whether a warning is about a variable of a secret with one of these ends: such a
/// variable is read with the secrets, after the configuration.
pub(crate) fn is_id(warning: &Warning, ends: &[&str]) -> bool {
    let mut ids = ends.iter().flat_map(|end| id_variables(end));
    ids.any(|id| id == warning.name())
}

/// Returns the variable of each secret with this end.
pub(crate) fn id_variables(end: &str) -> impl Iterator<Item = String> {
    let secrets = AppConfig::secret_vars().into_iter();
    secrets.map(move |secret| format!("{secret}{end}"))
}
