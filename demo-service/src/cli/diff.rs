//! `config --diff`: the changes since a release.

use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use environ::embedded::{self, ReadSpecError};
use environ::file::{self, FileError};
use environ::{Change, EnvConfig};
use tokio::sync::oneshot;

use super::files::print_hits;
use super::output::print;
use crate::config::AppConfig;
use crate::process::limits::no_thread;
use crate::process::signals::Stopped;
use crate::process::{Failure, exit};

/// Prints the changes since a release. `old` is the program of the release, or the document
/// that the program printed, on stdin if `old` is `-`.
/// With deployment `files`, prints the places in them that the changes concern instead.
pub(super) async fn diff(old: &Path, files: &[PathBuf], stop: Stopped) -> Result<u8, Failure> {
    let what = || {
        format!(
            "cannot compare with {}",
            old.display().to_string().escape_debug()
        )
    };
    let wrong = |err: &(dyn std::error::Error + 'static)| Failure::new(exit::USAGE, what(), err);
    let spec = tokio::select! {
        spec = read(old.to_owned()) => spec?.map_err(|err| wrong(&err))?,
        Ok(signal) = stop => return Ok(signal.exit_code()),
    };
    let changes = AppConfig::help().diff(&spec);
    let changes = changes.map_err(|err| wrong(&err))?;
    if !files.is_empty() {
        return Ok(u8::from(print_hits(files, &changes)));
    }
    if !changes.is_empty() {
        print(format!("{changes}\n"));
    }
    Ok(u8::from(changes.iter().any(Change::is_breaking)))
}

/// Reads on a thread of its own, because a signal must end the wait for stdin. The threads
/// of the runtime would not do: the end of the runtime waits for them.
async fn read(path: PathBuf) -> Result<Result<String, ReadSpecError>, Failure> {
    let (sender, receiver) = oneshot::channel();
    let read = move || {
        let read = match path.as_os_str().as_encoded_bytes() {
            b"-" => embedded::read(io::stdin().lock()),
            _ => file::open(path)
                .map_err(ReadSpecError::File)
                .and_then(embedded::read),
        };
        drop(sender.send(read));
    };
    let thread = thread::Builder::new().name("files".to_owned());
    thread.spawn(read).map_err(|err| no_thread(&err))?;
    let ended = || ReadSpecError::File(FileError::Io(io::ErrorKind::Interrupted.into()));
    Ok(receiver.await.unwrap_or_else(|_| Err(ended())))
}
