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

/// A trouble: its beginning, and each thing that failed.
#[derive(Clone, Copy, Debug)]
struct Since {
    first: Instant,
    last: Instant,
    connection: Option<Failed>,
    count: Option<Failed>,
    add: Option<Failed>,
}

#[derive(Clone, Copy, Debug)]
struct Failed {
    last: Instant,
    works_again: bool,
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
            connection: None,
            count: None,
            add: None,
        });
        since.last = now;
        let failed = match statement.filter(|_| err.is_about_the_statement()) {
            Some(Statement::Count) => &mut since.count,
            Some(Statement::Add) => &mut since.add,
            None => &mut since.connection,
        };
        *failed = Some(Failed {
            last: now,
            works_again: false,
        });
    }

    /// Notes the answer to a statement that was begun at `begun`. A trouble ends once
    /// all that failed works again.
    pub(super) fn answered(&self, statement: Statement, begun: Instant) {
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (trouble, slot) in KINDS.into_iter().zip(&mut *troubles) {
            let Some(since) = slot else { continue };
            since.note(statement, begun);
            if since.is_over() {
                ended(trouble, since.first);
                *slot = None;
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

    /// Returns whether the database is unavailable.
    pub(super) fn is_away(&self) -> bool {
        let troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        troubles[Trouble::Away as usize].is_some()
    }
}

impl Since {
    fn note(&mut self, statement: Statement, begun: Instant) {
        // A database that can write can read.
        let add = self.add.as_mut().filter(|_| statement == Statement::Add);
        let works = [self.connection.as_mut(), self.count.as_mut(), add];
        for failed in works.into_iter().flatten() {
            failed.works_again |= begun > failed.last;
        }
    }

    fn is_over(&self) -> bool {
        let mut failed = [self.connection, self.count, self.add]
            .into_iter()
            .flatten();
        failed.all(|failed| failed.works_again) && self.last.elapsed() > QUIET
    }
}

fn began(trouble: Trouble, err: &DatabaseError) {
    match trouble {
        Trouble::Away => error!(error = %err, "the database is unavailable"),
        Trouble::Slow => warn!(error = %err, "the database is slow"),
        Trouble::Exhausted => warn!(error = %err, "the connection pool is exhausted"),
    }
}

fn ended(trouble: Trouble, first: Instant) {
    let lasted_ms = u64::try_from(first.elapsed().as_millis()).unwrap_or(u64::MAX);
    match trouble {
        Trouble::Away => info!(away_ms = lasted_ms, "the database is available again"),
        Trouble::Slow => info!(slow_ms = lasted_ms, "the database answers in time again"),
        Trouble::Exhausted => info!(
            exhausted_ms = lasted_ms,
            "the connection pool has free connections again"
        ),
    }
}
