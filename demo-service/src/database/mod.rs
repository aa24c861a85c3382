//! The database: PostgreSQL or an SQLite file by URL, or else SQLite in memory.
//!
//! Its password may change while requests are served: see [`Database::rotate`].

mod calls;
mod connect;
mod error;
mod execution;
mod file;
#[cfg(feature = "vault")]
mod leased;
#[cfg(not(feature = "vault"))]
#[path = "not_leased.rs"]
mod leased;
pub(crate) mod libpq;
mod migrations;
mod outage;
mod pool;
mod refusal;
mod relay;
mod rotation;
mod said;
mod session;
mod start;
mod statement;
#[cfg(feature = "vault")]
mod url;
mod usage;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use environ::Secret;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tracing::warn;

pub use self::error::{DatabaseError, Trouble};
pub(crate) use self::leased::LeasedLogin;
#[cfg(feature = "vault")]
pub(crate) use self::leased::Rotation;
pub use self::pool::Connection;
pub use self::rotation::Retired;
#[cfg(feature = "vault")]
pub(crate) use self::url::with_login;
pub use self::usage::Usage;

use self::outage::Troubles;
use self::pool::{Patience, Pool};
use self::session::Target;
use self::statement::{Statement, Texts};
use self::usage::Rotations;
use crate::config::DatabaseConfig;

/// A database, with its connections. A clone is the same database.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    pool: RwLock<Pool>,
    config: DatabaseConfig,
    texts: Texts,
    troubles: Troubles,
    rotations: Rotations,
    /// Whether the database was seen to work.
    is_started: AtomicBool,
    runtime: Handle,
}

impl Database {
    /// Takes the URL of a database. It connects when it is first used.
    ///
    /// Connections belong to the runtime in which this is called, because the runtimes
    /// of the workers end before the pool does.
    ///
    /// # Errors
    ///
    /// If the URL is wrong.
    pub fn open(url: &Secret<String>, config: &DatabaseConfig) -> Result<Self, DatabaseError> {
        let target = Target::new(url, config.query_timeout)?;
        if let Target::Postgres(url) = &target {
            let read = libpq::read_beside(url);
            if !read.is_empty() {
                warn!(
                    variables = read.join(", "),
                    "parameters that APP_DB_URL omits come from other variables; add the \
                     parameters to APP_DB_URL, or unset these variables"
                );
            }
        }
        let texts = match &target {
            Target::Postgres(_) => Texts::of_postgres(config.query_timeout),
            Target::Sqlite(_) => Texts::of_sqlite(config.query_timeout),
        };
        Ok(Self(Arc::new(Inner {
            pool: RwLock::new(Pool::new(target, config.max_connections)),
            config: config.clone(),
            texts,
            troubles: Troubles::default(),
            rotations: Rotations::default(),
            is_started: AtomicBool::new(false),
            runtime: Handle::current(),
        })))
    }

    /// Returns the number of visits.
    ///
    /// # Errors
    ///
    /// If the database does not say.
    pub async fn visits(&self) -> Result<i64, DatabaseError> {
        self.number(Statement::Count).await
    }

    /// Adds a visit, and returns the number of visits with it.
    ///
    /// # Errors
    ///
    /// If the database does not say; see [`DatabaseError::may_be_done`].
    pub async fn add_visit(&self) -> Result<i64, DatabaseError> {
        self.number(Statement::Add).await
    }

    async fn number(&self, statement: Statement) -> Result<i64, DatabaseError> {
        if !self.0.is_started.load(Ordering::Acquire) {
            // The tables may not be there, or be of another release.
            let is_away = self.0.troubles.is_away();
            return Err(DatabaseError::NotStarted { is_away });
        }
        self.ask(statement).await
    }

    /// Returns a connection, which goes back when it is dropped.
    ///
    /// # Errors
    ///
    /// If there is none within `APP_DB_ACQUIRE_TIMEOUT`.
    pub async fn acquire(&self) -> Result<Connection, DatabaseError> {
        let this = self.clone();
        let acquired = self.0.runtime.spawn(async move {
            let patience = this.patience();
            this.connection(patience).await
        });
        acquired.await.unwrap_or(Err(DatabaseError::Closed))
    }

    async fn connection(&self, patience: Patience) -> Result<Connection, DatabaseError> {
        loop {
            match self.pool().acquire(patience).await {
                // Another pool has taken its place: ask that one.
                Err(DatabaseError::Closed) if !self.pool().is_closed() => {}
                acquired => return acquired,
            }
        }
    }

    /// Closes all connections, once those in use are given back. After that there are
    /// none.
    pub async fn close(&self) {
        let pool = {
            // No other pool takes its place meanwhile.
            let pool = self.0.pool.write().unwrap_or_else(PoisonError::into_inner);
            pool.retire(None);
            pool.clone()
        };
        pool.unused().await;
    }

    /// Follows the number of logins that the database refused.
    pub(crate) fn login_refusals(&self) -> watch::Receiver<u64> {
        self.pool().login_refusals()
    }

    /// Returns how the database is used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.0.rotations.usage(&self.pool())
    }

    /// Returns the number of panics of the driver.
    pub(crate) fn panics(&self) -> u64 {
        self.pool().panics()
    }

    fn pool(&self) -> Pool {
        let pool = self.0.pool.read().unwrap_or_else(PoisonError::into_inner);
        pool.clone()
    }

    fn patience(&self) -> Patience {
        Patience {
            time: self.0.config.acquire_timeout,
            variable: "APP_DB_ACQUIRE_TIMEOUT",
            tries_again: true,
        }
    }

    fn patience_to_connect(&self) -> Patience {
        Patience {
            time: self.0.config.connect_timeout,
            variable: "APP_DB_CONNECT_TIMEOUT",
            tries_again: false,
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Usage { in_use, idle, .. } = self.usage();
        f.debug_struct("Database")
            .field("in_use", &in_use)
            .field("idle", &idle)
            .finish_non_exhaustive()
    }
}
