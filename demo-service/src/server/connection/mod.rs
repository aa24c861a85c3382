//! One connection, from its start to its end: how fast actix may read, how long the client
//! may take, and the reason for which the connection is closed.
//!
//! `H1Service` serves any stream, so [`Stream`] stands between actix and the socket:
//! [`state`] decides, [`stream`] reads and writes, [`service`] reports requests, and
//! [`worker`] knows all connections of a thread.

mod body;
mod head;
mod service;
mod state;
mod stream;
#[cfg(test)]
mod tests;
mod worker;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::Instant;

use tracing::debug;

use crate::connections::{Activity, Closed};
use crate::telemetry::targets::CONNECTIONS;
use body::Framing;
use state::State;

pub(super) use service::{hold_continue, report};
pub(super) use state::Timeouts;
pub(super) use stream::Stream;
pub(super) use worker::Worker;

/// A connection, as its stream, its requests and its worker share it.
pub(super) struct Connection {
    id: u64,
    peer: Option<SocketAddr>,
    opened: Instant,
    worker: Rc<Worker>,
    state: RefCell<State>,
    activity: Cell<Activity>,
    /// Wakes actix.
    waker: RefCell<Option<Waker>>,
    /// Bytes that were read, and that actix may not have yet.
    unread: Cell<usize>,
    /// The reason of the end, once the end is decided.
    ended: Cell<Option<Closed>>,
    /// The reason for which the connection is to end, once no request is being answered.
    to_close: Cell<Option<Closed>>,
    interim: Cell<Interim>,
}

/// The `100 Continue` of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Interim {
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
    fn open(worker: &Rc<Worker>, peer: Option<SocketAddr>) -> Rc<Self> {
        let now = Instant::now();
        worker.tally.opened(Activity::Idle);
        worker.add(|id, to_close| Self {
            id,
            peer,
            opened: now,
            worker: Rc::clone(worker),
            state: RefCell::new(State::new(now)),
            activity: Cell::new(Activity::Idle),
            waker: RefCell::default(),
            unread: Cell::default(),
            ended: Cell::default(),
            to_close: Cell::new(to_close),
            interim: Cell::default(),
        })
    }

    /// Changes the state, and counts the activity that follows.
    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.borrow_mut();
        let changed = change(&mut state);
        let activity = state.activity();
        let before = self.activity.replace(activity);
        if before != activity {
            self.worker.tally.changed(before, activity);
        }
        changed
    }

    fn begin(&self, framing: Framing) {
        self.update(|state| state.begin(framing));
    }

    fn end(&self) {
        self.update(|state| state.end(Instant::now()));
        // No byte will come from the socket to wake actix for those.
        if self.unread.get() > 0 {
            self.wake();
        }
    }

    /// Notes the reason of the end, unless there is one.
    fn ended(&self, reason: Closed) {
        self.ended.set(self.ended.get().or(Some(reason)));
    }

    /// Closes the connection, once no request is being answered.
    fn close(&self, reason: Closed) {
        self.to_close.set(self.to_close.get().or(Some(reason)));
        self.wake();
    }

    /// Returns since when the service has waited for the client, if no request is being
    /// answered; connections that have answered one come first.
    fn waiting(&self) -> Option<(bool, Instant)> {
        let state = self.state.borrow();
        let is_idle = state.activity() == Activity::Idle && state.answered() > 0;
        Some((!is_idle, state.waiting()?))
    }

    fn wake(&self) {
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }

    fn remember(&self, context: &Context<'_>) {
        let mut waker = self.waker.borrow_mut();
        match &mut *waker {
            Some(waker) => waker.clone_from(context.waker()),
            None => *waker = Some(context.waker().clone()),
        }
    }

    /// Counts and logs the end. Returns its reason.
    fn closed(&self) -> Closed {
        let reason = self.ended.get().unwrap_or(Closed::Answered);
        self.worker.remove(self.id);
        self.worker.tally.ended(self.activity.get(), reason);
        if reason.is_fault() {
            debug!(
                target: CONNECTIONS,
                reason = reason.name(),
                peer = self.peer.map(tracing::field::display),
                age_ms = self.opened.elapsed().as_secs_f64() * 1e3,
                requests = self.state.borrow().answered(),
                "client refused or given up"
            );
        }
        reason
    }
}
