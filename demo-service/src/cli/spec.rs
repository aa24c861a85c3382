//! The specification of another build, for `config --diff OLD` and `config --check --spec FILE`.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use environ::embedded::{self, ReadSpecError};
use environ::file::{self, FileError};
use tokio::sync::oneshot;

use crate::process::limits::no_thread;
use crate::process::signals::{Stop, Stopped};
use crate::process::{Failure, exit};

/// Returns the specification in a program, or in the document that a program printed, or the
/// signal that ended the wait for it. `what` says what the specification is for.
pub(super) async fn read(
    path: &Path,
    what: &str,
    stop: Stopped,
) -> Result<Result<String, Stop>, Failure> {
    tokio::select! {
        spec = read_apart(path.to_owned()) => match spec? {
            Ok(spec) => Ok(Ok(spec)),
            Err(err) => Err(wrong(path, what, &err)),
        },
        Ok(signal) = stop => Ok(Err(signal)),
    }
}

/// Returns the failure of a specification that is none.
pub(super) fn wrong(path: &Path, what: &str, err: &(dyn Error + 'static)) -> Failure {
    let path = path.display().to_string();
    let what = format!("cannot {what} {}", path.escape_debug());
    Failure::new(exit::USAGE, what, err)
}

/// Reads on a thread of its own, because a signal must end the wait for stdin. The threads
/// of the runtime would not do: the end of the runtime waits for them.
async fn read_apart(path: PathBuf) -> Result<Result<String, ReadSpecError>, Failure> {
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
