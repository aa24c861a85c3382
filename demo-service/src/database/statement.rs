//! The statements of requests, each of which is right on any connection.
//!
//! A statement travels as text, in the simple query protocol: one message there, one
//! answer back. A prepared statement would have a name, which belongs to a session of
//! PostgreSQL. A pooler between transactions (PgBouncer's `pool_mode = transaction`,
//! for example) hands each message to any session, in which that name is missing or
//! belongs to the statement of another client.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row, raw_sql};

/// A statement of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// Reads the number of visits.
    Count,
    /// Adds a visit, and reads their number.
    Add,
}

impl Statement {
    fn text(self) -> &'static str {
        match self {
            Self::Count => "SELECT count FROM visits WHERE id = 1",
            Self::Add => "UPDATE visits SET count = count + 1 WHERE id = 1 RETURNING count",
        }
    }

    /// Executes the statement, and returns its number.
    ///
    /// The answer is read to its end, because PostgreSQL sends the row of an `UPDATE`
    /// before it commits: the commit may still fail.
    pub(super) async fn execute(self, connection: &mut AnyConnection) -> sqlx::Result<i64> {
        let rows: Vec<AnyRow> = raw_sql(self.text()).fetch_all(connection).await?;
        let row = rows.last().ok_or(sqlx::Error::RowNotFound)?;
        row.try_get(0)
    }
}
