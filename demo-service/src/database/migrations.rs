//! The tables: made and changed by the files in `migrations/`, in their order.

use sqlx::Any;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::pool::PoolConnection;

use super::DatabaseError;

/// A file's number, its name, and what is in it. A file that was released does
/// not change any more: databases remember its checksum.
const FILES: &[(i64, &str, &str)] = &[(
    1,
    "visits",
    include_str!("../../migrations/0001_visits.sql"),
)];

/// Runs those that the database does not have yet.
///
/// On PostgreSQL others that do the same wait until it is done. On SQLite they
/// fail, and find it done when they try again.
pub(super) async fn run(mut connection: PoolConnection<Any>) -> Result<(), DatabaseError> {
    let files = FILES.iter().map(|(version, name, text)| {
        let text = (*text).into_sql_str();
        Migration::new(*version, (*name).into(), MigrationType::Simple, text, false)
    });
    let mut migrator = Migrator::with_migrations(files.collect());
    // What a later release has done is no concern of this one, which may be
    // rolled back to.
    migrator.set_ignore_missing(true);
    let done = migrator.run_direct(None, &mut *connection, false).await;
    if done.is_err() {
        // It may hold the lock that others wait for.
        let _ = connection.close().await;
    }
    done.map_err(DatabaseError::Migration)
}
