//! What a Vault lends: its token, and a user of the database. It is kept while
//! the service runs, handed to the database whenever it changes, and given back.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use environ::Secret;
use environ::secrets::vault::{Credentials, Health, Kept, Leased, Status, Vault, VaultError};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{error, info, warn};

use crate::database::{Database, DatabaseError, Rotation, with_login};

/// How long giving back a user or a token may take: what is not given back runs
/// out.
const GIVING_BACK: Duration = Duration::from_secs(1);

/// What a Vault lends.
#[derive(Clone, Debug)]
pub struct Lent {
    vault: Arc<Vault>,
    credentials: Option<Arc<Kept<Credentials>>>,
}

impl Lent {
    pub(super) fn new(vault: Vault) -> Self {
        Self {
            vault: Arc::new(vault),
            credentials: None,
        }
    }

    /// Keeps a user of the database as well.
    pub(super) fn add(&mut self, credentials: Kept<Credentials>) {
        self.credentials = Some(Arc::new(credentials));
    }

    pub(super) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Gives the URL with the user that is lent, if one is.
    ///
    /// # Errors
    ///
    /// If the database has no users.
    pub fn login(&self, url: &Secret<String>) -> Result<Login, DatabaseError> {
        let user = self.credentials.as_ref().map(|kept| kept.current());
        let login = match &user {
            Some(user) => with_login(url, user.value())?,
            None => url.clone(),
        };
        let (base, url) = (url.clone(), login);
        Ok(Login { url, base, user })
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

    /// Hands each user after this one to the database, and tells when something is
    /// not kept any more, or again, once each.
    pub async fn keep(self, database: Database, login: Login) -> Infallible {
        let token = tell("vault_token", self.vault.token().follow_status());
        let (Some(credentials), Some(used)) = (self.credentials, login.user) else {
            return token.await;
        };
        let rotation = Rotation::new(database, login.base, self.vault.clone(), used);
        tokio::select! {
            never = token => never,
            never = tell("database_credentials", credentials.follow_status()) => never,
            never = rotation.follow(credentials.follow()) => never,
        }
    }

    /// Gives everything back. The database must not be used any more.
    pub async fn give_back(&self) {
        if let Some(credentials) = &self.credentials {
            given_back("user", self.vault.revoke_all(credentials)).await;
        }
        given_back("token", self.vault.close()).await;
    }
}

async fn given_back(what: &str, revoked: impl Future<Output = Result<(), VaultError>>) {
    match timeout(GIVING_BACK, revoked).await {
        Ok(Ok(())) => info!(what, "gave back what the Vault lent"),
        Ok(Err(err)) => warn!(what, error = %err, "what the Vault lent will run out by itself"),
        Err(_) => warn!(
            what,
            "what the Vault lent will run out by itself: it takes too long"
        ),
    }
}

/// A database, with the user that is lent for it.
#[derive(Debug)]
pub struct Login {
    /// The database, with its user.
    pub url: Secret<String>,
    /// Without.
    base: Secret<String>,
    user: Option<Arc<Leased<Credentials>>>,
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
            error!(what, "nobody keeps it any more");
            return pending().await;
        }
    }
}
