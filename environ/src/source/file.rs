//! Files, read within limits: no file can use up the memory, or block the process.
//!
//! A file of a secret, a certificate or a specification is a regular file of 16 MiB or
//! less. A device such as `/dev/zero` never ends, and opening a FIFO waits for its writer.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The maximum size of a file: 16 MiB. A larger file is a mistake, such as a disk image.
pub const MAX_FILE_SIZE: u64 = 16 * 1024 * 1024;

/// The time that the writer of an inherited pipe has: `<(vault kv get ...)` asks a server.
const PIPE_TIMEOUT: Duration = Duration::from_secs(5);

/// The pause before an empty pipe is read again.
const PIPE_PAUSE: Duration = Duration::from_millis(2);

/// Reasons why a file cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refuses.
    Io(io::Error),
    /// The path names a directory, a device, a FIFO or a socket.
    NotRegular,
    /// The file is larger than [`MAX_FILE_SIZE`].
    TooLarge,
    /// The file is no text.
    NotUtf8,
    /// The writer of an inherited pipe has not closed it within 5 seconds.
    PipeTimeout,
}

impl FileError {
    /// Returns whether there is no such file.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io(err) if err.kind() == ErrorKind::NotFound)
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(err) => err.fmt(f),
            Self::NotRegular => f.write_str("it is not a regular file"),
            Self::TooLarge => f.write_str("it is larger than 16 MiB"),
            Self::NotUtf8 => f.write_str("it is not UTF-8"),
            Self::PipeTimeout => f.write_str("its writer has not closed the pipe within 5s"),
        }
    }
}

impl std::error::Error for FileError {}

impl From<io::Error> for FileError {
    fn from(err: io::Error) -> Self {
        Self::Io(err)
    }
}

/// Reads a regular file of 16 MiB or less. Symbolic links are followed, because Kubernetes
/// mounts each file as a link.
///
/// A pipe is read if this process has inherited it, so that `/dev/stdin` and `<(command)`
/// of a shell are possible; its writer has 5 seconds.
///
/// # Errors
///
/// If the file is of another kind, too large, or cannot be read.
///
/// # Examples
///
/// ```
/// use environ::file;
///
/// let err = file::read("/").unwrap_err();
/// assert_eq!(err.to_string(), "it is not a regular file");
/// ```
pub fn read(path: impl AsRef<Path>) -> Result<Vec<u8>, FileError> {
    let reader = opened(path.as_ref())?;
    if reader.file.metadata()?.len() > MAX_FILE_SIZE {
        return Err(FileError::TooLarge);
    }
    read_from(reader)
}

/// Opens a regular file of any size, or a pipe, as [`read`] does.
///
/// # Errors
///
/// If the file is of another kind, or cannot be opened.
///
/// # Examples
///
/// ```
/// use environ::file;
///
/// assert!(file::open("/").is_err());
/// ```
pub fn open(path: impl AsRef<Path>) -> Result<impl Read, FileError> {
    opened(path.as_ref())
}

fn opened(path: &Path) -> Result<Waiting, FileError> {
    let is_inherited = is_descriptor(path);
    let is_readable = |file: &Metadata| file.is_file() || (is_inherited && is_fifo(file));
    // The kind is checked before the file is opened, because opening a device may have
    // effects, and again afterwards, because the path may name another file by then.
    let file = match fs::metadata(path)? {
        before if is_readable(&before) => open_now(path)?,
        _ => return Err(FileError::NotRegular),
    };
    let metadata = file.metadata()?;
    if !is_readable(&metadata) {
        return Err(FileError::NotRegular);
    }
    Ok(Waiting {
        file,
        until: Instant::now() + PIPE_TIMEOUT,
    })
}

/// Reads 16 MiB or less, for example from `std::io::stdin()`.
///
/// # Errors
///
/// If there is more, or `reader` fails.
pub fn read_from(reader: impl Read) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes);
    read.map_err(|err| match err.kind() {
        ErrorKind::TimedOut => FileError::PipeTimeout,
        _ => FileError::Io(err),
    })?;
    if bytes.len() as u64 > MAX_FILE_SIZE {
        return Err(FileError::TooLarge);
    }
    Ok(bytes)
}

/// Checks a file that a library reads by itself. A missing file is left to that
/// library, and so is `/dev/null`, with which users turn a file off.
///
/// # Errors
///
/// If [`read`] would refuse the file by its kind or size.
///
/// # Examples
///
/// ```
/// use environ::file;
///
/// assert!(file::check("/does/not/exist").is_ok());
/// assert!(file::check("/").is_err());
/// ```
pub fn check(path: impl AsRef<Path>) -> Result<(), FileError> {
    let path = path.as_ref();
    let Ok(metadata) = fs::metadata(path) else {
        return Ok(());
    };
    if fs::canonicalize(path).is_ok_and(|target| target == Path::new("/dev/null")) {
        return Ok(());
    }
    if !metadata.is_file() {
        return Err(FileError::NotRegular);
    }
    if metadata.len() > MAX_FILE_SIZE {
        return Err(FileError::TooLarge);
    }
    Ok(())
}

