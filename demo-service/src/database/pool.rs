//! A pool of connections to one database.
//!
//! Not sqlx's pool, which gives the place of a connection away while the server still
//! executes its statement, tests idle connections without a time limit, one after the
//! other, and does not tell why it has no connection.

use std::mem;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::debug;

use super::DatabaseError;
use super::session::{Session, Target};

/// The maximum time for the test of an idle connection. A slower answer comes from a
/// connection that a firewall or balancer dropped without a word.
const PING_TIMEOUT: Duration = Duration::from_millis(500);

/// The maximum time to take leave of a server.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The maximum time that a connection stays unused, below the idle timeouts of servers
/// and poolers.
const IDLE_TIMEOUT: Duration = Duration::from_mins(10);

/// The maximum age of a connection, so that load spreads over servers that were added.
const MAX_LIFETIME: Duration = Duration::from_mins(30);

/// The pause before a second attempt to connect. It doubles up to the maximum.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const MAX_PAUSE: Duration = Duration::from_millis(250);

/// Connections to one database. A clone is the same pool.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    target: Target,
    max: u32,
    /// One permit for each connection that the server may have. A pool shares them with
    /// its predecessor, whose connections the server has until they are closed.
    places: Arc<Semaphore>,
    /// One permit for each connection of this pool that is not in use.
    unused: Arc<Semaphore>,
    /// One permit: for the connection beyond those of the pool.
    spare: Arc<Semaphore>,
    idle: Mutex<Idle>,
    connecting: AtomicU32,
    runtime: Handle,
}

#[derive(Default)]
struct Idle {
    sessions: Vec<IdleSession>,
    /// Counts how often all connections lost trust. Older connections are closed when
    /// they are given back.
    generation: u64,
    is_closed: bool,
}

struct IdleSession {
    session: Session,
    birth: Birth,
    since: Instant,
}

#[derive(Clone, Copy)]
struct Birth {
    at: Instant,
    generation: u64,
}

/// How to wait for a connection.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// The maximum time.
    pub(super) time: Duration,
    /// The variable that sets the maximum time.
    pub(super) variable: &'static str,
    /// Whether to try again within that time.
    pub(super) tries_again: bool,
}

impl Pool {
    /// Creates a pool, which connects when it is first used.
    ///
    /// Connections belong to the runtime of the caller: the runtimes of the workers end
    /// before the pool does.
    pub(super) fn new(target: Target, max: u32) -> Self {
        // A database in memory is as old as its connection, and a file has one writer.
        let max = if target.is_sqlite() { 1 } else { max };
        Self::with(target, max, semaphore(max), semaphore(1), Handle::current())
    }

    /// Creates the pool that takes the place of this one.
    pub(super) fn successor(&self, target: Target) -> Self {
        let Shared {
            max,
            places,
            spare,
            runtime,
            ..
        } = &*self.0;
        // A file does not count its connections.
        let places = if target.is_sqlite() {
            semaphore(*max)
        } else {
            Arc::clone(places)
        };
        Self::with(target, *max, places, Arc::clone(spare), runtime.clone())
    }

