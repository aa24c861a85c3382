//! The file of an SQLite database.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnection;
use tokio::task::spawn_blocking;

use super::calls::Calls;
use crate::config::database_url::Sqlite;

/// An SQLite database to connect to. A clone is the same database.
#[derive(Clone)]
pub(super) struct SqliteTarget {
    sqlite: Sqlite,
    was_opened: Arc<AtomicBool>,
}

impl SqliteTarget {
    /// Waits `busy_timeout` for the lock of a file.
    pub(super) fn new(sqlite: Sqlite, busy_timeout: Duration) -> Self {
        let options = sqlite.options.busy_timeout(busy_timeout);
        Self {
            sqlite: Sqlite {
                options: options.disable_statement_logging(),
                ..sqlite
            },
            was_opened: Arc::default(),
        }
    }

    /// Connects. A file that is gone after the first connection is an outage: a new file would
    /// have no tables.
    pub(super) async fn connect(
        &self,
        calls: &Calls,
    ) -> sqlx::Result<(SqliteConnection, Option<DatabaseFile>)> {
        let mut options = self.sqlite.options.clone();
        if self.was_opened.load(Ordering::Relaxed) {
            options = options.create_if_missing(false);
        }
        let before = DatabaseFile::of(&self.sqlite).await;
        let connection = calls.call(options.connect()).await?;
        let file = match before {
            // Another file may have come to the path in between.
            Some(file) => {
                file.check().await?;
                Some(file)
            }
            None => DatabaseFile::of(&self.sqlite).await,
        };
        self.was_opened.store(true, Ordering::Relaxed);
        Ok((connection, file))
    }
}

/// The file of a connection.
pub(super) struct DatabaseFile {
    path: PathBuf,
    id: Id,
}

/// The device and the inode of a file.
type Id = (u64, u64);

impl DatabaseFile {
    /// Returns the file at the path, or `None` if the database is in memory or no file is there.
    async fn of(sqlite: &Sqlite) -> Option<Self> {
        if sqlite.is_in_memory {
            return None;
        }
        let path = sqlite.options.get_filename().to_owned();
        let id = id(&path).await?;
        Some(Self { path, id })
    }

    /// Checks that the file is still at its path. SQLite continues to read a file that was removed,
    /// or that a backup has replaced, and refuses only to write.
    ///
    /// # Errors
    ///
    /// If another file is there, or none.
    pub(super) async fn check(&self) -> io::Result<()> {
        if id(&self.path).await == Some(self.id) {
            return Ok(());
        }
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            "the file of the database was removed or replaced",
        ))
    }
}

/// Asks in a thread of its own, because a file system may hang.
async fn id(path: &Path) -> Option<Id> {
    let path = path.to_owned();
    let metadata = spawn_blocking(move || fs::metadata(path)).await;
    let metadata = metadata.ok()?.ok()?;
    Some((metadata.dev(), metadata.ino()))
}
