//! The database: PostgreSQL or an SQLite file by URL, or else SQLite in memory.
//!
//! Its password may change while requests are served: see [`Database::rotate`].

mod error;
pub(crate) mod libpq;
mod migrations;
mod outage;
mod rotation;
mod statement;
mod url;
mod usage;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use environ::Secret;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, ConnectOptions, Connection, Executor};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::{error, warn};

pub use self::error::DatabaseError;
pub(crate) use self::rotation::Rotation;
pub(crate) use self::url::with_login;
pub use self::usage::Usage;

use self::outage::Outage;
use self::statement::Statement;
use self::usage::Rotations;
use crate::backoff::Backoff;
use crate::config::{DatabaseConfig, database_url};

const PING: &str = "SELECT CAST(1 AS BIGINT)";

/// A database, with its connections. A clone is the same one.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    pool: RwLock<AnyPool>,
    config: DatabaseConfig,
    outage: Outage,
    rotations: Rotations,
    runtime: Handle,
}

impl Database {
    /// Takes the URL of a database. It connects when it is first used.
    ///
    /// Connections belong to the runtime in which this is called, whoever uses
    /// them: the runtimes of the workers end before the pool does.
    ///
    /// # Errors
    ///
    /// If it is no such URL.
    pub fn open(url: &Secret<String>, config: &DatabaseConfig) -> Result<Self, DatabaseError> {
        sqlx::any::install_default_drivers();
        let pool = pool(url, config)?;
        let options = pool.connect_options();
        let read = libpq::read_beside(&options);
        if !read.is_empty() && !url::is_sqlite(&options) {
            warn!(
                variables = read.join(", "),
                "what the URL of the database leaves out is taken from other variables; write \
                 it into the URL, or unset them"
            );
        }
        Ok(Self(Arc::new(Inner {
            pool: RwLock::new(pool),
            config: config.clone(),
            outage: Outage::default(),
            rotations: Rotations::default(),
            runtime: Handle::current(),
        })))
    }

    /// Waits until the database can be used, trying again and again until `deadline`,
    /// unless it refuses. With `migrate`, it brings the tables up to date.
    ///
    /// # Errors
    ///
    /// What the database answered last, if it did.
    pub async fn start(&self, deadline: Instant, migrate: bool) -> Result<(), DatabaseError> {
        let mut backoff = Backoff::default();
        let mut last = None;
        loop {
            let err = match timeout_at(deadline, self.prepare(migrate)).await {
                Ok(Ok(())) => {
                    self.0.outage.ended();
                    return Ok(());
                }
                Ok(Err(err)) => err,
                // What was answered before tells more.
                Err(_) => {
                    return Err(last.unwrap_or(DatabaseError::NotReached("APP_START_TIMEOUT")));
                }
            };
            if err.is_refusal() {
                return Err(err);
            }
            self.0.outage.failed(&err);
            let Some(pause) = backoff.pause_before(deadline) else {
                return Err(err);
            };
            last = Some(err);
            sleep(pause).await;
        }
    }

    async fn prepare(&self, migrate: bool) -> Result<(), DatabaseError> {
        let pool = self.pool();
        verify(&pool.connect_options(), &self.0.config).await?;
        if migrate {
            let mut connection = self.acquire().await?;
            migrations::run(&mut connection, url::is_sqlite(&pool.connect_options())).await?;
        }
        self.visits().await.map(drop)
    }

    /// Gives how many visits there were.
    ///
    /// # Errors
    ///
    /// If the database does not say.
    pub async fn visits(&self) -> Result<i64, DatabaseError> {
        self.number(Statement::Count).await
    }

    /// Adds a visit, and gives how many there were with it.
    ///
    /// # Errors
    ///
    /// If the database does not say; the visit may be added all the same.
    pub async fn add_visit(&self) -> Result<i64, DatabaseError> {
        self.number(Statement::Add).await
    }

    /// Asks in a task of its own, which goes on when the request is dropped: no
    /// connection is left in the middle of an answer.
    async fn number(&self, statement: Statement) -> Result<i64, DatabaseError> {
        let begun = Instant::now();
        let this = self.clone();
        let asked = self.0.runtime.spawn(async move {
            let mut connection = this.connection().await?;
            let answer = statement.execute(&mut connection);
            let Ok(answer) = timeout(this.0.config.query_timeout, answer).await else {
                connection.close_on_drop();
                return Err(DatabaseError::TimedOut);
            };
            answer.map_err(DatabaseError::of_statement)
        });
        let answer = asked.await.unwrap_or(Err(DatabaseError::Closed));
        match &answer {
            Ok(_) => self.0.outage.answered(begun),
            // One that waits for another, say: it is not away for that.
            Err(err @ DatabaseError::TimedOut) => warn!(error = %err, "the database is slow"),
            Err(err) if err.is_outage() => {
                if self.0.outage.failed(err) {
                    self.0.runtime.spawn(self.clone().explain());
                }
            }
            Err(_) => {}
        }
        answer
    }

