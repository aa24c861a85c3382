//! The statements of requests, each of which is right on any connection.
//!
//! A statement travels as text, in the simple query protocol: one message there, one
//! answer back. A prepared statement would have a name, which belongs to a session of
//! PostgreSQL. A pooler between transactions (`PgBouncer`'s `pool_mode = transaction`,
//! for example) hands each message to any session, in which that name is missing or
//! belongs to the statement of another client.

use std::sync::Arc;
use std::time::Duration;

/// A statement of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// Reads the number of visits.
    Count,
    /// Adds a visit, and reads their number.
    Add,
}

impl Statement {
    /// Returns the name of its span.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Count => "SELECT visits",
            Self::Add => "UPDATE visits",
        }
    }

    /// Returns the text without limits.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Count => "SELECT count FROM visits WHERE id = 1",
            Self::Add => "UPDATE visits SET count = count + 1 WHERE id = 1 RETURNING count",
        }
    }
}

/// The texts of the statements for one database.
pub(super) struct Texts {
    count: Arc<str>,
    add: Arc<str>,
    limit: Duration,
    system: &'static str,
}

impl Texts {
    /// Creates texts for SQLite, which takes no limit.
    pub(super) fn of_sqlite(limit: Duration) -> Self {
        Self::with(limit, "sqlite", str::to_owned)
    }

    /// Creates texts for PostgreSQL, with a limit for the server.
    ///
    /// The limit travels in the message of the statement: `PgBouncer` rejects it as an
    /// option of the connection, and hands a `SET` to any session. Without a limit at
    /// the server, a statement that waits for a lock keeps its backend after the client
    /// has closed the connection. The server's limit also makes the answer sure: the
    /// server rolls back and says so. A cancel request would not: sent while a commit
    /// waits for a synchronous standby, it turns into success.
    pub(super) fn of_postgres(limit: Duration) -> Self {
        let limits = limits(limit);
        Self::with(limit, "postgresql", |text| format!("{limits}{text}"))
    }

    /// Returns the name of the database system, in the words of OpenTelemetry.
    pub(super) fn system(&self) -> &'static str {
        self.system
    }

    fn with(limit: Duration, system: &'static str, text: impl Fn(&str) -> String) -> Self {
        Self {
            count: text(Statement::Count.text()).into(),
            add: text(Statement::Add.text()).into(),
            limit,
            system,
        }
    }

    /// Returns the text of a statement.
    pub(super) fn of(&self, statement: Statement) -> Arc<str> {
        Arc::clone(match statement {
            Statement::Count => &self.count,
            Statement::Add => &self.add,
        })
    }

    /// Returns a statement that counts the backends which execute one of the statements
    /// beyond its limit.
    pub(super) fn overrunning(&self, statement: Statement) -> Arc<str> {
        let (text, limit) = (self.of(statement), milliseconds(self.limit));
        let overrunning = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = '{text}' \
             AND query_start < now() - interval '{limit} milliseconds'"
        );
        overrunning.into()
    }
}

/// Returns statements that limit those after them in the same message. Locks have less
/// time, so that an error tells of them.
pub(super) fn limits(limit: Duration) -> String {
    let (all, lock) = (milliseconds(limit), milliseconds(limit.mul_f64(0.9)));
    format!("SET LOCAL statement_timeout = {all}; SET LOCAL lock_timeout = {lock}; ")
}

/// Returns a time for PostgreSQL, to which 0 means no limit.
fn milliseconds(time: Duration) -> u128 {
    time.as_millis().clamp(1, i32::MAX.unsigned_abs().into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::limits;

    /// PostgreSQL takes 0 for no limit, and no number above that of 31 bits.
    #[test]
    fn a_limit_is_in_milliseconds_and_never_none() {
        for (limit, all, lock) in [
            (Duration::from_secs(5), "5000", "4500"),
            (Duration::from_micros(9), "1", "1"),
            (Duration::from_hours(8_760), "2147483647", "2147483647"),
        ] {
            let expected =
                format!("SET LOCAL statement_timeout = {all}; SET LOCAL lock_timeout = {lock}; ");
            assert_eq!(limits(limit), expected);
        }
    }
}
