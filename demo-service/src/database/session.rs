//! One connection to a database, of either kind.
//!
//! Not sqlx's `Any`: that driver reads each connection from a URL alone, so that no
//! option can be set, and hides the severity of PostgreSQL's errors.

use std::sync::Arc;
use std::time::Duration;

use environ::Secret;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, raw_sql};
use url::Url;

use super::calls::{Calls, Panics};
use super::error::DatabaseError;
use super::file::{DatabaseFile, SqliteTarget};
use super::relay::socket_path;
use crate::config::database_url::{self, DatabaseUrl};

/// A database to connect to.
#[derive(Clone)]
pub(super) enum Target {
    Postgres(Url),
    Sqlite(Box<SqliteTarget>),
}

impl Target {
    /// Reads a URL. SQLite waits `busy_timeout` for the lock of a file.
    pub(super) fn new(url: &Secret<String>, busy_timeout: Duration) -> Result<Self, DatabaseError> {
        Ok(
            match database_url::parse(url).map_err(DatabaseError::Url)? {
                DatabaseUrl::Postgres(url) => Self::Postgres(url),
                DatabaseUrl::Sqlite(sqlite) => {
                    Self::Sqlite(Box::new(SqliteTarget::new(*sqlite, busy_timeout)))
                }
            },
        )
    }

    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Returns the host and port of the server, or the path of its socket.
    pub(super) fn address(&self) -> Option<String> {
        match self {
            Self::Postgres(url) => postgres(url).ok().map(|options| address(&options)),
            Self::Sqlite(_) => None,
        }
    }

    /// Returns whether both name a database of the same server. The same file is no server.
    pub(super) fn is_at_server_of(&self, other: &Self) -> bool {
        let address = self.address();
        address.is_some() && address == other.address()
    }

    /// Takes the driver's answer to an attempt to connect.
    pub(super) fn failed(&self, err: sqlx::Error) -> DatabaseError {
        match err {
            // Its text quotes from the URL.
            sqlx::Error::Configuration(_) => {
                DatabaseError::Url("a part of it is rejected by the driver".into())
            }
            err => DatabaseError::Connect {
                address: self.address(),
                has_percent: self.has_percent(),
                err,
            },
        }
    }

    /// Returns whether the password has a `%`, which may be meant as such.
    fn has_percent(&self) -> bool {
        matches!(self, Self::Postgres(url) if url.password().is_some_and(|it| it.contains('%')))
    }

    pub(super) async fn connect(&self, panics: &Panics) -> sqlx::Result<Session> {
        let (calls, driver) = match self {
            Self::Postgres(url) => {
                let (calls, options) = Calls::to_server(postgres(url)?, panics).await?;
                let connection = calls.call(options.connect()).await?;
                (calls, Driver::Postgres(connection))
            }
            Self::Sqlite(sqlite) => {
                let calls = Calls::to_file(panics);
                let (connection, file) = sqlite.connect(&calls).await?;
                (calls, Driver::Sqlite(connection, file))
            }
        };
        Ok(Session { driver, calls })
    }
}

/// Reads the URL for each connection, and with it `.pgpass`, as libpq does.
fn postgres(url: &Url) -> sqlx::Result<PgConnectOptions> {
    let options = PgConnectOptions::from_url(url)?;
    // PgBouncer as installed rejects the parameter. Since PostgreSQL 12 its default
    // loses no digit.
    Ok(options.extra_float_digits(None).disable_statement_logging())
}

fn address(options: &PgConnectOptions) -> String {
    let (host, port) = (options.get_host(), options.get_port());
    socket_path(options).unwrap_or_else(|| format!("{host}:{port}"))
}

/// A connection to a database.
pub(super) struct Session {
    pub(super) driver: Driver,
    pub(super) calls: Calls,
}

/// The connection of a driver.
pub(super) enum Driver {
    Postgres(PgConnection),
    /// The connection, and its file unless the database is in memory.
    Sqlite(SqliteConnection, Option<DatabaseFile>),
}

impl Session {
    /// Returns whether the database ends with the connection.
    pub(super) fn is_in_memory(&self) -> bool {
        matches!(self.driver, Driver::Sqlite(_, None))
    }

    /// Waits for an answer of the database, which takes one round trip.
    pub(super) async fn ping(&mut self) -> sqlx::Result<()> {
        match &mut self.driver {
            Driver::Postgres(connection) => self.calls.call(connection.ping()).await,
            Driver::Sqlite(connection, file) => {
                if let Some(file) = file {
                    file.check().await?;
                }
                self.calls.call(connection.ping()).await
            }
        }
    }

    /// Takes leave of the server.
    pub(super) async fn close(self) -> sqlx::Result<()> {
        match self.driver {
            Driver::Postgres(connection) => self.calls.call(connection.close()).await,
            Driver::Sqlite(connection, _) => self.calls.call(connection.close()).await,
        }
    }

    /// Executes statements, and returns the number in their last row.
    ///
    /// The answer is read to its end, because PostgreSQL sends the row of an `UPDATE`
    /// before it commits: the commit may still fail.
    pub(super) async fn number(&mut self, text: Arc<str>) -> sqlx::Result<i64> {
        let statements = raw_sql(AssertSqlSafe(text));
        let calls = &self.calls;
        match &mut self.driver {
            Driver::Postgres(connection) => {
                let rows = async { last(&statements.fetch_all(connection).await?) };
                calls.call(rows).await
            }
            Driver::Sqlite(connection, _) => {
                let rows = async { last(&statements.fetch_all(connection).await?) };
                calls.call(rows).await
            }
        }
    }
}

fn last<R: Row>(rows: &[R]) -> sqlx::Result<i64>
where
    usize: sqlx::ColumnIndex<R>,
    i64: for<'r> sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    rows.last().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}
