//! What a Vault lends: its token, and a user of the database. It is kept while
//! the service runs, handed to the database whenever it changes, and given back.

use std::convert::Infallible;
use std::future::pending;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use environ::Secret;
use environ::secrets::vault::{Credentials, Health, Kept, Leased, Status, Vault};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::backoff::Backoff;
use crate::database::{Database, DatabaseError, Retired, with_login};

/// How long giving back may take: what is not given back runs out.
const GIVING_BACK: Duration = Duration::from_secs(2);

/// What a Vault lends.
#[derive(Clone, Debug)]
pub struct Lent {
    vault: Arc<Vault>,
    credentials: Option<Arc<Kept<Credentials>>>,
}

impl Lent {
    pub(super) fn new(vault: Vault, credentials: Option<Kept<Credentials>>) -> Self {
        Self {
            vault: Arc::new(vault),
            credentials: credentials.map(Arc::new),
        }
    }

    /// Gives the URL with the user that is lent, if one is.
    ///
    /// # Errors
    ///
    /// If the database has no users.
    pub fn login(&self, url: &Secret<String>) -> Result<Secret<String>, DatabaseError> {
        match &self.credentials {
            Some(credentials) => with_login(url, credentials.current().value()),
            None => Ok(url.clone()),
        }
    }

    /// Whether what is lent is good.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.each()
            .all(|(_, status)| status.health != Health::Expired)
    }

    /// Gives what is lent, by name, and how it stands.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, Status)> {
        let token = ("vault_token", self.vault.token().status());
        let credentials = self.credentials.as_ref();
        let credentials = credentials.map(|kept| ("database_credentials", kept.status()));
        [token].into_iter().chain(credentials)
    }

    /// Has the user looked at, since the database may have refused it.
    pub fn suspect(&self) {
        if let Some(credentials) = &self.credentials {
            credentials.suspect();
        }
    }

    /// Hands each new user to the database, and tells when something is not kept
    /// any more, or again, once each.
    pub async fn keep(self, database: Database, url: Secret<String>) -> Infallible {
        let token = tell("vault_token", self.vault.token().follow_status());
        let Some(credentials) = self.credentials else {
            return token.await;
        };
        let rotated = Rotation {
            vault: self.vault.clone(),
            database,
            url,
            used: credentials.current(),
            retiring: JoinSet::new(),
        };
        tokio::select! {
            never = token => never,
            never = tell("database_credentials", credentials.follow_status()) => never,
            never = rotated.follow(credentials.follow()) => never,
        }
    }

    /// Gives everything back. The database must not be used any more.
    pub async fn give_back(&self) {
        let given_back = async {
            if let Some(credentials) = &self.credentials {
                self.vault.revoke(&credentials.current()).await?;
            }
            self.vault.close(GIVING_BACK).await
        };
        match timeout(GIVING_BACK, given_back).await {
            Ok(Ok(())) => info!("gave back what the Vault lent"),
            Ok(Err(err)) => warn!(error = %err, "what the Vault lent will run out by itself"),
            Err(_) => warn!("what the Vault lent will run out by itself: it takes too long"),
        }
    }
}

/// Users of the database, one after the other.
struct Rotation {
    vault: Arc<Vault>,
    database: Database,
    url: Secret<String>,
    used: Arc<Leased<Credentials>>,
    /// Those that are out of use, and whose connections are being closed.
    retiring: JoinSet<()>,
}

impl Rotation {
    async fn follow(mut self, mut held: watch::Receiver<Arc<Leased<Credentials>>>) -> Infallible {
        loop {
            let new = Arc::clone(&held.borrow_and_update());
            if new.number() != self.used.number() {
                self.rotate(new).await;
            }
            while self.retiring.try_join_next().is_some() {}
            if held.changed().await.is_err() {
                return pending().await;
            }
        }
    }

    /// Goes over to a new user, as soon as the database takes it.
    async fn rotate(&mut self, new: Arc<Leased<Credentials>>) {
        let mut backoff = Backoff::default();
        let mut told = false;
        loop {
            let login = with_login(&self.url, new.value());
            let rotated = match login {
                Ok(url) => self.database.rotate(&url).await,
                Err(err) => Err(err),
            };
            match rotated {
                Ok(retired) => {
                    info!(
                        number = new.number(),
                        "the database is used as another user"
                    );
                    let old = mem::replace(&mut self.used, new);
                    self.retiring
                        .spawn(retire(self.vault.clone(), retired, old));
                    return;
                }
                Err(err) if !mem::replace(&mut told, true) => {
                    error!(error = %err, number = new.number(), "the new user does not work");
                }
                Err(_) => {}
            }
            sleep(backoff.pause()).await;
        }
    }
}

/// Gives a user back, once nobody uses it.
async fn retire(vault: Arc<Vault>, retired: Retired, user: Arc<Leased<Credentials>>) {
    retired.close().await;
    if let Err(err) = vault.revoke(&user).await {
        warn!(error = %err, number = user.number(), "an old user will run out by itself");
    }
}

/// Tells each change of health, once.
async fn tell(what: &'static str, mut status: watch::Receiver<Status>) -> Infallible {
    let mut told = Health::Fresh;
    loop {
        let now = status.borrow_and_update().clone();
        if mem::replace(&mut told, now.health) != now.health {
            let expires_in = now.expires_in().map(|left| left.as_secs());
            let error = now.failure.map(|err| err.to_string());
            match now.health {
                Health::Fresh => info!(what, expires_in, "kept alive again"),
                Health::Stale => warn!(what, expires_in, error, "cannot be renewed"),
                Health::Expired => error!(what, error, "has run out"),
            }
        }
        if status.changed().await.is_err() {
            return pending().await;
        }
    }
}
