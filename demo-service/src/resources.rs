//! What the service holds while it runs, and lets go of in the end.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use environ::Loaded;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::config::{AppConfig, Bootstrap};
use crate::database::Database;
use crate::process::exit::{self, Failure};
use crate::secrets::{self, Holdings, Lent, Login, Secrets};
use crate::server::admin::Admin;

/// How long connections to the database may take to close.
const CLOSING: Duration = Duration::from_secs(2);

/// What the service holds while it runs. However far it came, it must be
/// [let go](Self::let_go): others would have it until it runs out.
#[derive(Default)]
pub(crate) struct Held {
    secrets: Secrets,
    database: Option<Database>,
    keeping: Option<JoinHandle<Infallible>>,
    /// The operators' listener, if they have one.
    pub(crate) admin: Option<Admin>,
}

impl Held {
    /// Fetches the secrets until `deadline`, loads the configuration with them, and
    /// takes the database, to which it does not connect yet.
    ///
    /// # Errors
    ///
    /// If the secrets cannot be had, or are not right.
    pub(crate) async fn open(
        &mut self,
        boot: &Bootstrap,
        deadline: Instant,
    ) -> Result<(Loaded<AppConfig>, Database), Failure> {
        self.secrets.open(boot, deadline).await?;
        let loaded = self.secrets.load()?;
        let (database, login) = open(self.lent(), &loaded.config)?;
        self.database = Some(database.clone());
        let kept = self.lent().cloned().zip(login);
        let kept = kept.map(|(lent, login)| lent.keep(database.clone(), login));
        self.keeping = kept.map(tokio::spawn);
        Ok((loaded, database))
    }

    /// Gives what a Vault lends, if one does.
    pub(crate) fn lent(&self) -> Option<&Lent> {
        self.secrets.lent.as_ref()
    }

    /// Gives what stores gave, to be looked at.
    pub(crate) fn holdings(&self) -> Holdings {
        self.secrets.holdings()
    }

    /// Closes the database, gives back what is lent, and stops to answer operators:
    /// they can ask until then.
    ///
    /// # Errors
    ///
    /// If the operators' listener broke off.
    pub(crate) async fn let_go(self) -> io::Result<()> {
        // First, or it could hand the database to a new user once that is closed.
        if let Some(keeping) = self.keeping {
            keeping.abort();
            let _ = keeping.await;
        }
        if let Some(database) = self.database {
            let _ = timeout(CLOSING, database.close()).await;
        }
        self.secrets.give_back().await;
        match self.admin {
            Some(admin) => admin.stop().await,
            None => Ok(()),
        }
    }
}

/// Takes the database, with the user that is lent for it, if one is.
fn open(lent: Option<&Lent>, config: &AppConfig) -> Result<(Database, Option<Login>), Failure> {
    let url = secrets::database_url(config);
    let url = url.map_err(|err| Failure::new(exit::CONFIG, "cannot use the database", &err))?;
    let login = lent.map(|lent| lent.login(&url));
    let login = login.transpose()?;
    let url = login.as_ref().map_or(&url, |login| &login.url);
    Ok((Database::open(url, &config.db)?, login))
}
