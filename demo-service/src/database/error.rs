//! What may be wrong with the database.

use std::fmt;

use sqlx::migrate::MigrateError;

/// Why the database did not do what it was asked to. No text of it holds the URL.
#[derive(Debug)]
pub enum DatabaseError {
    /// This is not the URL of a database, for the reason given.
    Url(&'static str),
    /// It took longer than it may.
    TimedOut,
    /// The service is stopping, and has closed it.
    Closed,
    /// Its tables cannot be brought up to date.
    Migration(MigrateError),
    /// Anything else that the driver says.
    Driver(sqlx::Error),
}

/// SQLSTATE classes of statements that no database in good health would take,
/// and the result code of SQLite that means the same.
const OURS: &[&str] = &["22", "23", "42", "1"];

impl DatabaseError {
    /// Whether asking again later may help.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::TimedOut | Self::Closed => true,
            Self::Url(_) | Self::Migration(_) => false,
            Self::Driver(err) => driver_is_out(err),
        }
    }
}

fn driver_is_out(err: &sqlx::Error) -> bool {
    match err {
        sqlx::Error::Database(err) => {
            let code = err.code().unwrap_or_default();
            let class = code.get(..2).filter(|_| code.len() == 5);
            !OURS.contains(&class.unwrap_or(&code))
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

impl From<sqlx::Error> for DatabaseError {
    fn from(err: sqlx::Error) -> Self {
        match err {
            // Its text quotes from the URL.
            sqlx::Error::Configuration(_) => Self::Url("a part of it is not what the driver takes"),
            sqlx::Error::PoolClosed => Self::Closed,
            sqlx::Error::PoolTimedOut => Self::TimedOut,
            err => Self::Driver(err),
        }
    }
}

/// The causes are part of the text.
impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(reason) => write!(f, "the URL is refused: {reason}"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Closed => f.write_str("closed, since the service is stopping"),
            Self::Migration(err) => write!(f, "cannot migrate: {err}"),
            Self::Driver(err) => err.fmt(f),
        }
    }
}

impl std::error::Error for DatabaseError {}
