//! Leases of a Vault: its token, and a user of the database. `environ` renews them while
//! the service runs; here the database follows each new user, and all are revoked at the
//! end.

use std::convert::Infallible;
use std::future::pending;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use environ::Secret;
pub(super) use environ::secrets::vault::Status;
use environ::secrets::vault::{
    Credentials, Follow, Health, Renewal, Vault, VaultError, VaultSecrets,
};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tracing::{error, info, warn};

use super::error::SecretsError;
use super::fetch::retry_until;
use super::refresh::{BoxedStore, Refetch};
use crate::config::VaultSecretsConfig;
use crate::database::{Database, DatabaseError, LeasedLogin, Rotation, with_login};
use crate::otel::Otel;

const VARIABLES: &str = "APP_SECRETS_VAULT_*";

/// The session that has the leases. A fetch shares it.
pub(super) type Session = Arc<Vault>;

/// Fetches the document until `deadline`, and a user of the database. The session and the leases
/// are there from the login on, because they must be revoked if more fails.
///
/// It logs in once, because a wrapped secret id can be used once only.
pub(super) async fn fetch(
    config: &VaultSecretsConfig,
    env: &str,
    deadline: Instant,
    otel: &Otel,
    session: &mut Option<Session>,
    leases: &mut Option<Leases>,
) -> Result<(BoxedStore, Refetch), SecretsError> {
    let observer = otel.observe_vault(&config.server.addr);
    let connect = async || match observer.clone() {
        Some(observer) => Vault::connect_observed(&config.server, observer).await,
        None => Vault::connect(&config.server).await,
    };
    let vault = retry_until(deadline, VARIABLES, connect).await?;
    let leases = leases.insert(Leases::new(&vault));
    let vault = Arc::clone(session.insert(Arc::new(vault)));
    let document = Document {
        vault: Arc::clone(&vault),
        kv_version: config.kv_version,
        mount: config.mount.clone(),
        path: config.document(env),
    };
    let first = retry_until(deadline, VARIABLES, || document.fetch()).await?;
    if let Some(role) = &config.db_role {
        let make = || vault.credentials(&config.db_mount, role);
        let credentials = retry_until(deadline, VARIABLES, make).await?;
        leases.add(credentials);
    }
    let path = &document.path;
    info!(vault = config.server.addr, path, "the secrets are fetched");
    Ok(Refetch::new("vault_document", first, move || {
        let document = document.clone();
        async move { Ok(document.fetch().await?) }
    }))
}

/// Checks everything that needs no request, as a fetch would.
pub(super) async fn check(config: &VaultSecretsConfig) -> Result<(), SecretsError> {
    Ok(config.server.check().await?)
}

/// A document of a Vault.
#[derive(Clone)]
struct Document {
    vault: Arc<Vault>,
    kv_version: u8,
    mount: String,
    path: String,
}

impl Document {
    async fn fetch(&self) -> Result<VaultSecrets, VaultError> {
        match self.kv_version {
            1 => self.vault.kv1(&self.mount, &self.path).await,
            _ => self.vault.kv2(&self.mount, &self.path).await,
        }
    }
}

impl From<VaultError> for SecretsError {
    fn from(err: VaultError) -> Self {
        let kind = err.kind();
        Self::of_store(VARIABLES, kind.name(), kind.is_transient(), &err)
    }
}

/// The name of the token in logs and metrics.
const TOKEN: &str = "vault_token";

/// The name of the database's user in logs and metrics.
const CREDENTIALS: &str = "database_credentials";

/// A lease that cannot be revoked in this time expires by itself.
const REVOKE_TIMEOUT: Duration = Duration::from_secs(1);

/// The pause between two checks of a lease after the database has refused its user.
const SUSPICION_PAUSE: Duration = Duration::from_secs(1);

/// The leases of a Vault, for the parts of the service that use them. A clone shares
/// them.
#[derive(Clone, Debug)]
pub(crate) struct Leases {
    token: Follow<Status>,
    /// Whether the service has logged in itself: a token in a file belongs to another program.
    owns_token: bool,
    credentials: Option<Arc<Renewal<Credentials>>>,
}

impl Leases {
    fn new(vault: &Vault) -> Self {
        Self {
            token: vault.token().follow_status(),
            owns_token: vault.owns_token(),
            credentials: None,
        }
    }

    /// Adds a user of the database.
    fn add(&mut self, credentials: Renewal<Credentials>) {
        self.credentials = Some(Arc::new(credentials));
    }

