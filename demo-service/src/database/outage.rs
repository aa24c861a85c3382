//! The troubles of a database, logged when each begins and ends.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{error, info, warn};

use super::error::{DatabaseError, Trouble};
use super::statement::Statement;

/// The time without a failure that ends a trouble: while a server stops, its connections
/// fail one after the other, and some still answer.
const QUIET: Duration = Duration::from_secs(1);

/// The troubles of a database, at most one of each kind.
#[derive(Debug, Default)]
pub(super) struct Troubles(Mutex<[Option<Since>; 3]>);

/// A trouble: its first failure, and its last.
#[derive(Clone, Copy, Debug)]
struct Since {
    first: Instant,
    last: Instant,
}

const KINDS: [Trouble; 3] = [Trouble::Away, Trouble::Slow, Trouble::Exhausted];

impl Troubles {
    /// Notes a failure: of a statement, or of a start.
    pub(super) fn failed(&self, err: &DatabaseError, statement: Option<Statement>) {
        let Some(trouble) = err
            .trouble()
            .or_else(|| statement.is_none().then_some(Trouble::Away))
        else {
            return;
        };
        let now = Instant::now();
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = &mut troubles[trouble as usize];
        if since.is_none() {
            began(trouble, err);
        }
        let since = since.get_or_insert(Since {
            first: now,
            last: now,
        });
        since.last = now;
    }

    /// Notes the answer to a statement that was begun at `begun`.
    pub(super) fn answered(&self, begun: Instant) {
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (trouble, slot) in KINDS.into_iter().zip(&mut *troubles) {
            let over = slot.take_if(|since| begun > since.last + QUIET);
            if let Some(since) = over {
                ended(trouble, since.first);
            }
        }
    }

    /// Notes that all is well.
    pub(super) fn all_ended(&self) {
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (trouble, slot) in KINDS.into_iter().zip(&mut *troubles) {
            if let Some(since) = slot.take() {
                ended(trouble, since.first);
            }
        }
    }
}

fn began(trouble: Trouble, err: &DatabaseError) {
    match trouble {
        Trouble::Away => error!(error = %err, "the database is away"),
        Trouble::Slow => warn!(error = %err, "the database is slow"),
        Trouble::Exhausted => warn!(error = %err, "the connection pool is exhausted"),
    }
}

fn ended(trouble: Trouble, first: Instant) {
    let lasted_ms = u64::try_from(first.elapsed().as_millis()).unwrap_or(u64::MAX);
    match trouble {
        Trouble::Away => info!(away_ms = lasted_ms, "the database is back"),
        Trouble::Slow => info!(slow_ms = lasted_ms, "the database answers in time again"),
        Trouble::Exhausted => info!(
            exhausted_ms = lasted_ms,
            "the connection pool has free connections again"
        ),
    }
}
