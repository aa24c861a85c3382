//! The tables: created and changed by the files in `migrations/`, in their order.

use std::borrow::Cow;
use std::fmt::Write as _;

use sqlx::any::AnyRow;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Row, SqlSafeStr, raw_sql};

use super::DatabaseError;

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

/// Runs the migrations that the database lacks.
pub(super) async fn run(
    connection: &mut AnyConnection,
    is_sqlite: bool,
) -> Result<(), DatabaseError> {
    let migrations = FILES.iter().map(|(version, name, text)| {
        let text = (*text).into_sql_str();
        Migration::new(*version, (*name).into(), MigrationType::Simple, text, false)
    });
    let migrations: Vec<_> = migrations.collect();
    let done = if is_sqlite {
        let mut migrator = Migrator::with_migrations(migrations);
        // A later release may have run more, and this release may be a rollback.
        migrator.set_ignore_missing(true);
        migrator.run_direct(None, connection, false).await
    } else {
        run_in_messages(connection, &migrations).await
    };
    done.map_err(DatabaseError::Migration)
}

/// Runs migrations on PostgreSQL, one message for each.
///
/// sqlx's own `Migrator` needs a session: its advisory lock and its prepared statements
/// belong to one, and a pooler between transactions gives it several. Each message here
/// is a transaction, with a lock that ends with that transaction, so that every pooler
/// passes it on as a whole.
async fn run_in_messages(
    connection: &mut AnyConnection,
    migrations: &[Migration],
) -> Result<(), MigrateError> {
    execute(connection, format!("{LOCK}; {TABLE}")).await?;
    let mut applied = applied(connection).await?;
    for migration in migrations {
        if !is_applied(migration, &applied)?
            && let Err(err) = apply(connection, migration).await
        {
            // Another instance was quicker, if the version is there now.
            applied = self::applied(connection).await?;
            if !is_applied(migration, &applied)? {
                return Err(MigrateError::ExecuteMigration(err, migration.version));
            }
        }
    }
    Ok(())
}

/// A migration that the database records: its version, checksum and success.
type Applied = (i64, String, bool);

async fn applied(connection: &mut AnyConnection) -> Result<Vec<Applied>, MigrateError> {
    let rows: Vec<AnyRow> = raw_sql(APPLIED).fetch_all(connection).await?;
    let rows = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)));
    Ok(rows.collect::<sqlx::Result<_>>()?)
}

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

/// Records the migration first: its version is unique, so that the rest of the message
/// is executed at most once.
async fn apply(connection: &mut AnyConnection, migration: &Migration) -> sqlx::Result<()> {
    let Migration {
        version,
        description,
        checksum,
        sql,
        ..
    } = migration;
    let (description, checksum) = (description.replace('\'', "''"), hex(checksum));
    let record = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES ({version}, '{description}', TRUE, decode('{checksum}', 'hex'), -1)"
    );
    execute(connection, format!("{LOCK}; {record}; {}", sql.as_str())).await
}

async fn execute(connection: &mut AnyConnection, text: String) -> sqlx::Result<()> {
    let executed = raw_sql(AssertSqlSafe(text)).execute(connection).await;
    executed.map(drop)
}

fn hex(bytes: &Cow<'_, [u8]>) -> String {
    let mut hex = String::new();
    for byte in &**bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
