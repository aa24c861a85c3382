//! The database: PostgreSQL or an SQLite file by URL, or else SQLite in memory.
//!
//! Its password may change while requests are served: see [`Database::rotate`].

mod error;
pub(crate) mod libpq;
mod migrations;
mod outage;
mod pool;
mod rotation;
mod session;
mod statement;
mod url;
mod usage;

use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use environ::Secret;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::warn;

pub use self::error::{DatabaseError, Trouble};
pub use self::pool::Connection;
pub use self::rotation::Retired;
pub(crate) use self::rotation::Rotation;
pub(crate) use self::url::with_login;
pub use self::usage::Usage;

use self::outage::Troubles;
use self::pool::{Patience, Pool};
use self::session::Target;
use self::statement::{Statement, Texts};
use self::usage::Rotations;
use crate::backoff::Backoff;
use crate::config::DatabaseConfig;

/// The time that the server's own limit has to come back as an error.
const GRACE: Duration = Duration::from_secs(1);

/// The pause between two looks at a statement that overran its limit.
const OVERRUN_PAUSE: Duration = Duration::from_secs(2);

/// The time in which a start waits for a host that no name server knows.
const NAME_GRACE: Duration = Duration::from_secs(2);

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
                    "what the URL of the database leaves out is taken from other variables; write \
                     it into the URL, or unset them"
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

    /// Waits until the database can be used, trying again and again until `deadline`,
    /// unless the database refuses. With `migrate`, it brings the tables up to date.
    ///
    /// # Errors
    ///
    /// The last answer of the database, if there was any.
    pub async fn start(&self, deadline: Instant, migrate: bool) -> Result<(), DatabaseError> {
        let begun = Instant::now();
        let (mut backoff, mut last) = (Backoff::default(), None);
        loop {
            let err = match timeout_at(deadline, self.prepare(deadline, migrate)).await {
                Ok(Ok(())) => {
                    self.0.troubles.all_ended();
                    self.0.is_started.store(true, Ordering::Release);
                    return Ok(());
                }
                Ok(Err(err)) => err,
                // The answer before tells more.
                Err(_) => {
                    return Err(last.unwrap_or_else(|| DatabaseError::NotReached {
                        address: self.pool().target().address(),
                        variable: "APP_START_TIMEOUT",
                    }));
                }
            };
            let may_appear = err.is_unknown_host() && begun.elapsed() < NAME_GRACE;
            if err.is_refusal() && !may_appear {
                return Err(err);
            }
            self.0.troubles.failed(&err, None);
            let Some(pause) = backoff.pause_before(deadline) else {
                return Err(err);
            };
            last = Some(err);
            sleep(pause).await;
        }
    }

    async fn prepare(&self, deadline: Instant, migrate: bool) -> Result<(), DatabaseError> {
        let mut connection = self.connection(self.patience_to_connect()).await?;
        if migrate {
            let mut session = connection.begin()?;
            let left = deadline.saturating_duration_since(Instant::now());
            let migrated = migrations::run(&mut session, left).await;
            connection.settle(session, migrated.as_ref().err());
            migrated?;
        }
        drop(connection);
        self.ask(Statement::Count).await.map(drop)
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

    async fn ask(&self, statement: Statement) -> Result<i64, DatabaseError> {
        let begun = Instant::now();
        let (reply, answer) = oneshot::channel();
        self.0.runtime.spawn(self.clone().execute(statement, reply));
        let answer = answer.await.unwrap_or(Err(DatabaseError::Closed));
        match &answer {
            Ok(_) => self.0.troubles.answered(statement, begun),
            Err(err) => self.0.troubles.failed(err, Some(statement)),
        }
        answer
    }

    /// Executes a statement in a task of its own, which goes on when the request is
    /// dropped: no connection is left in the middle of an answer.
    async fn execute(
        self,
        statement: Statement,
        reply: oneshot::Sender<Result<i64, DatabaseError>>,
    ) {
        let begun = match self.connection(self.patience()).await {
            Ok(mut connection) => connection.begin().map(|session| (connection, session)),
            Err(err) => Err(err),
        };
        let (mut connection, mut session) = match begun {
            Ok(begun) => begun,
            Err(err) => {
                let _ = reply.send(Err(err));
                return;
            }
        };
        let text = self.0.texts.of(statement);
        let mut asked = Box::pin(async move {
            let answer = session.number(text).await;
            (answer.map_err(DatabaseError::of_statement), session)
        });
        let limit = self.0.config.query_timeout + GRACE;
        if let Ok((answer, session)) = timeout(limit, &mut asked).await {
            connection.settle(session, answer.as_ref().err());
            drop(connection);
            let _ = reply.send(answer);
            return;
        }
        let _ = reply.send(Err(DatabaseError::TimedOut));
        // Its place stays taken while the server executes the statement. Otherwise the
        // pool would connect again, and again, until the server has no backend left.
        connection.leave_behind();
        tokio::select! {
            (answer, session) = &mut asked => connection.settle(session, answer.as_ref().err()),
            () = self.overrun_ends(statement) => {}
        }
    }

    /// Waits until the server executes no statement beyond its limit: then the
    /// connection of such a statement is dead.
    async fn overrun_ends(&self, statement: Statement) {
        let pool = self.pool();
        if pool.target().is_sqlite() {
            return pending().await;
        }
        loop {
            sleep(OVERRUN_PAUSE).await;
            // If the database is away, no request needs the place.
            let Ok(mut spare) = self.pool().connect_spare(self.patience_to_connect()).await else {
                continue;
            };
            let counted = spare.session.number(self.0.texts.overrunning(statement));
            match timeout(self.0.config.query_timeout, counted).await {
                Ok(Ok(1..)) | Err(_) => {}
                // A server without the view has no say.
                Ok(_) => return,
            }
        }
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

    /// Switches to other credentials of the same database, once they are seen to work.
    /// No request fails, because those that have a connection keep it. Returns the
    /// connections with the former credentials, to be closed.
    ///
    /// # Errors
    ///
    /// If the new credentials do not work. Then the former credentials stay in use.
    pub async fn rotate(&self, url: &Secret<String>) -> Result<Retired, DatabaseError> {
        let rotated = self.switch_to(url).await;
        self.0.rotations.count(&rotated);
        rotated
    }

    async fn switch_to(&self, url: &Secret<String>) -> Result<Retired, DatabaseError> {
        let target = Target::new(url, self.0.config.query_timeout)?;
        let new = self.pool().successor(target);
        let spare = new.connect_spare(self.patience_to_connect()).await?;
        spare.close().await;
        let mut pool = self.0.pool.write().unwrap_or_else(PoisonError::into_inner);
        if pool.is_closed() {
            return Err(DatabaseError::Closed);
        }
        let old = std::mem::replace(&mut *pool, new);
        drop(pool);
        Ok(Retired::new(old))
    }

    /// Closes all connections, once those in use are given back. After that there are
    /// none.
    pub async fn close(&self) {
        let pool = self.pool();
        pool.retire(true);
        pool.unused().await;
    }

    /// Returns how the database is used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.0.rotations.usage(&self.pool())
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