    fn with(
        target: Target,
        max: u32,
        places: Arc<Semaphore>,
        spare: Arc<Semaphore>,
        runtime: Handle,
    ) -> Self {
        Self(Arc::new(Shared {
            target,
            max,
            places,
            unused: semaphore(max),
            spare,
            idle: Mutex::default(),
            connecting: AtomicU32::new(0),
            runtime,
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
        let unused = Arc::clone(&self.0.unused).try_acquire_owned();
        let in_use = unused.map_err(|_| DatabaseError::Closed)?;
        let (session, birth) = match self.idle_session(deadline).await? {
            Some(idle) => (idle.session, idle.birth),
            None => match self.connect(deadline, patience).await {
                // The time was spent on waiting for a place.
                Err(DatabaseError::NotReached { .. }) if is_late => return Err(self.exhausted()),
                connected => connected?,
            },
        };
        Ok(Connection {
            session: Some(session),
            birth,
            is_sound: true,
            in_use: Some(in_use),
            place: Some(place),
            pool: self.clone(),
        })
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
            let Some(mut idle) = self.take_idle()? else {
                return Ok(None);
            };
            if self.0.target.is_sqlite() {
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
                    self.distrust(idle.birth);
                    return Ok(None);
                }
            }
        }
    }

    /// Takes the idle connection that was used last.
    fn take_idle(&self) -> Result<Option<IdleSession>, DatabaseError> {
        let mut idle = self.idle();
        if idle.is_closed {
            return Err(DatabaseError::Closed);
        }
        let taken = idle.sessions.pop();
        drop(idle);
        Ok(taken.filter(|taken| {
            let is_fresh = !self.is_outdated(taken);
            if !is_fresh {
                debug!("an idle connection is outdated");
            }
            is_fresh
        }))
    }

    fn is_outdated(&self, idle: &IdleSession) -> bool {
        !self.0.target.is_sqlite()
            && (idle.since.elapsed() > IDLE_TIMEOUT || idle.birth.at.elapsed() > MAX_LIFETIME)
    }

    /// Connects, and tries again what may pass by itself.
    async fn connect(
        &self,
        deadline: Instant,
        patience: Patience,
    ) -> Result<(Session, Birth), DatabaseError> {
        let (mut pause, mut last) = (FIRST_PAUSE, None);
        loop {
            // Before the connection is made, so that distrust in between counts.
            let generation = self.idle().generation;
            let mut connecting = Some(Connecting::new(&self.0.connecting));
            match timeout_at(deadline, connect(&self.0.target, &mut connecting)).await {
                Ok(Ok(session)) => {
                    let at = Instant::now();
                    return Ok((session, Birth { at, generation }));
                }
                Ok(Err(err)) => {
                    let err = self.failed(err);
                    let may_pass = patience.tries_again && !err.is_refusal();
                    if !may_pass || Instant::now() + pause >= deadline {
                        return Err(err);
                    }
                    last = Some(err);
                }
                Err(_) if connecting.is_none() => {
                    return Err(DatabaseError::Unanswered(patience.variable));
                }
                // What the server said before tells more.
                Err(_) => return Err(last.unwrap_or_else(|| self.not_reached(patience))),
            }
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    /// Connects beyond the connections of the pool: there is one such connection at a
    /// time. It is closed when it is dropped.
    pub(super) async fn connect_spare(&self, patience: Patience) -> Result<Spare, DatabaseError> {
        let connected = async {
            let spare = Arc::clone(&self.0.spare).acquire_owned().await;
            let permit = spare.map_err(|_| DatabaseError::Closed)?;
            let session = connect(&self.0.target, &mut None).await;
            let session = session.map_err(|err| self.failed(err))?;
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

    fn failed(&self, err: sqlx::Error) -> DatabaseError {
        DatabaseError::of_connecting(&self.0.target, err)
    }

    fn not_reached(&self, patience: Patience) -> DatabaseError {
        DatabaseError::NotReached {
            address: self.0.target.address(),
            variable: patience.variable,
        }
    }

    /// Closes the connections that are as old as this one or older: idle connections
    /// now, and those in use when they are given back.
    fn distrust(&self, birth: Birth) {
        let mut idle = self.idle();
        if birth.generation == idle.generation {
            idle.generation += 1;
            idle.sessions.clear();
        }
    }

    /// Refuses requests from now on, and closes idle connections.
    pub(super) fn retire(&self, is_last: bool) {
        let mut idle = self.idle();
        idle.is_closed = true;
        let sessions = mem::take(&mut idle.sessions);
        drop(idle);
        if is_last || self.0.target.is_sqlite() {
            self.0.places.close();
        }
        for idle in sessions {
            self.0.runtime.spawn(close(idle.session));
        }
    }

    /// Waits until no connection is in use.
    pub(super) async fn unused(&self) {
        let _ = self.0.unused.acquire_many(self.0.max).await;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.idle().is_closed
    }

    /// Returns the number of connections that are in use or being made.
    pub(super) fn in_use(&self) -> u32 {
        let free = u32::try_from(self.0.places.available_permits()).unwrap_or(u32::MAX);
        self.0.max.saturating_sub(free)
    }

    pub(super) fn idle_count(&self) -> u32 {
        u32::try_from(self.idle().sessions.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn max(&self) -> u32 {
        self.0.max
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection back, unless it is of no use any more.
    fn give_back(&self, session: Session, birth: Birth) -> Option<Session> {
        let mut idle = self.idle();
        let is_current = self.0.target.is_sqlite()
            || (birth.generation == idle.generation && birth.at.elapsed() <= MAX_LIFETIME);
        if idle.is_closed || !is_current {
            return Some(session);
        }
        let since = Instant::now();
        idle.sessions.push(IdleSession {
            session,
            birth,
            since,
        });
        // The oldest are first. The heartbeat's connection alone would keep them.
        let outdated = idle.sessions.iter().take_while(|one| self.is_outdated(one));
        let outdated = outdated.count();
        let outdated: Vec<_> = idle.sessions.drain(..outdated).collect();
        drop(idle);
        for idle in outdated {
            self.0.runtime.spawn(close(idle.session));
        }
        None
    }
}

fn semaphore(permits: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(permits).unwrap_or(1)))
}

/// Connects, and waits for one answer: a pooler takes connections for a database that
/// it cannot reach.
async fn connect(
    target: &Target,
    connecting: &mut Option<Connecting<'_>>,
) -> sqlx::Result<Session> {
    let mut session = target.connect().await?;
    *connecting = None;
    session.ping().await?;
    Ok(session)
}

async fn close(session: Session) {
    let _ = timeout(CLOSE_TIMEOUT, session.close()).await;
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

/// A connection beyond those of the pool.
pub(super) struct Spare {
    pub(super) session: Session,
    _permit: OwnedSemaphorePermit,
}

impl Spare {
    pub(super) async fn close(self) {
        close(self.session).await;
    }
}

/// A connection of a pool, given back when it is dropped.
pub struct Connection {
    session: Option<Session>,
    birth: Birth,
    /// Whether another statement may use the session.
    is_sound: bool,
    in_use: Option<OwnedSemaphorePermit>,
    place: Option<OwnedSemaphorePermit>,
    pool: Pool,
}

impl Connection {
    /// Takes the session, until it is [settled](Self::settle).
    pub(super) fn begin(&mut self) -> Result<Session, DatabaseError> {
        self.session.take().ok_or(DatabaseError::Closed)
    }

    /// Takes the session back after a statement, and notes how that ended: the session
    /// is closed unless it can be used again.
    pub(super) fn settle(&mut self, session: Session, err: Option<&DatabaseError>) {
        self.session = Some(session);
        self.is_sound = err.is_none_or(DatabaseError::is_of_the_statement);
        if err.is_some_and(DatabaseError::is_of_the_server) {
            self.pool.distrust(self.birth);
        }
    }

    /// Lets a pool that closes not wait for the connection. Its place stays taken.
    pub(super) fn leave_behind(&mut self) {
        self.in_use = None;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else {
            return;
        };
        let may_return = self.is_sound || self.pool.target().is_sqlite();
        let refused = if may_return {
            self.pool.give_back(session, self.birth)
        } else {
            Some(session)
        };
        if let Some(session) = refused {
            // Its place is free once the server knows.
            let permits = (self.in_use.take(), self.place.take());
            self.pool.runtime().spawn(async move {
                close(session).await;
                drop(permits);
            });
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}
