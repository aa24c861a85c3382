//! Limits of the operating system, met before a library panics at them.

use std::io;
use std::sync::mpsc;
use std::thread;

use super::{Failure, exit};

/// The threads that every command with resources starts: one that resolves names, and one
/// for an embedded database.
pub(crate) const FEW: usize = 2;

/// Starts so many threads at once, and ends them. The server panics at a thread that cannot
/// be started, with an error that names neither the limit nor the remedy.
///
/// # Errors
///
/// If a thread cannot be started.
pub(crate) fn can_start_threads(count: usize) -> Result<(), Failure> {
    let mut started = Vec::with_capacity(count);
    let result = (0..count).try_for_each(|_| {
        let (end, ended) = mpsc::channel::<()>();
        let wait = move || {
            let _ = ended.recv();
        };
        let thread = thread::Builder::new().name("limit".to_owned());
        started.push((end, thread.spawn(wait)?));
        Ok(())
    });
    for (end, thread) in started {
        drop(end);
        let _ = thread.join();
    }
    result.map_err(|err: io::Error| no_thread(&err))
}

/// Creates the failure of a thread that cannot be started.
pub(crate) fn no_thread(err: &io::Error) -> Failure {
    if err.kind() != io::ErrorKind::WouldBlock {
        return Failure::new(exit::OS_ERROR, "cannot start a thread", err);
    }
    Failure::os(
        "cannot start a thread: the limit of processes is too low; raise `TasksMax=` or \
         `LimitNPROC=` of the unit, the pids limit of the container, or `ulimit -u`",
    )
}
