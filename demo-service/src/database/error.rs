//! The errors of a database.

use std::borrow::Cow;
use std::fmt;

use sqlx::migrate::MigrateError;

use super::refusal::{self, NO_RIGHT};
use super::said::{ServerError, line};

/// The reason why the database did not execute a statement. No text of it holds the URL.
#[derive(Debug)]
pub enum DatabaseError {
    /// The URL of the database is wrong, for this reason.
    Url(Cow<'static, str>),
    /// All connections were in use for too long.
    Exhausted {
        /// The number of connections in use.
        in_use: u32,
        /// The maximum number of connections.
        max: u32,
    },
    /// The database was not reached within the time that a variable sets.
    NotReached {
        /// The host and port; a file has none.
        address: Option<String>,
        /// The name of the variable.
        variable: &'static str,
    },
    /// The database cannot be connected to.
    Connect {
        /// The host and port; a file has none.
        address: Option<String>,
        /// Whether the URL has a password with a `%`.
        has_percent: bool,
        /// The cause.
        err: sqlx::Error,
    },
    /// The database accepted a connection, and gave no answer within the time that
    /// this variable sets.
    Unanswered(&'static str),
    /// The service has not seen the database work yet.
    NotStarted {
        /// Whether the database is unavailable.
        is_away: bool,
    },
    /// The database did not answer a statement in time, and may still execute it.
    TimedOut,
    /// The connection broke before the answer to a statement, which may be executed.
    Lost(sqlx::Error),
    /// The answer to a statement, which may be executed, cannot be read.
    Unreadable(sqlx::Error),
    /// The service is stopping, and has closed the database.
    Closed,
    /// The tables cannot be brought up to date.
    Migration(MigrateError),
    /// The database did not execute a statement, for this reason.
    Driver(sqlx::Error),
}

/// The trouble that a database is in, by the way it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No statement reaches a database that can execute it.
    Away,
    /// The database does not execute statements in time.
    Slow,
    /// All connections are in use.
    Exhausted,
}

/// SQLSTATE classes of statements that no database in good health executes, and the
/// result code of SQLite with the same meaning.
const OURS: &[&str] = &["22", "23", "42", "1"];

/// A statement that the database ended because it took too long, waited too long for a
/// lock, or was in the way of another, by SQLSTATE.
const SLOW: &[&str] = &["57014", "55P03", "40001", "40P01"];

/// SQLSTATE classes after which the connection can be used again.
const HARMLESS: &[&str] = &["22", "23", "40", "42", "53", "55"];

/// SQLSTATEs that say: every connection to this server is of no use. The server is a
/// standby, or shuts down.
const OF_THE_SERVER: &[&str] = &["25006", "57P01", "57P02", "57P03", "57P04"];

impl DatabaseError {
    /// Returns the trouble that the database is in, or `None` if the statement is at
    /// fault.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::NotReached { .. }
            | Self::Connect { .. }
            | Self::Lost(_)
            | Self::Unreadable(_) => Some(Trouble::Away),
            Self::Unanswered(_) | Self::TimedOut => Some(Trouble::Slow),
            Self::Exhausted { .. } => Some(Trouble::Exhausted),
            Self::Driver(err) => driver_trouble(err),
            Self::Url(_) | Self::Migration(_) | Self::NotStarted { .. } | Self::Closed => None,
        }
    }

    /// Returns whether the same request may succeed later.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::NotStarted { .. } | Self::Closed) || self.trouble().is_some()
    }

    /// Returns the error as a client may know it.
    #[must_use]
    pub fn detail(&self) -> &'static str {
        match (self, self.trouble()) {
            (Self::NotStarted { is_away: false }, _) => "the service is starting",
            (_, Some(Trouble::Slow)) => "the database is slow",
            (_, Some(Trouble::Exhausted)) => "all connections to the database are in use",
            _ => "the database is unavailable",
        }
    }

    /// Returns whether the statement may be executed in spite of the error.
    #[must_use]
    pub fn may_be_done(&self) -> bool {
        matches!(self, Self::TimedOut | Self::Lost(_) | Self::Unreadable(_))
    }

    /// Returns whether a start must not wait, because somebody has to change something.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Url(_)) || self.remedy().is_some()
    }

    /// Returns whether the server refused the user or its password.
    pub(super) fn is_refused_login(&self) -> bool {
        matches!(self, Self::Connect { err, .. } if refusal::is_of_login(err))
    }

    /// Returns whether no name server knows the host. A name may appear a moment after
    /// the containers of a deployment.
    pub(super) fn is_unknown_host(&self) -> bool {
        matches!(self, Self::Connect { err: sqlx::Error::Io(err), .. } if refusal::is_unknown_host(err))
    }

    /// Returns whether the connection can be used again.
    pub(super) fn is_of_the_statement(&self) -> bool {
        let Self::Driver(err) = self else {
            return false;
        };
        match code(err) {
            Some(code) => code == "57014" || is_busy(&code) || has_class(&code, HARMLESS),
            None => matches!(err, sqlx::Error::RowNotFound),
        }
    }

    /// Returns whether all connections to the server are of no use.
    pub(super) fn is_of_the_server(&self) -> bool {
        match self {
            Self::Driver(err) | Self::Lost(err) => {
                code(err).is_some_and(|code| OF_THE_SERVER.contains(&&*code))
            }
            _ => false,
        }
    }

    /// Returns whether the error is about one statement, so that the success of another
    /// statement does not mean its end.
    pub(super) fn is_about_the_statement(&self) -> bool {
        matches!(self, Self::Driver(_) | Self::TimedOut)
    }

    fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Driver(err)
            | Self::Migration(
                MigrateError::Execute(err) | MigrateError::ExecuteMigration(err, _),
            ) => refusal::of_statement(&code(err)?),
            Self::Connect {
                address,
                has_percent,
                err,
            } => refusal::of_connection(address.as_deref(), *has_percent, err),
            _ => None,
        }
    }

    /// Takes the driver's answer to a statement that was sent.
    pub(super) fn of_statement(err: sqlx::Error) -> Self {
        match &err {
            sqlx::Error::Database(err) if is_end_of_connection(&**err) => {}
            sqlx::Error::Database(_) | sqlx::Error::RowNotFound => return Self::Driver(err),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {}
            _ => return Self::Unreadable(err),
        }
        Self::Lost(err)
    }
}

