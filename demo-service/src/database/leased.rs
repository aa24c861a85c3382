//! Switches the database to each new user that a Vault leases.

use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use environ::Secret;
use environ::secrets::vault::{Credentials, Follow, Leased};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{error, info, warn};

use super::Database;
use super::error::DatabaseError;
use super::rotation::Retired;
use super::url::with_login;
use crate::backoff::Backoff;

/// The login of a database with leased users: a reload replaces the URL, and a rotation the
/// user. A clone is the same login.
#[derive(Clone)]
pub(crate) struct LeasedLogin(Arc<Mutex<Used>>);

/// The login in use. The lock is held while the database is switched, so that no switch undoes
/// another.
struct Used {
    /// The URL; its user is replaced.
    url: Secret<String>,
    user: Arc<Leased<Credentials>>,
    /// Connections of this user to former URLs.
    retired: Vec<Retired>,
}

impl LeasedLogin {
    /// Takes the URL and the user of a database that was opened with both.
    pub(crate) fn new(url: Secret<String>, user: Arc<Leased<Credentials>>) -> Self {
        let retired = Vec::new();
        Self(Arc::new(Mutex::new(Used { url, user, retired })))
    }

    /// Switches to another URL with the same user, as [`Database::replace`] does.
    ///
    /// # Errors
    ///
    /// If the database does not work there. Then the former URL stays in use.
    pub(crate) async fn replace(
        &self,
        database: &Database,
        url: &Secret<String>,
    ) -> Result<(), DatabaseError> {
        let mut used = self.0.lock().await;
        let login = with_login(url, used.user.value())?;
        let retired = database.replace(&login).await?;
        used.url = url.clone();
        used.retired.retain(|retired| !retired.is_unused());
        used.retired.push(retired);
        Ok(())
    }

    /// Switches to another user. Returns the former user, and the connections of that user.
    async fn switch(
        &self,
        database: &Database,
        new: &Arc<Leased<Credentials>>,
    ) -> Result<(Vec<Retired>, Arc<Leased<Credentials>>), DatabaseError> {
        let mut used = self.0.lock().await;
        let login = with_login(&used.url, new.value())?;
        let last = database.rotate(&login).await?;
        let old = mem::replace(&mut used.user, Arc::clone(new));
        let mut retired = mem::take(&mut used.retired);
        retired.push(last);
        Ok((retired, old))
    }

    /// Returns the number of the user.
    async fn number(&self) -> u64 {
        self.0.lock().await.user.number()
    }
}

impl fmt::Debug for LeasedLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeasedLogin").finish_non_exhaustive()
    }
}

/// Users of a database, each of which follows another.
pub(crate) struct Rotation {
    database: Database,
    login: LeasedLogin,
    /// Pools of former users, with connections that are being closed.
    retiring: JoinSet<()>,
}

impl Rotation {
    /// Takes a database that is used with `login`.
    pub(crate) fn new(database: Database, login: LeasedLogin) -> Self {
        Self {
            database,
            login,
            retiring: JoinSet::new(),
        }
    }

    /// Switches to each new user as soon as the database accepts that user, or to a
    /// newer user if the Vault leases a newer user first.
    pub(crate) async fn follow(
        mut self,
        mut leased: Follow<Arc<Leased<Credentials>>>,
    ) -> Infallible {
        let mut new = leased.current();
        let mut backoff = Backoff::default();
        let mut logged = None;
        loop {
            while self.retiring.try_join_next().is_some() {}
            let pause = if new.number() == self.login.number().await {
                None
            } else {
                match self.switch(&new).await {
                    Ok(()) => {
                        (backoff, logged) = (Backoff::default(), None);
                        None
                    }
                    Err(err) => {
                        if logged.replace(new.number()) != Some(new.number()) {
                            error!(error = %err, number = new.number(), "the new user of the database does not work");
                        }
                        Some(backoff.pause())
                    }
                }
            };
            tokio::select! {
                changed = leased.changed() => match changed {
                    Some(changed) => new = changed,
                    None => return pending().await,
                },
                () = after(pause) => {}
            }
        }
    }

    async fn switch(&mut self, new: &Arc<Leased<Credentials>>) -> Result<(), DatabaseError> {
        let (retired, old) = self.login.switch(&self.database, new).await?;
        info!(
            number = new.number(),
            "the database is used as another user"
        );
        self.retiring.spawn(retire(retired, old));
        Ok(())
    }
}

async fn after(pause: Option<Duration>) {
    match pause {
        Some(pause) => sleep(pause).await,
        None => pending().await,
    }
}

/// Revokes a former user once its last connection is closed.
async fn retire(retired: Vec<Retired>, user: Arc<Leased<Credentials>>) {
    for retired in retired {
        retired.close().await;
    }
    if let Err(err) = user.revoke().await {
        warn!(error = %err, number = user.number(), "the old user of the database is not revoked: it expires by itself");
    }
}
