//! The connections of a pool that wait for a request.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::database::error::DatabaseError;
use crate::database::session::Session;

/// The maximum time that a connection stays unused, below the idle timeouts of servers
/// and poolers.
const IDLE_TIMEOUT: Duration = Duration::from_mins(10);

/// The maximum age of a connection, so that load spreads over servers that were added.
const MAX_LIFETIME: Duration = Duration::from_mins(30);

/// Idle connections, the last used last.
#[derive(Default)]
pub(super) struct Idle(Mutex<State>);

#[derive(Default)]
struct State {
    sessions: Vec<IdleSession>,
    /// The number of times that all connections lost trust. Older connections are closed
    /// when they are given back.
    generation: u64,
    is_closed: bool,
}

pub(super) struct IdleSession {
    pub(super) session: Session,
    pub(super) birth: Birth,
    since: Instant,
}

/// The time at which a connection was made, and the generation of that time.
#[derive(Clone, Copy)]
pub(super) struct Birth {
    at: Instant,
    generation: u64,
}

impl Birth {
    fn is_over(self) -> bool {
        self.at.elapsed() > MAX_LIFETIME
    }
}

impl IdleSession {
    fn is_outdated(&self) -> bool {
        let is_outdated = self.since.elapsed() > IDLE_TIMEOUT || self.birth.is_over();
        is_outdated && !self.session.is_in_memory()
    }
}

impl Idle {
    /// Returns the birth of a connection that is about to be made.
    pub(super) fn birth(&self) -> Birth {
        Birth {
            at: Instant::now(),
            generation: self.state().generation,
        }
    }

    /// Takes the connection that was used last, unless it is outdated.
    pub(super) fn take(&self) -> Result<Option<IdleSession>, DatabaseError> {
        let mut state = self.state();
        if state.is_closed {
            return Err(DatabaseError::Closed);
        }
        let taken = state.sessions.pop();
        drop(state);
        Ok(taken.filter(|taken| !taken.is_outdated()))
    }

    /// Gives a connection back. Returns the connections to be closed: that connection if
    /// it is of no use any more, and those that were unused for too long.
    pub(super) fn give_back(&self, session: Session, birth: Birth) -> GivenBack {
        let mut state = self.state();
        let is_current =
            session.is_in_memory() || (birth.generation == state.generation && !birth.is_over());
        if state.is_closed || !is_current {
            return GivenBack::Refused(session);
        }
        let since = Instant::now();
        state.sessions.push(IdleSession {
            session,
            birth,
            since,
        });
        // The first were unused for the longest time. No request would take them.
        let outdated = state.sessions.iter().take_while(|idle| idle.is_outdated());
        let outdated = outdated.count();
        let outdated = state.sessions.drain(..outdated);
        GivenBack::Taken(outdated.map(|idle| idle.session).collect())
    }

    /// Closes the connections that are as old as this one or older: idle connections
    /// now, and those in use when they are given back.
    pub(super) fn distrust(&self, birth: Birth) {
        let mut state = self.state();
        if birth.generation == state.generation {
            state.generation += 1;
            state.sessions.clear();
        }
    }

    /// Refuses requests from now on. Returns the connections to be closed.
    pub(super) fn close(&self) -> Vec<Session> {
        let mut state = self.state();
        state.is_closed = true;
        let sessions = mem::take(&mut state.sessions);
        sessions.into_iter().map(|idle| idle.session).collect()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.state().sessions.len()).unwrap_or(u32::MAX)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connections to be closed after a connection was given back.
pub(super) enum GivenBack {
    Refused(Session),
    Taken(Vec<Session>),
}