/// Returns whether an error ends the connection rather than the statement: PostgreSQL or
/// a pooler may send it after the commit. An error of less severity rolls back.
fn is_end_of_connection(err: &dyn sqlx::error::DatabaseError) -> bool {
    let said: Option<&ServerError> = err.try_downcast_ref();
    let code = err.code().unwrap_or_default();
    said.is_some_and(|said| said.ends_connection) || has_class(&code, &["08"]) || code == "40003"
}

fn driver_trouble(err: &sqlx::Error) -> Option<Trouble> {
    let code = code(err)?;
    if SLOW.contains(&&*code) || is_busy(&code) {
        Some(Trouble::Slow)
    } else if code != NO_RIGHT && has_class(&code, OURS) {
        None
    } else {
        Some(Trouble::Away)
    }
}

/// The result code 5 of SQLite is busy, 6 is locked.
fn is_busy(code: &str) -> bool {
    matches!(refusal::sqlite_code(code), Some(5 | 6))
}

/// Returns whether a code belongs to one of these classes, or is one of these result
/// codes of SQLite.
fn has_class(code: &str, classes: &[&str]) -> bool {
    let class = code.get(..2).filter(|_| code.len() == 5);
    classes.contains(&class.unwrap_or(code))
}

fn code(err: &sqlx::Error) -> Option<Cow<'_, str>> {
    err.as_database_error()?.code()
}

/// The causes are part of the text.
impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(reason) => write!(f, "the URL is refused: {reason}"),
            Self::Exhausted { in_use, max } if in_use < max => {
                match max {
                    1 => f.write_str("the only connection does not answer"),
                    max => write!(f, "none of the {max} connections answers"),
                }?;
                f.write_str("; check firewalls and proxies between the service and the database")
            }
            Self::Exhausted { in_use, max } => write!(
                f,
                "the pool is exhausted: {in_use} of {max} connections are in use; raise \
                 APP_DB_MAX_CONNECTIONS, or find the slow statements"
            ),
            Self::NotReached { address, variable } => match address {
                Some(address) => write!(f, "{address} was not reached within {variable}"),
                None => write!(f, "not reached within {variable}"),
            },
            Self::Connect { address, err, .. } => match address {
                Some(address) => write!(f, "cannot connect to {address}: {}", Said(err)),
                None => Said(err).fmt(f),
            },
            Self::Unanswered(variable) => {
                write!(f, "connected, and got no answer within {variable}")
            }
            Self::NotStarted { .. } => f.write_str("the database has not answered since the start"),
            Self::TimedOut => f.write_str("no answer within APP_DB_QUERY_TIMEOUT"),
            Self::Lost(err) => write!(f, "the connection broke: {}", Said(err)),
            Self::Unreadable(err) => {
                write!(f, "the answer to a statement cannot be read: {}", Said(err))
            }
            Self::Closed => f.write_str("closed, because the service is stopping"),
            Self::Migration(
                MigrateError::Execute(err) | MigrateError::ExecuteMigration(err, _),
            ) => write!(f, "cannot migrate: {}", Said(err)),
            Self::Migration(err) => write!(f, "cannot migrate: {err}"),
            Self::Driver(err) => Said(err).fmt(f),
        }?;
        let missing = match self {
            Self::Driver(err) => refusal::of_missing_table(err),
            _ => None,
        };
        match self.remedy().or(missing) {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DatabaseError {}

/// The driver's text, of which a certificate may be a part, on a line.
struct Said<'a>(&'a sqlx::Error);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            sqlx::Error::Database(err) => err.fmt(f),
            sqlx::Error::Io(err) => f.write_str(&line(&err.to_string())),
            err => f.write_str(&line(&err.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DatabaseError;

    #[test]
    fn an_exhausted_pool_says_whether_its_connections_are_in_use() {
        for (in_use, max, text) in [
            (
                10,
                10,
                "the pool is exhausted: 10 of 10 connections are in use; raise \
                 APP_DB_MAX_CONNECTIONS, or find the slow statements",
            ),
            (
                0,
                10,
                "none of the 10 connections answers; check firewalls and proxies between the \
                 service and the database",
            ),
            (
                0,
                1,
                "the only connection does not answer; check firewalls and proxies between the \
                 service and the database",
            ),
        ] {
            let err = DatabaseError::Exhausted { in_use, max };
            assert_eq!(err.to_string(), text);
        }
    }
}
