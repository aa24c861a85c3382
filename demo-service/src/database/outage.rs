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
pub(super) struct Troubles(Mutex<[Times; 3]>);

/// The times of a trouble.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    now: Option<Since>,
    /// The last end.
    ended: Option<Instant>,
}

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
    /// Notes a failure of what was begun at `begun`: of a statement, or of a start. What has
    /// waited since before the end of a trouble tells nothing new.
    pub(super) fn failed(&self, err: &DatabaseError, statement: Option<Statement>, begun: Instant) {
        let Some(trouble) = err
            .trouble()
            .or_else(|| statement.is_none().then_some(Trouble::Away))
        else {
            return;
        };
        let now = Instant::now();
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = &mut troubles[trouble as usize];
        if times.now.is_none() {
            if times.ended.is_some_and(|ended| begun < ended) {
                return;
            }
            began(trouble, err);
        }
        let since = times.now.get_or_insert(Since {
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
        for (trouble, times) in KINDS.into_iter().zip(&mut *troubles) {
            let Some(since) = &mut times.now else {
                continue;
            };
            since.note(statement, begun);
            if since.is_over() {
                times.end(trouble);
            }
        }
    }

    /// Notes that all is well.
    pub(super) fn all_ended(&self) {
        let mut troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (trouble, times) in KINDS.into_iter().zip(&mut *troubles) {
            times.end(trouble);
        }
    }

    /// Returns whether the database is unavailable.
    pub(super) fn is_away(&self) -> bool {
        let troubles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        troubles[Trouble::Away as usize].now.is_some()
    }
}

impl Times {
    fn end(&mut self, trouble: Trouble) {
        if let Some(since) = self.now.take() {
            ended(trouble, since.first);
            self.ended = Some(Instant::now());
        }
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

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, advance};

    use super::{DatabaseError, QUIET, Statement, Troubles};

    #[tokio::test(start_paused = true)]
    async fn what_has_waited_since_before_the_end_of_a_trouble_begins_no_other() {
        let troubles = Troubles::default();
        let away = DatabaseError::NotReached {
            address: Some("db:5432".to_owned()),
            variable: "APP_DB_CONNECT_TIMEOUT",
        };
        let waiting = Instant::now();
        troubles.failed(&away, None, waiting);
        assert!(troubles.is_away());
        advance(QUIET * 2).await;
        troubles.answered(Statement::Count, Instant::now());
        assert!(!troubles.is_away());
        troubles.failed(&away, None, waiting);
        assert!(!troubles.is_away());
        troubles.failed(&away, None, Instant::now());
        assert!(troubles.is_away());
    }
}
