//! A connection, as its stream, its requests and its worker share it.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Instant;

use tracing::debug;

use super::body::Framing;
use super::state::State;
use crate::connections::{Activity, Closed, Tally};
use crate::telemetry::targets::CONNECTIONS;

/// A connection.
pub(in crate::server) struct Connection {
    peer: Option<SocketAddr>,
    opened: Instant,
    tally: Arc<Tally>,
    pub(super) state: RefCell<State>,
    pub(super) activity: Cell<Activity>,
    /// Wakes actix.
    waker: RefCell<Option<Waker>>,
    /// Bytes that were read, and that actix may not have yet.
    pub(super) unread: Cell<usize>,
    /// The reason of the end, once the end is decided.
    pub(super) ended: Cell<Option<Closed>>,
    /// The reason for which the connection is to end, once no request is being answered.
    pub(super) to_close: Cell<Option<Closed>>,
    pub(super) interim: Cell<Interim>,
    /// Whether the socket is closed, which a request may outlive.
    is_closed: Cell<bool>,
}

/// The `100 Continue` of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Interim {
    /// No client waits for any.
    #[default]
    None,
    /// actix writes one before it calls the service: too early, because the service may
    /// refuse the body.
    Held,
    /// The handler reads the body.
    Due,
}

impl Connection {
    /// Creates a connection, and counts it in `tally`.
    pub(super) fn new(peer: Option<SocketAddr>, tally: &Arc<Tally>) -> Self {
        let now = Instant::now();
        tally.opened(Activity::Idle);
        Self {
            peer,
            opened: now,
            tally: Arc::clone(tally),
            state: RefCell::new(State::new(now)),
            activity: Cell::new(Activity::Idle),
            waker: RefCell::default(),
            unread: Cell::default(),
            ended: Cell::default(),
            to_close: Cell::default(),
            interim: Cell::default(),
            is_closed: Cell::default(),
        }
    }

    /// Changes the state, and counts the activity that follows.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.borrow_mut();
        let changed = change(&mut state);
        let activity = state.activity();
        let before = self.activity.replace(activity);
        if before != activity && !self.is_closed.get() {
            self.tally.changed(before, activity);
        }
        changed
    }

    /// Notes that actix has decoded a head, and asks for an answer.
    pub(super) fn begin(&self, framing: Framing) {
        self.update(|state| state.begin(framing));
    }

    /// Notes that the answer is complete, or given up.
    pub(super) fn end(&self) {
        self.update(|state| state.end(Instant::now()));
        // No byte will come from the socket to wake actix for those.
        if self.unread.get() > 0 {
            self.wake();
        }
    }

    /// Notes the reason of the end, unless there is one.
    pub(super) fn ended(&self, reason: Closed) {
        self.ended.set(self.ended.get().or(Some(reason)));
    }

    /// Closes the connection, once no request is being answered.
    pub(super) fn close(&self, reason: Closed) {
        self.to_close.set(self.to_close.get().or(Some(reason)));
        self.wake();
    }

    /// Returns since when the service has waited for the client, if no request is being
    /// answered; connections that have answered one come first.
    pub(super) fn waiting(&self) -> Option<(bool, Instant)> {
        let state = self.state.borrow();
        let is_idle = state.activity() == Activity::Idle && state.answered() > 0;
        Some((!is_idle, state.waiting()?))
    }

    /// Lets actix look at the connection.
    pub(super) fn wake(&self) {
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }

    /// Remembers the task of actix, to [wake](Self::wake) it.
    pub(super) fn remember(&self, context: &Context<'_>) {
        let mut waker = self.waker.borrow_mut();
        match &mut *waker {
            Some(waker) => waker.clone_from(context.waker()),
            None => *waker = Some(context.waker().clone()),
        }
    }

    /// Counts and logs the end of the socket, and returns its reason. Without another reason,
    /// actix has closed the connection behind an answer.
    pub(super) fn closed(&self) -> Closed {
        let reason = self.ended.get().unwrap_or(Closed::Answered);
        self.is_closed.set(true);
        self.tally.ended(self.activity.get(), reason);
        if reason.is_fault() {
            debug!(
                target: CONNECTIONS,
                reason = reason.name(),
                peer = self.peer.map(tracing::field::display),
                age_ms = self.opened.elapsed().as_secs_f64() * 1e3,
                requests = self.state.borrow().answered(),
                "connection closed early"
            );
        }
        reason
    }
}
