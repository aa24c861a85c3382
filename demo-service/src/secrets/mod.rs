//! Secrets: where from is configuration, what for is everybody else's business.
//!
//! They take two loads: the first tells where secrets come from, the second has
//! them.

mod error;
mod status;
mod vault;

use std::fmt;

use environ::secrets::aws::{AwsConfig, AwsError, AwsSecrets};
use environ::secrets::vault::Vault;
use environ::secrets::{DirSecrets, SecretStore};
use environ::{EnvConfig, Error, Loaded, Process, Secret};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{info, warn};

pub use error::SecretsError;
pub use status::{Holding, Holdings};
pub use vault::{Lent, Login};

use self::error::{AWS, VAULT};
use crate::backoff::Backoff;
use crate::config::{AppConfig, Bootstrap, SecretsConfig, VaultSecretsConfig};

/// What the service runs on when it is given no database. It is gone with the
/// process.
const EMBEDDED: &str = "sqlite::memory:";

/// Where secrets come from, ready to be read.
#[derive(Default)]
pub struct Secrets {
    store: Option<Box<dyn SecretStore>>,
    /// What a Vault lends, which must be kept.
    pub lent: Option<Lent>,
    /// What was fetched, and when.
    fetched: Option<(&'static str, Instant)>,
}

impl Secrets {
    /// Opens what the configuration names. A store that is away is asked again,
    /// until `deadline`; one that refuses is not.
    ///
    /// What is lent on the way is there even if this fails, or is dropped: it must
    /// be [given back](Self::give_back).
    ///
    /// # Errors
    ///
    /// What the store answered last.
    pub async fn open(
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
                self.borrow(&config.env, vault, deadline).await?;
            }
            SecretsConfig::Aws(aws) => {
                let store = patiently(AWS, deadline, || fetch(aws)).await?;
                info!("the secrets are there");
                self.fetched = Some(("aws_secrets", Instant::now()));
                self.store = Some(Box::new(store));
            }
        }
        Ok(())
    }

    /// Logs in once: what logs in may do so only once.
    async fn borrow(
        &mut self,
        env: &str,
        config: &VaultSecretsConfig,
        deadline: Instant,
    ) -> Result<(), SecretsError> {
        let vault = patiently(VAULT, deadline, || Vault::connect(&config.server)).await?;
        let lent = self.lent.insert(Lent::new(vault));
        let path = config.document(env);
        let store = patiently(VAULT, deadline, async || match config.kv_version {
            1 => lent.vault().kv1(&config.mount, &path).await,
            _ => lent.vault().kv2(&config.mount, &path).await,
        });
        let store = store.await?;
        self.fetched = Some(("vault_document", Instant::now()));
        if let Some(role) = &config.db_role {
            let make = || lent.vault().credentials(&config.db_mount, role);
            let credentials = patiently(VAULT, deadline, make).await?;
            lent.add(credentials);
        }
        info!(vault = config.server.addr, path, "the secrets are there");
        self.store = Some(Box::new(store));
        Ok(())
    }

    /// Loads the configuration, with the secrets in it, once.
    ///
    /// # Errors
    ///
    /// All problems of the environment and of the store.
    pub fn load(&mut self) -> Result<Loaded<AppConfig>, Error> {
        let mut loader = AppConfig::loader().warn_unknown();
        if let Some(store) = self.store.take() {
            loader = loader.secrets(store);
        }
        loader.load()
    }

    /// Gives what is held, to be looked at.
    #[must_use]
    pub fn holdings(&self) -> Holdings {
        Holdings {
            fetched: self.fetched,
            lent: self.lent.clone(),
        }
    }

    /// Gives back what was lent. Nobody must use it any more.
    pub async fn give_back(&self) {
        if let Some(lent) = &self.lent {
            lent.give_back().await;
        }
    }
}

/// Names the variables that hold the id of a secret each, in AWS.
pub(crate) fn id_variables() -> impl Iterator<Item = String> {
    let secrets = AppConfig::secret_vars().into_iter();
    secrets.map(|secret| format!("{secret}_SECRET_ID"))
}

/// Whether visits are kept in memory: fake secrets include a database of their own.
#[must_use]
pub fn is_embedded(config: &AppConfig) -> bool {
    config.db.url.is_none() && matches!(config.boot.secrets, SecretsConfig::Fake)
}

/// The database, with its password, unless that is lent.
///
/// # Errors
///
/// If there is none where one is expected.
pub fn database_url(config: &AppConfig) -> Result<Secret<String>, NoDatabase> {
    let place = match (&config.db.url, &config.boot.secrets) {
        (Some(url), _) => return Ok(url.clone()),
        (None, SecretsConfig::Fake) => return Ok(Secret::new(EMBEDDED.to_owned())),
        (None, SecretsConfig::Dir(dir)) => dir.path.display().to_string(),
        (None, SecretsConfig::Vault(vault)) => vault.document(&config.boot.env),
        (None, SecretsConfig::Aws(aws)) => match &aws.secret_id {
            Some(id) => id.clone(),
            None => "AWS, of which APP_DB_URL_SECRET_ID has the id".to_owned(),
        },
    };
    Err(NoDatabase(place))
}

/// There is no database among the secrets.
#[derive(Debug)]
pub struct NoDatabase(String);

impl fmt::Display for NoDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "APP_DB_URL is not set, and there is no `db_url` in {}; set one of them",
            self.0
        )
    }
}

impl std::error::Error for NoDatabase {}

/// One document, or each secret whose id is in a variable.
async fn fetch(config: &AwsConfig) -> Result<AwsSecrets, AwsError> {
    let client = config.client().await;
    match &config.secret_id {
        Some(id) => AwsSecrets::document(&client, id).await,
        None => AwsSecrets::named_by_variables::<AppConfig>(&client, &Process).await,
    }
}

/// Tries again while there is time, and while waiting can help. The outage is
/// told once. A try that is still waiting for an answer in the end is dropped; what
/// it was given then runs out.
async fn patiently<T, E: Into<SecretsError>>(
    variables: &'static str,
    deadline: Instant,
    attempt: impl AsyncFn() -> Result<T, E>,
) -> Result<T, SecretsError> {
    let mut backoff = Backoff::default();
    let mut last: Option<SecretsError> = None;
    loop {
        let err: SecretsError = match timeout_at(deadline, attempt()).await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(err)) => err.into(),
            // What was answered before tells more.
            Err(_) => return Err(last.unwrap_or(SecretsError::TimedOut(variables))),
        };
        let pause = backoff.pause_before(deadline);
        let Some(pause) = pause.filter(|_| err.is_transient()) else {
            return Err(err);
        };
        if last.as_ref().map(SecretsError::kind) != Some(err.kind()) {
            warn!(error = %err, "waiting for the secrets");
        }
        last = Some(err);
        sleep(pause).await;
    }
}