/// The text of a file.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) text: OsString,
    /// Whether a carriage return stood before the newline at its end.
    pub(crate) has_return: bool,
}

/// Returns the text of a file without the newline that editors and `echo` add at its end. A
/// second newline is part of the text.
pub(crate) fn read_text(path: &Path) -> Result<Contents, FileError> {
    let mut bytes = read(path)?;
    let mut has_return = false;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        has_return = bytes.last() == Some(&b'\r');
        if has_return {
            bytes.pop();
        }
    }
    let text = text(bytes)?;
    Ok(Contents { text, has_return })
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn text(bytes: Vec<u8>) -> Result<OsString, FileError> {
    use std::os::unix::ffi::OsStringExt;

    Ok(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn text(bytes: Vec<u8>) -> Result<OsString, FileError> {
    String::from_utf8(bytes)
        .map(OsString::from)
        .map_err(|_| FileError::NotUtf8)
}

/// Returns whether a path names a file that this process has open already.
fn is_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stdin")
        || ["/dev/fd", "/proc/self/fd"]
            .map(Path::new)
            .contains(&path.parent().unwrap_or(path))
}

#[cfg(unix)]
fn is_fifo(file: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;

    file.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_fifo(_: &Metadata) -> bool {
    false
}

/// Opens a file without waiting for the writer of a FIFO.
fn open_now(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        options.custom_flags(NONBLOCK);
    }
    options.open(path)
}

/// `O_NONBLOCK`, without a crate for a single constant. Elsewhere the kind of the file is
/// checked only before and after it is opened.
#[cfg(unix)]
const NONBLOCK: i32 = if cfg!(all(
    any(target_os = "linux", target_os = "android"),
    any(
        target_arch = "x86",
        target_arch = "x86_64",
        target_arch = "arm",
        target_arch = "aarch64",
        target_arch = "riscv32",
        target_arch = "riscv64",
        target_arch = "powerpc",
        target_arch = "powerpc64",
        target_arch = "s390x",
        target_arch = "loongarch64",
    )
)) {
    0o4000
} else if cfg!(any(
    target_vendor = "apple",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly",
)) {
    0x4
} else {
    0
};

/// Waits for the end of a file, until a time. Only a pipe is ever waited for.
struct Waiting {
    file: File,
    until: Instant,
}

impl Read for Waiting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.file.read(buffer) {
                Err(err) if err.kind() == ErrorKind::WouldBlock => {
                    if Instant::now() >= self.until {
                        return Err(ErrorKind::TimedOut.into());
                    }
                    sleep(PIPE_PAUSE);
                }
                read => return read,
            }
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::File;
    use std::path::Path;

    use super::{check, read, read_from, FileError, MAX_FILE_SIZE};

    #[test]
    fn devices_directories_and_large_files_are_rejected() {
        for (path, reason) in [
            ("/dev/zero", "it is not a regular file"),
            ("/dev/null", "it is not a regular file"),
            ("/", "it is not a regular file"),
            ("/does/not/exist", "No such file or directory (os error 2)"),
        ] {
            let err = read(path).unwrap_err();
            assert_eq!(err.to_string(), reason, "{path}");
        }
        assert!(check("/dev/null").is_ok());
        assert!(check("/does/not/exist").is_ok());
        assert!(check("/dev/zero").is_err());
        let path = std::env::temp_dir().join(format!("environ-large-{}", std::process::id()));
        for (size, is_read) in [(MAX_FILE_SIZE, true), (MAX_FILE_SIZE + 1, false)] {
            File::create(&path).unwrap().set_len(size).unwrap();
            assert_eq!(read(&path).is_ok(), is_read, "{size}");
            assert_eq!(check(&path).is_ok(), is_read, "{size}");
        }
        std::fs::remove_file(path).unwrap();
    }

    /// `/proc` gives no size.
    #[test]
    fn the_limit_holds_for_a_file_that_does_not_tell_its_size() {
        let endless = File::open("/dev/zero").unwrap();
        assert!(matches!(read_from(endless), Err(FileError::TooLarge)));
        assert!(Path::new("/proc").exists() == read("/proc/self/status").is_ok());
    }

    /// `File::open` alone would wait here for ever.
    #[test]
    fn a_socket_and_a_fifo_are_rejected_at_once() {
        use std::os::unix::net::UnixListener;

        let dir = std::env::temp_dir().join(format!("environ-kinds-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let (socket, fifo, link) = (dir.join("socket"), dir.join("fifo"), dir.join("link"));
        let _listener = UnixListener::bind(&socket).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.unwrap().success());
        std::os::unix::fs::symlink(&fifo, &link).unwrap();
        for path in [&socket, &fifo, &link] {
            assert!(matches!(read(path), Err(FileError::NotRegular)), "{path:?}");
            assert!(
                matches!(check(path), Err(FileError::NotRegular)),
                "{path:?}"
            );
            // The path may name a FIFO only once it is opened.
            if path != &socket {
                assert!(super::open_now(path).is_ok());
            }
        }
        std::fs::remove_dir_all(dir).unwrap();
    }
}
