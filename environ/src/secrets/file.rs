//! Files that a remote store needs: certificates, tokens, passwords.

use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

#[cfg(feature = "vault")]
use crate::redact::Secret;

/// 16 MiB. A larger file is a mistake, such as a disk image.
const MAX_FILE_SIZE: u64 = 16 * 1024 * 1024;

/// Why a file cannot be read.
#[derive(Debug)]
pub(super) enum FileError {
    Io(io::Error),
    NotRegular,
    #[cfg(feature = "vault")]
    NotUtf8,
    TooLarge,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(err) => err.fmt(f),
            Self::NotRegular => f.write_str("it is not a regular file"),
            #[cfg(feature = "vault")]
            Self::NotUtf8 => f.write_str("it is not UTF-8"),
            Self::TooLarge => f.write_str("it is larger than 16 MiB"),
        }
    }
}

impl std::error::Error for FileError {}

impl From<io::Error> for FileError {
    fn from(err: io::Error) -> Self {
        Self::Io(err)
    }
}

/// Reads a regular file.
#[cfg(feature = "vault")]
pub(super) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    use std::io::Read;

    let file = open(path)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_SIZE {
        return Err(FileError::TooLarge);
    }
    Ok(bytes)
}

/// Reads a text without the newline with which most tools end it.
#[cfg(feature = "vault")]
pub(super) fn read_secret(path: &Path) -> Result<Secret<String>, FileError> {
    let mut text = String::from_utf8(read(path)?).map_err(|_| FileError::NotUtf8)?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(Secret::new(text))
}

/// Checks a file that a library reads by itself. A missing file is left to that
/// library, and so is `/dev/null`, with which users turn a file of the SDK off.
pub(super) fn check(path: &Path) -> Result<(), FileError> {
    match (fs::metadata(path), fs::canonicalize(path)) {
        (Ok(_), Ok(target)) if target == Path::new("/dev/null") => Ok(()),
        (Ok(metadata), _) => require_regular(&metadata),
        (Err(_), _) => Ok(()),
    }
}

/// Opens a regular file. The kind is checked before the file is opened, because
/// opening a FIFO waits for its writer, and again afterwards, because the path may
/// name another file by then.
#[cfg(feature = "vault")]
fn open(path: &Path) -> Result<fs::File, FileError> {
    require_regular(&fs::metadata(path)?)?;
    let file = fs::File::open(path)?;
    require_regular(&file.metadata()?)?;
    Ok(file)
}

fn require_regular(metadata: &Metadata) -> Result<(), FileError> {
    if !metadata.is_file() {
        return Err(FileError::NotRegular);
    }
    if metadata.len() > MAX_FILE_SIZE {
        return Err(FileError::TooLarge);
    }
    Ok(())
}

/// Runs `read` on a thread of its own, so that you can drop the future while a
/// network file system hangs. The runtime's own threads would not do, because the
/// end of the runtime waits for them.
pub(super) async fn off_thread<T: Send + 'static>(
    read: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new().name("environ-files".to_owned());
    thread.spawn(move || drop(sender.send(read())))?;
    receiver
        .await
        .map_err(|_| io::Error::other("the thread that reads files ended early"))
}

#[cfg(all(test, feature = "vault"))]
mod tests {
    use super::*;

    #[test]
    fn devices_directories_and_large_files_are_rejected() {
        for (path, reason) in [
            ("/dev/zero", "it is not a regular file"),
            ("/dev/null", "it is not a regular file"),
            ("/", "it is not a regular file"),
            ("/does/not/exist", "No such file or directory (os error 2)"),
        ] {
            let err = read(Path::new(path)).unwrap_err();
            assert_eq!(err.to_string(), reason, "{path}");
        }
        assert!(check(Path::new("/dev/null")).is_ok());
        assert!(check(Path::new("/does/not/exist")).is_ok());
        assert!(check(Path::new("/dev/zero")).is_err());
        let path = std::env::temp_dir().join(format!("environ-large-{}", std::process::id()));
        for (size, is_read) in [(MAX_FILE_SIZE, true), (MAX_FILE_SIZE + 1, false)] {
            fs::File::create(&path).unwrap().set_len(size).unwrap();
            assert_eq!(read(&path).is_ok(), is_read, "{size}");
        }
        fs::remove_file(path).unwrap();
    }
}
