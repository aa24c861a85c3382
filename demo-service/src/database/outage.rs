//! Whether the database can be used, logged when that changes.

use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{error, info};

use super::DatabaseError;

/// How long it must not have failed to be called well: while a server stops, its
/// connections fail one after the other, and some still answer.
const QUIET: Duration = Duration::from_secs(1);

/// An outage, if there is one.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Option<Since>>);

#[derive(Clone, Copy, Debug)]
struct Since {
    first: Instant,
    last: Instant,
    /// Whether somebody was asked why there is no connection.
    is_explained: bool,
}

impl Outage {
    /// Notes a failure. Tells whether it is the first that has no reason: a pool does not
    /// say why it has no connection.
    pub(super) fn failed(&self, err: &DatabaseError) -> bool {
        let last = Instant::now();
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if since.is_none() {
            error!(error = %err, "the database is away");
        }
        let since = since.get_or_insert(Since {
            first: last,
            last,
            is_explained: false,
        });
        since.last = last;
        matches!(err, DatabaseError::NoConnection { .. })
            && !mem::replace(&mut since.is_explained, true)
    }

    /// Notes an answer to what was asked at `begun`.
    pub(super) fn answered(&self, begun: Instant) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if since.is_some_and(|since| begun > since.last + QUIET) {
            back(since.take());
        }
    }

    /// Notes that all is well.
    pub(super) fn ended(&self) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        back(since.take());
    }
}

fn back(since: Option<Since>) {
    if let Some(since) = since {
        let away_ms = u64::try_from(since.first.elapsed().as_millis()).unwrap_or(u64::MAX);
        info!(away_ms, "the database is back");
    }
}
