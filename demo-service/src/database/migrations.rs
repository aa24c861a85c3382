//! The tables: created and changed by the files in `migrations/`, in their order.

use std::fmt::Write as _;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Row, SqlSafeStr, raw_sql};

use super::calls::Calls;
use super::error::DatabaseError;
use super::session::{Driver, Session};
use super::statement::limits;

/// A file's number, name and text. A released file never changes, because databases
/// remember its checksum.
const FILES: &[(i64, &str, &str)] = &[(
    1,
    "visits",
    include_str!("../../migrations/0001_visits.sql"),
)];

/// Locks out instances that migrate at the same time, until the transaction ends. The
/// number is arbitrary.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7305798741)";

/// The table in which sqlx records migrations.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
)";

const APPLIED: &str =
    "SELECT version, encode(checksum, 'hex') AS checksum, success FROM _sqlx_migrations";

/// Runs the migrations that the database lacks, each within a time limit.
pub(super) async fn run(session: &mut Session, limit: Duration) -> Result<(), DatabaseError> {
    let migrations = FILES.iter().map(|(version, name, text)| {
        let text = (*text).into_sql_str();
        Migration::new(*version, (*name).into(), MigrationType::Simple, text, false)
    });
    let migrations: Vec<_> = migrations.collect();
    let calls = &session.calls;
    let done = match &mut session.driver {
        Driver::Sqlite(connection, _) => {
            let mut migrator = Migrator::with_migrations(migrations);
            // A later release may have run more, and this release may be a rollback.
            migrator.set_ignore_missing(true);
            migrator.run_direct(None, connection, false).await
        }
        Driver::Postgres(connection) => {
            let mut messages = Messages {
                connection,
                calls,
                limit,
            };
            messages.run(&migrations).await
        }
    };
    done.map_err(DatabaseError::Migration)
}

/// Runs migrations on PostgreSQL, one message for each.
///
/// sqlx's own `Migrator` needs a session: its advisory lock and its prepared statements
/// belong to one, and a pooler between transactions gives it several. Each message here
/// is a transaction, with a lock that ends with that transaction, so that every pooler
/// passes it on as a whole.
struct Messages<'a> {
    connection: &'a mut PgConnection,
    calls: &'a Calls,
    /// Ends a statement at the server when nobody waits for it any more.
    limit: Duration,
}

impl Messages<'_> {
    async fn run(&mut self, migrations: &[Migration]) -> Result<(), MigrateError> {
        self.execute(TABLE).await?;
        let mut applied = self.applied().await?;
        for migration in migrations {
            if !is_applied(migration, &applied)?
                && let Err(err) = self.apply(migration).await
            {
                // Another instance was quicker, if the version is there now.
                applied = self.applied().await?;
                if !is_applied(migration, &applied)? {
                    return Err(MigrateError::ExecuteMigration(err, migration.version));
                }
            }
        }
        Ok(())
    }

    async fn applied(&mut self) -> sqlx::Result<Vec<Applied>> {
        let rows = raw_sql(APPLIED).fetch_all(&mut *self.connection);
        let read = |row: &PgRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        let applied = async { rows.await?.iter().map(read).collect() };
        self.calls.call(applied).await
    }

    /// Records the migration first: its version is unique, so that the rest of the
    /// message is executed at most once.
    async fn apply(&mut self, migration: &Migration) -> sqlx::Result<()> {
        let Migration {
            version,
            description,
            checksum,
            sql,
            ..
        } = migration;
        let (description, checksum) = (description.replace('\'', "''"), hex(checksum));
        let sql = sql.as_str();
        let message = format!(
            "INSERT INTO _sqlx_migrations \
                 (version, description, success, checksum, execution_time) \
                 VALUES ({version}, '{description}', TRUE, decode('{checksum}', 'hex'), -1); \
             {sql}"
        );
        self.execute(&message).await
    }

    async fn execute(&mut self, statements: &str) -> sqlx::Result<()> {
        let message = format!("{}{LOCK}; {statements}", limits(self.limit));
        let executed = raw_sql(AssertSqlSafe(message)).execute(&mut *self.connection);
        self.calls.call(executed).await.map(drop)
    }
}

/// A migration that the database records: its version, checksum and success.
type Applied = (i64, String, bool);

fn is_applied(migration: &Migration, applied: &[Applied]) -> Result<bool, MigrateError> {
    let version = migration.version;
    let found = applied.iter().find(|(number, ..)| *number == version);
    match found {
        None => Ok(false),
        Some((_, _, false)) => Err(MigrateError::Dirty(version)),
        Some((_, checksum, true)) if *checksum != hex(&migration.checksum) => {
            Err(MigrateError::VersionMismatch(version))
        }
        Some(_) => Ok(true),
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