    /// Returns the URL with the leased user, if the Vault leases users.
    ///
    /// # Errors
    ///
    /// If the database has no users.
    pub(crate) fn login(&self, url: &Secret<String>) -> Result<Login, DatabaseError> {
        let user = self.credentials.as_ref().map(|kept| kept.current());
        let login = match &user {
            Some(user) => with_login(url, user.value())?,
            None => url.clone(),
        };
        Ok(Login {
            leased: user.map(|user| LeasedLogin::new(url.clone(), user)),
            url: login,
        })
    }

    /// Returns whether no lease has expired.
    pub(crate) fn are_valid(&self) -> bool {
        self.iter()
            .all(|(_, status)| status.health != Health::Expired)
    }

    /// Returns the name and the status of each lease.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, Status)> {
        let token = (TOKEN, self.token.current());
        let credentials = self.credentials.as_ref();
        let credentials = credentials.map(|kept| (CREDENTIALS, kept.status()));
        [token].into_iter().chain(credentials)
    }

    /// Has the lease of the user checked early, because the database may have rejected it.
    pub(crate) fn suspect(&self) {
        if let Some(credentials) = &self.credentials {
            credentials.suspect();
        }
    }

    /// Switches the database to each new user after `login`, and logs each change of health.
    pub(crate) async fn follow(self, database: Database, login: Option<LeasedLogin>) -> Infallible {
        let token = log_health(TOKEN, self.token);
        let (Some(credentials), Some(login)) = (self.credentials, login) else {
            return token.await;
        };
        let refusals = database.login_refusals();
        let rotation = Rotation::new(database, login);
        tokio::select! {
            never = token => never,
            never = suspect_after(refusals, &credentials) => never,
            never = log_health(CREDENTIALS, credentials.follow_status()) => never,
            never = rotation.follow(credentials.follow()) => never,
        }
    }

    /// Revokes every lease, each in a share of the time until `exit_by`. The database must be
    /// closed before.
    pub(super) async fn revoke_by(&self, session: Session, exit_by: Instant) {
        let Some(vault) = Arc::into_inner(session) else {
            warn!("leases not revoked: a fetch still uses the session; the leases expire");
            return;
        };
        let share = |of: u32| {
            let left = exit_by.saturating_duration_since(Instant::now());
            REVOKE_TIMEOUT.min(left / of)
        };
        if let Some(credentials) = &self.credentials {
            revoked(CREDENTIALS, share(3), credentials.revoke_all()).await;
        }
        if self.owns_token {
            revoked(TOKEN, share(2), vault.close()).await;
        }
    }
}

/// Has the lease checked after each refused login, once a second or less often.
async fn suspect_after(
    mut refusals: watch::Receiver<u64>,
    credentials: &Renewal<Credentials>,
) -> Infallible {
    while refusals.changed().await.is_ok() {
        credentials.suspect();
        sleep(SUSPICION_PAUSE).await;
    }
    pending().await
}

async fn revoked(
    lease: &str,
    time: Duration,
    revocation: impl Future<Output = Result<(), VaultError>>,
) {
    match timeout(time, revocation).await {
        Ok(Ok(())) => info!(lease, "lease revoked"),
        Ok(Err(err)) => warn!(lease, error = %err, "lease not revoked: it expires by itself"),
        Err(_) => warn!(
            lease,
            "lease not revoked: the Vault did not answer in time; it expires by itself"
        ),
    }
}

/// The URL of the database with its leased user, if any.
#[derive(Debug)]
pub(crate) struct Login {
    /// The URL with the user.
    pub(crate) url: Secret<String>,
    /// The login with the leased user, if users are leased.
    pub(crate) leased: Option<LeasedLogin>,
}

/// Logs each change of health.
async fn log_health(lease: &'static str, mut status: Follow<Status>) -> Infallible {
    let mut logged = Health::Fresh;
    let mut now = status.current();
    loop {
        if mem::replace(&mut logged, now.health) != now.health {
            log_change(lease, &now);
        }
        let Some(changed) = status.changed().await else {
            error!(lease, "lease not renewed any more: its task ended");
            return pending().await;
        };
        now = changed;
    }
}

fn log_change(lease: &'static str, now: &Status) {
    let expires_in = now.expires_in().map(|left| left.as_secs());
    let error = now.failure.as_ref().map(ToString::to_string);
    macro_rules! event {
        ($level:ident, $end:literal) => {
            if lease == TOKEN {
                let message = concat!("the Vault token ", $end);
                $level!(lease, expires_in, error, "{message}");
            } else {
                let message = concat!("the database credentials ", $end);
                $level!(lease, expires_in, error, "{message}");
            }
        };
    }
    match now.health {
        Health::Fresh => event!(info, "can be renewed again"),
        Health::Stale => event!(warn, "cannot be renewed"),
        Health::Expired => event!(error, "expired"),
        // A state of a later release of `environ`.
        _ => event!(warn, "has a new state"),
    }
}