    /// Says why there is no connection, which a pool does not.
    async fn explain(self) {
        let options = self.pool().connect_options();
        if let Err(err) = verify(&options, &self.0.config).await {
            error!(error = %err, "the database cannot be connected to");
        }
    }

    /// Gives a connection, which goes back when it is dropped.
    ///
    /// # Errors
    ///
    /// If there is none within the time that the configuration gives.
    pub async fn acquire(&self) -> Result<PoolConnection<Any>, DatabaseError> {
        let this = self.clone();
        let acquired = self.0.runtime.spawn(async move { this.connection().await });
        acquired.await.unwrap_or(Err(DatabaseError::Closed))
    }

    async fn connection(&self) -> Result<PoolConnection<Any>, DatabaseError> {
        loop {
            let pool = self.pool();
            match pool.acquire().await {
                // Credentials were rotated since: ask the pool that is there now.
                Err(sqlx::Error::PoolClosed) if !self.pool().is_closed() => {}
                // Tells a database that is away from connections that are too few.
                Err(sqlx::Error::PoolTimedOut) => {
                    let Usage { in_use, max, .. } = self.0.rotations.usage(&pool);
                    return Err(DatabaseError::NoConnection { in_use, max });
                }
                acquired => return Ok(acquired?),
            }
        }
    }

    /// Goes over to other credentials of the same database, once they are seen to
    /// work. No request fails: those that have a connection keep it. Gives the
    /// connections with the credentials before, to be closed.
    ///
    /// # Errors
    ///
    /// If the new credentials do not work. Then those before stay in use.
    pub async fn rotate(&self, url: &Secret<String>) -> Result<Retired, DatabaseError> {
        let rotated = self.go_over_to(url).await;
        self.0.rotations.count(&rotated);
        rotated
    }

    async fn go_over_to(&self, url: &Secret<String>) -> Result<Retired, DatabaseError> {
        let new = pool(url, &self.0.config)?;
        verify(&new.connect_options(), &self.0.config).await?;
        let mut pool = self.0.pool.write().unwrap_or_else(PoisonError::into_inner);
        if pool.is_closed() {
            return Err(DatabaseError::Closed);
        }
        Ok(Retired(std::mem::replace(&mut pool, new)))
    }

    /// Closes all connections, once those in use are given back. After that there
    /// are none.
    pub async fn close(&self) {
        let pool = self.pool();
        pool.close().await;
    }

    /// Tells how it is used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.0.rotations.usage(&self.pool())
    }

    fn pool(&self) -> AnyPool {
        let pool = self.0.pool.read().unwrap_or_else(PoisonError::into_inner);
        pool.clone()
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pool = self.pool();
        f.debug_struct("Database")
            .field("connections", &pool.size())
            .field("idle", &pool.num_idle())
            .finish_non_exhaustive()
    }
}

/// Connections with credentials that are out of use.
#[must_use = "these connections stay open until they are closed"]
#[derive(Debug)]
pub struct Retired(AnyPool);

impl Retired {
    /// Closes them. It is done when the last one in use is given back: until then
    /// the credentials must stay valid.
    pub async fn close(self) {
        self.0.close().await;
    }
}

fn pool(url: &Secret<String>, config: &DatabaseConfig) -> Result<AnyPool, DatabaseError> {
    let connect = database_url::parse(url).map_err(DatabaseError::Url)?;
    let options = AnyPoolOptions::new().acquire_timeout(config.acquire_timeout);
    let options = if url::is_sqlite(&connect) {
        // A database in memory is as old as its connection, and a file has one
        // writer. Whoever gives up waiting while it is tested would close it.
        let one = options.max_connections(1).test_before_acquire(false);
        one.idle_timeout(None).max_lifetime(None)
    } else {
        options.max_connections(config.max_connections)
    };
    Ok(options.connect_lazy_with(connect))
}

/// Connects without a pool, which would not say why it cannot.
async fn verify(connect: &AnyConnectOptions, config: &DatabaseConfig) -> Result<(), DatabaseError> {
    let connected = async {
        let mut connection = connect.connect().await?;
        connection.execute(PING).await?;
        connection.close().await
    };
    match timeout(config.connect_timeout, connected).await {
        Ok(connected) => Ok(connected?),
        Err(_) => Err(DatabaseError::NotReached("APP_DB_CONNECT_TIMEOUT")),
    }
}
