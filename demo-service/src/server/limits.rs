//! Threads and open files of the server, checked before it starts.

use std::fs;
use std::io;

use rustix::process::{Resource, getrlimit, setrlimit};
use tracing::warn;

use super::listen::workers;
use crate::config::ServerConfig;
use crate::process::Failure;
use crate::process::limits::{FEW, can_start_threads};

/// The files of an event loop: its queue, its waker and the end of the signals' pipe.
const FILES_OF_A_LOOP: u64 = 4;

/// Files for a few clients, the database and what a library opens on the way.
const FILES_OF_THE_REST: u64 = 24;

/// Raises the limit of open files, and checks that the server can start.
///
/// # Errors
///
/// If the threads cannot be started, or the files cannot be opened.
pub(crate) fn check_limits(config: &ServerConfig) -> Result<(), Failure> {
    if let Err(err) = raise_file_limit() {
        warn!(%err, "cannot raise the limit of open files: each connection needs an open file");
    }
    let workers = workers(config);
    // Each listener has a thread that accepts; that of operators has one worker.
    let listeners = if config.admin_listen.is_some() { 2 } else { 1 };
    let threads = workers + 2 * listeners - 1;
    let needed = FILES_OF_A_LOOP * (threads as u64) + FILES_OF_THE_REST + open_files();
    if let Some(limit) = getrlimit(Resource::Nofile)
        .current
        .filter(|limit| *limit < needed)
    {
        return Err(Failure::os(format!(
            "cannot serve: the limit of {limit} open files is too low for {workers} workers; raise \
             `LimitNOFILE=` of the unit, or `ulimit -n`, to {needed} and one for each connection"
        )));
    }
    can_start_threads(threads + FEW)
}

/// Raises the limit of open files to its maximum, because each connection is a file, and
/// most systems start a process with a limit of 1,024.
fn raise_file_limit() -> io::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

fn open_files() -> u64 {
    let open = fs::read_dir("/proc/self/fd").map_or(8, Iterator::count);
    open as u64
}
