//! Threads and open files of the server, checked before it starts.

use std::fs;
use std::io;

use rustix::process::{Resource, getrlimit, setrlimit};
use tracing::warn;

use super::listen::workers;
use crate::config::{AppConfig, DatabaseConfig, ServerConfig};
use crate::process::Failure;
use crate::process::limits::{FEW, can_start_threads};

/// The files of an event loop: its queue, its waker and the end of the signals' pipe.
const FILES_OF_A_LOOP: u64 = 4;

/// The files of a connection to the database: of the driver, of the server, and between them.
const FILES_OF_A_DATABASE_CONNECTION: u64 = 3;

/// Files for a few clients, the spare connection to the database and what a library opens.
const FILES_OF_THE_REST: u64 = 24;

/// Files that are open before the server starts, at most.
const OPEN_BEFORE: u64 = 32;

/// Open connections of operators at most, whatever `APP_MAX_CONNECTIONS` says.
const MAX_OF_OPERATORS: usize = 1_000;

/// The operators' listener has at most one file of so many for clients.
const SHARE_OF_OPERATORS: u64 = 8;

/// The maximum of open connections of each listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) service: usize,
    pub(crate) operators: usize,
}

/// Raises the limit of open files, and checks that the server can start. Returns the connections
/// that may be open: without a file, `accept` fails, and no connection is closed to make room.
/// `has_admin` is whether operators have a listener of their own.
///
/// # Errors
///
/// If the threads cannot be started, or the files cannot be opened.
pub(crate) fn check_limits(config: &AppConfig, has_admin: bool) -> Result<Places, Failure> {
    if let Err(err) = raise_file_limit() {
        warn!(%err, "cannot raise the limit of open files: each connection needs an open file");
    }
    let AppConfig { server, db, .. } = config;
    let workers = workers(server);
    let threads = threads(server, has_admin);
    let needed = files_of_loops(threads) + open_files();
    let limit = getrlimit(Resource::Nofile).current;
    if let Some(limit) = limit.filter(|limit| *limit < needed) {
        return Err(Failure::os(format!(
            "cannot serve: the limit of {limit} open files is too low for {workers} workers; raise \
             `LimitNOFILE=` of the unit, or `ulimit -n`, to {needed} and one for each connection"
        )));
    }
    can_start_threads(threads + FEW)?;
    let needed = needed + files_of_the_database(db);
    let free = limit.map_or(u64::MAX, |limit| limit.saturating_sub(needed));
    let places = Places::new(server.limits.max_connections, has_admin, workers, free);
    if places.service < server.limits.max_connections {
        warn!(
            max_connections = places.service,
            open_files = limit,
            "fewer connections than APP_MAX_CONNECTIONS can be open: the limit of open files is too \
             low; raise `LimitNOFILE=` of the unit, or `ulimit -Hn`, or lower the variable"
        );
    }
    Ok(places)
}

/// Returns the limit of open files with which each connection that the settings allow can be open.
pub(crate) fn files_for_all(config: &AppConfig) -> u64 {
    let AppConfig { server, db, .. } = config;
    let has_admin = server.admin_listen.is_some();
    let own = files_of_loops(threads(server, has_admin)) + OPEN_BEFORE + files_of_the_database(db);
    own + Places::files(server.limits.max_connections as u64, has_admin)
}

/// Returns the number of event loops. Each listener has one that accepts; that of operators has
/// one worker.
fn threads(server: &ServerConfig, has_admin: bool) -> usize {
    let listeners = if has_admin { 2 } else { 1 };
    workers(server) + 2 * listeners - 1
}

fn files_of_loops(threads: usize) -> u64 {
    FILES_OF_A_LOOP * (threads as u64) + FILES_OF_THE_REST
}

fn files_of_the_database(db: &DatabaseConfig) -> u64 {
    if db.is_server() {
        FILES_OF_A_DATABASE_CONNECTION * u64::from(db.max_connections)
    } else {
        0
    }
}

impl Places {
    /// Returns how many files have to be free so that the service gets `max` places.
    fn files(max: u64, has_admin: bool) -> u64 {
        let operators = if has_admin {
            ((max - 1) / (SHARE_OF_OPERATORS - 1)).clamp(1, MAX_OF_OPERATORS as u64)
        } else {
            0
        };
        max + operators
    }

    /// Shares the `free` files. Each worker has a place at least.
    fn new(max: usize, has_admin: bool, workers: usize, free: u64) -> Self {
        let at_most = |max: usize, files: u64| max.min(usize::try_from(files).unwrap_or(max));
        let operators = if has_admin {
            at_most(MAX_OF_OPERATORS, free / SHARE_OF_OPERATORS).max(1)
        } else {
            0
        };
        let rest = free.saturating_sub(operators as u64);
        let service = at_most(max, rest.max(workers as u64));
        Self { service, operators }
    }
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

#[cfg(test)]
mod tests {
    use super::Places;

    fn places(max: usize, has_admin: bool, free: u64) -> (usize, usize) {
        let Places { service, operators } = Places::new(max, has_admin, 2, free);
        (service, operators)
    }

    #[test]
    fn each_connection_has_a_file_if_the_limit_allows_it() {
        for has_admin in [false, true] {
            for max in [1, 6, 7, 8, 50, 6_999, 7_000, 7_001, 10_000] {
                let free = Places::files(max as u64, has_admin);
                assert_eq!(places(max, has_admin, free).0, max);
                if max > 2 {
                    assert_eq!(places(max, has_admin, free - 1).0, max - 1);
                }
            }
        }
    }

    #[test]
    fn no_more_connections_are_open_than_there_are_files() {
        assert_eq!(places(10_000, false, u64::MAX), (10_000, 0));
        assert_eq!(places(10_000, true, u64::MAX), (10_000, 1_000));
        assert_eq!(places(10_000, false, 800), (800, 0));
        assert_eq!(places(10_000, true, 800), (700, 100));
        assert_eq!(places(10, true, 800), (10, 100));
        assert_eq!(places(10_000, true, 0), (2, 1));
        assert_eq!(places(1, true, 0), (1, 1));
    }
}
