//! A pool of connections to one database.
//!
//! Not sqlx's pool, which gives the place of a connection away while the server still
//! executes its statement, tests an idle connection without a time limit, and does not
//! tell why it has no connection.

mod connect;
mod connection;
mod idle;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::debug;

pub(super) use self::connect::Patience;
pub use self::connection::Connection;

use self::idle::{Birth, Idle, IdleSession};
use super::calls::Panics;
use super::error::DatabaseError;
use super::session::{Session, Target};

/// The maximum time for the test of an idle connection. A slower answer comes from a
/// connection that a firewall or balancer dropped without a word.
const PING_TIMEOUT: Duration = Duration::from_millis(500);

/// The time to test a connection, and to make another, for a request that has waited for
/// its place almost as long as it may.
const MIN_CONNECT_TIME: Duration = Duration::from_secs(1);

/// The pause before a refused login is tried again: longer than after other errors, because a
/// server may count refused logins.
const LOGIN_PAUSE: Duration = Duration::from_millis(200);

/// The maximum time to take leave of a server.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Connections to one database. A clone is the same pool.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    target: Target,
    max: u32,
    /// A permit for each connection that the server may have. A pool shares its permits with a
    /// predecessor at the same server, which has the old connections until these are closed.
    places: Arc<Semaphore>,
    /// One permit for each connection of this pool that is not in use.
    unused: Arc<Semaphore>,
    /// A single permit, for the connection beyond the pool.
    spare: Arc<Semaphore>,
    idle: Idle,
    /// The number of connections that are being made.
    connecting: AtomicU32,
    /// The number of refused logins, of this pool and its predecessors.
    login_refusals: Arc<watch::Sender<u64>>,
    /// The panics of the driver, in this pool and its predecessors.
    panics: Panics,
    runtime: Handle,
}

impl Pool {
    /// Creates a pool, which connects when it is first used.
    ///
    /// Connections belong to the runtime of the caller: the runtimes of the workers end
    /// before the pool does.
    pub(super) fn new(target: Target, max: u32) -> Self {
        // A database in memory is as old as its connection, and a file has one writer.
        let max = if target.is_sqlite() { 1 } else { max };
        Self(Arc::new(Shared {
            target,
            max,
            places: semaphore(max),
            unused: semaphore(max),
            spare: semaphore(1),
            idle: Idle::default(),
            connecting: AtomicU32::new(0),
            login_refusals: Arc::new(watch::Sender::new(0)),
            panics: Panics::default(),
            runtime: Handle::current(),
        }))
    }

    /// Creates the pool that takes the place of this one.
    pub(super) fn successor(&self, target: Target) -> Self {
        let old = &*self.0;
        // Statements that hang at a former server must not block the new server. A file does not
        // count its connections.
        let (places, spare) = if target.is_at_server_of(&old.target) {
            (Arc::clone(&old.places), Arc::clone(&old.spare))
        } else {
            (semaphore(old.max), semaphore(1))
        };
        Self(Arc::new(Shared {
            target,
            max: old.max,
            places,
            unused: semaphore(old.max),
            spare,
            idle: Idle::default(),
            connecting: AtomicU32::new(0),
            login_refusals: Arc::clone(&old.login_refusals),
            panics: old.panics.clone(),
            runtime: old.runtime.clone(),
        }))
    }

    pub(super) fn target(&self) -> &Target {
        &self.0.target
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.0.runtime
    }

    /// Returns a connection that has just answered.
    pub(super) async fn acquire(&self, patience: Patience) -> Result<Connection, DatabaseError> {
        let begun = Instant::now();
        let deadline = begun + patience.time;
        let place = self.place(deadline, patience).await?;
        let is_late = begun.elapsed() > patience.time / 2;
        // A test or an attempt that has no time left would tell nothing.
        let deadline = deadline.max(Instant::now() + patience.time.min(MIN_CONNECT_TIME));
        let unused = Arc::clone(&self.0.unused).try_acquire_owned();
        let in_use = unused.map_err(|_| DatabaseError::Closed)?;
        let session = match self.session(deadline, patience).await {
            // A successor has taken the place of this pool: the credentials may be gone.
            Err(_) if self.is_closed() => return Err(DatabaseError::Closed),
            // The time was spent on waiting for a place.
            Err(DatabaseError::NotReached { .. }) if is_late => return Err(self.exhausted()),
            session => session?,
        };
        Ok(Connection::new(session, in_use, place, self.clone()))
    }

