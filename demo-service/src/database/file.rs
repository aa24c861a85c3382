//! The file of an SQLite database.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;

use crate::config::database_url::Sqlite;

/// The file of a connection.
pub(super) struct DatabaseFile {
    path: PathBuf,
    id: Id,
}

/// The device and the inode of a file.
type Id = (u64, u64);

impl DatabaseFile {
    /// Returns the file at the path, or `None` if the database is in memory or no file is there.
    pub(super) async fn of(sqlite: &Sqlite) -> Option<Self> {
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
