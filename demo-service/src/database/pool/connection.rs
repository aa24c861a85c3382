//! A connection of a pool that is in use.

use std::fmt;

use tokio::sync::OwnedSemaphorePermit;

use super::idle::{Birth, GivenBack};
use super::{Pool, close};
use crate::database::error::DatabaseError;
use crate::database::session::Session;

/// A connection of a pool, given back when it is dropped.
pub struct Connection {
    session: Option<Session>,
    birth: Birth,
    /// Whether another statement may use the session.
    is_sound: bool,
    // In this order: a place that is free has an unused connection.
    in_use: Option<OwnedSemaphorePermit>,
    place: Option<OwnedSemaphorePermit>,
    pool: Pool,
}

impl Connection {
    pub(super) fn new(
        (session, birth): (Session, Birth),
        in_use: OwnedSemaphorePermit,
        place: OwnedSemaphorePermit,
        pool: Pool,
    ) -> Self {
        Self {
            session: Some(session),
            birth,
            is_sound: true,
            in_use: Some(in_use),
            place: Some(place),
            pool,
        }
    }

    /// Takes the session, until it is [settled](Self::settle).
    pub(in crate::database) fn begin(&mut self) -> Result<Session, DatabaseError> {
        self.session.take().ok_or(DatabaseError::Closed)
    }

    /// Takes the session back after a statement, and notes how that ended: the session
    /// is closed unless it can be used again.
    pub(in crate::database) fn settle(&mut self, session: Session, err: Option<&DatabaseError>) {
        self.session = Some(session);
        self.is_sound = err.is_none_or(DatabaseError::is_of_the_statement);
        if err.is_some_and(DatabaseError::is_of_the_server) {
            self.pool.0.idle.distrust(self.birth);
        }
    }

    /// Lets a pool that closes not wait for the connection. Its place stays taken.
    pub(in crate::database) fn leave_behind(&mut self) {
        self.in_use = None;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else {
            return;
        };
        let given_back = if self.is_sound || session.is_in_memory() {
            self.pool.0.idle.give_back(session, self.birth)
        } else {
            GivenBack::Refused(session)
        };
        match given_back {
            // Its place is free once the server knows.
            GivenBack::Refused(session) => {
                let permits = (self.in_use.take(), self.place.take());
                self.pool.runtime().spawn(async move {
                    close(session).await;
                    drop(permits);
                });
            }
            GivenBack::Taken(outdated) => self.pool.close_all(outdated),
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}