    /// Returns an idle connection that answers, or a new connection.
    ///
    /// A refused login is tried again: where the password of the user was replaced, a successor
    /// of this pool is about to have the new password, and connections made before still work.
    async fn session(
        &self,
        deadline: Instant,
        patience: Patience,
    ) -> Result<(Session, Birth), DatabaseError> {
        loop {
            if let Some(idle) = self.idle_session(deadline).await? {
                return Ok((idle.session, idle.birth));
            }
            match self.connect(deadline, patience).await {
                Err(err) if err.is_refused_login() => {
                    self.0.login_refusals.send_modify(|count| *count += 1);
                    if !patience.tries_again || Instant::now() + LOGIN_PAUSE >= deadline {
                        return Err(err);
                    }
                    sleep(LOGIN_PAUSE).await;
                }
                connected => return connected,
            }
        }
    }

    async fn place(
        &self,
        deadline: Instant,
        patience: Patience,
    ) -> Result<OwnedSemaphorePermit, DatabaseError> {
        let place = Arc::clone(&self.0.places).acquire_owned();
        match timeout_at(deadline, place).await {
            Ok(place) => place.map_err(|_| DatabaseError::Closed),
            // No connection was made yet.
            Err(_) if self.0.connecting.load(Ordering::Relaxed) >= self.in_use() => {
                Err(self.not_reached(patience))
            }
            Err(_) => Err(self.exhausted()),
        }
    }

    fn exhausted(&self) -> DatabaseError {
        DatabaseError::Exhausted {
            in_use: self.in_use(),
            max: self.0.max,
        }
    }

    /// Returns an idle connection that answers, if there is any.
    async fn idle_session(&self, deadline: Instant) -> Result<Option<IdleSession>, DatabaseError> {
        loop {
            let Some(mut idle) = self.0.idle.take()? else {
                return Ok(None);
            };
            if idle.session.is_in_memory() {
                return Ok(Some(idle));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match timeout(PING_TIMEOUT.min(left / 2), idle.session.ping()).await {
                Ok(Ok(())) => return Ok(Some(idle)),
                Ok(Err(err)) => debug!(error = %err, "an idle connection is broken"),
                Err(_) => {
                    debug!("an idle connection does not answer");
                    // The others were dropped along with it. To test each would take
                    // longer than a request waits.
                    self.0.idle.distrust(idle.birth);
                    return Ok(None);
                }
            }
        }
    }

    /// Refuses requests from now on, and closes idle connections. Requests that wait for a place
    /// go on to the successor, if there is one.
    pub(super) fn retire(&self, successor: Option<&Self>) {
        self.close_all(self.0.idle.close());
        if !successor.is_some_and(|new| Arc::ptr_eq(&new.0.places, &self.0.places)) {
            self.0.places.close();
        }
    }

    fn close_all(&self, sessions: Vec<Session>) {
        for session in sessions {
            self.0.runtime.spawn(close(session));
        }
    }

    /// Waits until no connection is in use.
    pub(super) async fn unused(&self) {
        let _ = self.0.unused.acquire_many(self.0.max).await;
    }

    /// Returns whether no connection is in use.
    #[cfg_attr(
        not(feature = "vault"),
        expect(dead_code, reason = "no user is leased")
    )]
    pub(super) fn is_unused(&self) -> bool {
        self.0.unused.available_permits() >= usize::try_from(self.0.max).unwrap_or(1)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.idle.is_closed()
    }

    /// Returns the number of refused logins, which is followed over all successors.
    pub(super) fn login_refusals(&self) -> watch::Receiver<u64> {
        self.0.login_refusals.subscribe()
    }

    /// Returns the number of panics of the driver.
    pub(super) fn panics(&self) -> u64 {
        self.0.panics.count()
    }

    /// Returns the number of connections that are in use or being made.
    pub(super) fn in_use(&self) -> u32 {
        let free = u32::try_from(self.0.places.available_permits()).unwrap_or(u32::MAX);
        self.0.max.saturating_sub(free)
    }

    pub(super) fn idle_count(&self) -> u32 {
        self.0.idle.count()
    }

    pub(super) fn max(&self) -> u32 {
        self.0.max
    }
}

fn semaphore(permits: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(permits).unwrap_or(1)))
}

async fn close(session: Session) {
    let _ = timeout(CLOSE_TIMEOUT, session.close()).await;
}
