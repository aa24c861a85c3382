//! Connecting: for a pool, and beyond it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::idle::Birth;
use super::{Pool, close};
use crate::database::error::DatabaseError;
use crate::database::session::Session;

/// The pause before a second attempt to connect. It doubles up to the maximum.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const MAX_PAUSE: Duration = Duration::from_millis(250);

/// How to wait for a connection.
#[derive(Clone, Copy)]
pub(in crate::database) struct Patience {
    /// The maximum time.
    pub(in crate::database) time: Duration,
    /// The variable that sets the maximum time.
    pub(in crate::database) variable: &'static str,
    /// Whether to try again within that time.
    pub(in crate::database) tries_again: bool,
}

impl Pool {
    /// Connects, and tries again if the cause may pass by itself.
    pub(super) async fn connect(
        &self,
        deadline: Instant,
        patience: Patience,
    ) -> Result<(Session, Birth), DatabaseError> {
        let target = self.target();
        let (mut pause, mut last) = (FIRST_PAUSE, None);
        loop {
            // Before the connection is made, so that distrust in between counts.
            let birth = self.0.idle.birth();
            let mut connecting = Some(Connecting::new(&self.0.connecting));
            match timeout_at(deadline, self.attempt(&mut connecting)).await {
                Ok(Ok(session)) => return Ok((session, birth)),
                Ok(Err(err)) => {
                    let err = target.failed(err);
                    let may_pass = patience.tries_again && !err.is_refusal();
                    if !may_pass || Instant::now() + pause >= deadline {
                        return Err(err);
                    }
                    last = Some(err);
                }
                Err(_) if connecting.is_none() => {
                    return Err(DatabaseError::Unanswered(patience.variable));
                }
                // The answer of the server before tells more.
                Err(_) => return Err(last.unwrap_or_else(|| self.not_reached(patience))),
            }
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    /// Connects beyond the connections of the pool: there is one such connection at a
    /// time.
    pub(in crate::database) async fn connect_spare(
        &self,
        patience: Patience,
    ) -> Result<Spare, DatabaseError> {
        let connected = async {
            let spare = Arc::clone(&self.0.spare).acquire_owned().await;
            let permit = spare.map_err(|_| DatabaseError::Closed)?;
            let session = self.attempt(&mut None).await;
            let session = session.map_err(|err| self.target().failed(err))?;
            Ok(Spare {
                session,
                _permit: permit,
            })
        };
        match timeout(patience.time, connected).await {
            Ok(connected) => connected,
            Err(_) => Err(self.not_reached(patience)),
        }
    }

    /// Connects, and waits for one answer: a pooler takes connections for a database that
    /// it cannot reach.
    async fn attempt(&self, connecting: &mut Option<Connecting<'_>>) -> sqlx::Result<Session> {
        let mut session = self.target().connect(&self.0.panics).await?;
        *connecting = None;
        session.ping().await?;
        Ok(session)
    }

    pub(super) fn not_reached(&self, patience: Patience) -> DatabaseError {
        DatabaseError::NotReached {
            address: self.target().address(),
            variable: patience.variable,
        }
    }
}

/// Counts a connection that is not made yet.
struct Connecting<'a>(&'a AtomicU32);

impl<'a> Connecting<'a> {
    fn new(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Connecting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection beyond the pool.
pub(in crate::database) struct Spare {
    pub(in crate::database) session: Session,
    _permit: OwnedSemaphorePermit,
}

impl Spare {
    pub(in crate::database) async fn close(self) {
        close(self.session).await;
    }
}
