//! What may be wrong with the database.

use std::fmt;

use sqlx::migrate::MigrateError;

/// Why the database did not do what it was asked to. No text of it holds the URL.
#[derive(Debug)]
pub enum DatabaseError {
    /// This is not the URL of a database, for the reason given.
    Url(&'static str),
    /// No connection was to be had in time.
    NoConnection {
        /// How many were in use.
        in_use: u32,
        /// How many there may be.
        max: u32,
    },
    /// It was not reached within the time that this variable gives.
    NotReached(&'static str),
    /// It did not answer a statement in time, and may do it all the same.
    TimedOut,
    /// The connection broke before the answer to a statement, which may be done.
    Lost(sqlx::Error),
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

/// The one of them that passes when somebody gives the right, or another user.
const NO_RIGHT: &str = "42501";

/// What no waiting helps against, by the beginning of its SQLSTATE or the result
/// code of SQLite, and what does.
const REFUSALS: &[(&str, &str)] = &[
    ("28", "check the user and the password"),
    ("3D000", "make the database, or check its name"),
    (
        NO_RIGHT,
        "give the user the right; or migrate as another, and set APP_DB_MIGRATE to false",
    ),
    (
        "14",
        "check that the file is there, or its directory if the URL ends in `?mode=rwc`, and \
         who may use it",
    ),
];

impl DatabaseError {
    /// Whether asking again later may help.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Url(_) | Self::Migration(_) => false,
            Self::Driver(err) => driver_is_out(err),
            _ => true,
        }
    }

    /// Whether what was asked for may be done all the same.
    #[must_use]
    pub fn may_be_done(&self) -> bool {
        matches!(self, Self::TimedOut | Self::Lost(_))
    }

    /// Whether a start must not wait for it to be better: somebody has to change
    /// something.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Url(_)) || self.remedy().is_some()
    }

    fn remedy(&self) -> Option<&'static str> {
        let (Self::Driver(err)
        | Self::Migration(MigrateError::Execute(err) | MigrateError::ExecuteMigration(err, _))) =
            self
        else {
            return None;
        };
        let code = err.as_database_error()?.code()?;
        let is_this = |of: &&(&str, &str)| code.len() >= of.0.len() && code.starts_with(of.0);
        let (_, remedy) = REFUSALS.iter().find(is_this)?;
        Some(remedy)
    }

    /// Takes what the driver says to a statement that was sent.
    pub(super) fn of_statement(err: sqlx::Error) -> Self {
        match err {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => Self::Lost(err),
            err => err.into(),
        }
    }
}

fn driver_is_out(err: &sqlx::Error) -> bool {
    match err {
        sqlx::Error::Database(err) => {
            let code = err.code().unwrap_or_default();
            let class = code.get(..2).filter(|_| code.len() == 5);
            code == NO_RIGHT || !OURS.contains(&class.unwrap_or(&code))
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
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
            err => Self::Driver(err),
        }
    }
}

/// The causes are part of the text.
impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(reason) => write!(f, "the URL is refused: {reason}"),
            Self::NoConnection { in_use, max } => write!(
                f,
                "no connection within APP_DB_ACQUIRE_TIMEOUT: {in_use} of {max} are in use"
            ),
            Self::NotReached(variable) => write!(f, "not reached within {variable}"),
            Self::TimedOut => f.write_str("no answer within APP_DB_QUERY_TIMEOUT"),
            Self::Lost(err) => write!(f, "the connection broke: {}", Said(err)),
            Self::Closed => f.write_str("closed, since the service is stopping"),
            Self::Migration(
                MigrateError::Execute(err) | MigrateError::ExecuteMigration(err, _),
            ) => write!(f, "cannot migrate: {}", Said(err)),
            Self::Migration(err) => write!(f, "cannot migrate: {err}"),
            Self::Driver(err) => Said(err).fmt(f),
        }?;
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DatabaseError {}

/// What the driver says; of what the database says, no more than that. It would add
/// the line of the source of PostgreSQL.
struct Said<'a>(&'a sqlx::Error);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_database_error() {
            Some(err) => match err.code() {
                Some(code) => write!(f, "{} (code {code})", err.message()),
                None => f.write_str(err.message()),
            },
            None => self.0.fmt(f),
        }
    }
}
