//! Everything that the service must release at its end: leases, the database, the
//! operators' listener.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use environ::watch::Watcher;
use environ::{Loaded, Secret};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use crate::config::{AppConfig, Bootstrap};
use crate::database::{Database, LeasedLogin};
use crate::otel::Otel;
use crate::process::Failure;
use crate::process::systemd::Supervisor;
use crate::secrets::{Leases, Login, OnDemand, Secrets, SecretsStatus};
use crate::server::Admin;

/// The connections to the database have this time to close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// A release has this time if nobody said when it must end.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(5);

/// Everything that the service must release, however far its start came:
/// leases that are not revoked stay valid until they expire.
pub struct Resources {
    /// The time at which the start gives up.
    pub(crate) deadline: Instant,
    secrets: Secrets,
    database: Option<Database>,
    following: Option<JoinHandle<Infallible>>,
    refreshing: Option<JoinHandle<Infallible>>,
    /// The supervisor, which is told of the start.
    pub(super) supervisor: Supervisor,
    /// The export of spans.
    pub(crate) otel: Otel,
    /// The operators' listener, if there is one.
    pub(crate) admin: Option<Admin>,
    /// Loads the configuration again after a change, until the reloads begin.
    pub(super) watcher: Option<Watcher<'static, AppConfig>>,
    /// A message for each request to reload, until the reloads begin.
    pub(super) asked: Option<Receiver<()>>,
    /// The URL of the database without a leased user.
    pub(super) url: Option<Secret<String>>,
    /// The login of the database, if a Vault leases its users.
    pub(super) leased_login: Option<LeasedLogin>,
    /// Whether the release has begun.
    pub(super) is_stopping: Arc<AtomicBool>,
}

impl Resources {
    /// Creates an empty set for a start that gives up at `deadline`.
    #[must_use]
    pub fn new(deadline: Instant) -> Self {
        Self {
            deadline,
            secrets: Secrets::default(),
            database: None,
            following: None,
            refreshing: None,
            supervisor: Supervisor::default(),
            otel: Otel::default(),
            admin: None,
            watcher: None,
            asked: None,
            url: None,
            leased_login: None,
            is_stopping: Arc::default(),
        }
    }

    /// Fetches the secrets and loads the configuration with them.
    ///
    /// # Errors
    ///
    /// If the secrets cannot be fetched until the deadline, or a value is wrong.
    pub(crate) async fn fetch(&mut self, boot: &Bootstrap) -> Result<Loaded<AppConfig>, Failure> {
        self.secrets.fetch(boot, self.deadline, &self.otel).await?;
        let (loaded, watcher) = self.secrets.load()?;
        self.watcher = Some(watcher);
        Ok(loaded)
    }

    /// Opens the database, without a connection yet, and follows the leases.
    ///
    /// # Errors
    ///
    /// If there is no URL, or the URL cannot be used.
    pub(crate) fn open_database(&mut self, config: &AppConfig) -> Result<Database, Failure> {
        let url = config.database_url()?;
        let (database, login) = open(self.leases(), &url, config)?;
        self.url = Some(url);
        self.database = Some(database.clone());
        self.leased_login = login.and_then(|login| login.leased);
        if let Some(leases) = self.leases().cloned() {
            let followed = leases.follow(database.clone(), self.leased_login.clone());
            self.following = Some(tokio::spawn(followed));
        }
        Ok(database)
    }

    /// Fetches the secrets of a remote store again from now on. Returns a handle that asks for a
    /// fetch, if the store is remote.
    pub(super) fn refresh(&mut self, database: &Database, interval: Duration) -> Option<OnDemand> {
        let refetch = self.secrets.refetch.take()?;
        let on_demand = refetch.on_demand();
        let refreshing = refetch.run(interval, database.login_refusals());
        self.refreshing = Some(tokio::spawn(refreshing));
        Some(on_demand)
    }

    /// Returns the leases, if a Vault is configured.
    pub(crate) fn leases(&self) -> Option<&Leases> {
        self.secrets.leases.as_ref()
    }

    /// Returns the ages and expiries of the secrets.
    pub(crate) fn secrets_status(&self) -> SecretsStatus {
        self.secrets.status()
    }

    /// Releases everything, for a process that nobody waits for.
    ///
    /// # Errors
    ///
    /// If the operators' listener failed.
    pub(crate) async fn release(self) -> io::Result<()> {
        self.release_by(Instant::now() + RELEASE_TIMEOUT).await
    }

    /// Closes the database, revokes the leases, and stops the operators' listener last, so
    /// that operators can watch the rest. All of that ends by `exit_by`: each step has a share
    /// of the time that is left.
    ///
    /// # Errors
    ///
    /// If the operators' listener failed.
    pub(crate) async fn release_by(self, exit_by: Instant) -> io::Result<()> {
        // First, so that none can switch a closed database, or use a revoked token.
        self.is_stopping.store(true, Ordering::Release);
        for task in [self.following, self.refreshing].into_iter().flatten() {
            task.abort();
            let _ = task.await;
        }
        if let Some(database) = self.database {
            let left = exit_by.saturating_duration_since(Instant::now());
            let time = CLOSE_TIMEOUT.min(left * 2 / 5);
            let _ = timeout(time, database.close()).await;
        }
        self.secrets.revoke_by(exit_by).await;
        let _ = timeout_at(exit_by, self.otel.flush()).await;
        match self.admin {
            Some(admin) => admin.stop(exit_by).await,
            None => Ok(()),
        }
    }
}

/// Opens the database with the leased user, if there is one.
fn open(
    leases: Option<&Leases>,
    url: &Secret<String>,
    config: &AppConfig,
) -> Result<(Database, Option<Login>), Failure> {
    let login = leases.map(|leases| leases.login(url)).transpose()?;
    let url = login.as_ref().map_or(url, |login| &login.url);
    Ok((Database::open(url, &config.db)?, login))
}
