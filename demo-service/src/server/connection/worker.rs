//! The connections of one worker thread.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::rt::spawn;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::handle::Connection;
use super::state::Timeouts;
use crate::connections::{Closed, Connections, Tally};

/// How long a client may be waited for even if its place is needed.
const PROTECTED: Duration = Duration::from_secs(1);

/// How often places are made, as long as all are taken.
const ROUND: Duration = Duration::from_millis(250);

/// How long a client may read nothing once the service stops.
const LAST_READ: Duration = Duration::from_secs(2);

/// The connections of one worker thread.
pub(in crate::server) struct Worker {
    tally: Arc<Tally>,
    timeouts: Cell<Timeouts>,
    max: usize,
    is_full: Notify,
    is_closing: Cell<bool>,
    connections: RefCell<BTreeMap<u64, Rc<Connection>>>,
    next: Cell<u64>,
}

impl Worker {
    /// Creates the worker of the current thread, for at most `max` connections.
    pub(in crate::server) fn start(
        connections: &Connections,
        timeouts: Timeouts,
        max: usize,
    ) -> Rc<Self> {
        let (tally, closing) = connections.join();
        let worker = Rc::new(Self {
            tally,
            timeouts: Cell::new(timeouts),
            max,
            is_full: Notify::new(),
            is_closing: Cell::new(false),
            connections: RefCell::default(),
            next: Cell::new(0),
        });
        spawn(Rc::clone(&worker).make_room());
        spawn(Rc::clone(&worker).close_when_told(closing));
        worker
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        self.timeouts.get()
    }

    /// Adds a connection. Returns its key.
    pub(super) fn open(&self, peer: Option<SocketAddr>) -> (u64, Rc<Connection>) {
        let key = self.next.replace(self.next.get() + 1);
        let connection = Rc::new(Connection::new(peer, &self.tally));
        if self.is_closing.get() {
            connection.close(Closed::Drain);
        }
        let mut connections = self.connections.borrow_mut();
        connections.insert(key, Rc::clone(&connection));
        if connections.len() >= self.max {
            self.is_full.notify_one();
        }
        (key, connection)
    }

    pub(super) fn remove(&self, key: u64) {
        self.connections.borrow_mut().remove(&key);
    }

    /// Makes room for others, such as probes, as long as all places are taken.
    async fn make_room(self: Rc<Self>) {
        loop {
            self.is_full.notified().await;
            while self.connections.borrow().len() >= self.max {
                sleep(ROUND).await;
                self.close_longest_waiting();
            }
        }
    }

    /// Closes connections that wait for their clients, the idle and the longest waiting
    /// first, until an eighth of the places is free.
    fn close_longest_waiting(&self) {
        let connections = self.connections.borrow();
        if connections.len() < self.max {
            return;
        }
        let surplus = connections.len() - (self.max - self.max.div_ceil(8));
        let now = Instant::now();
        let mut waiting: Vec<_> = connections
            .values()
            .filter_map(|connection| Some((connection.waiting()?, connection)))
            .filter(|((_, since), _)| now.saturating_duration_since(*since) >= PROTECTED)
            .collect();
        waiting.sort_unstable_by_key(|(order, _)| *order);
        for (_, connection) in waiting.into_iter().take(surplus) {
            connection.close(Closed::Full);
        }
    }

    async fn close_when_told(self: Rc<Self>, mut closing: watch::Receiver<bool>) {
        if closing.wait_for(|is_closing| *is_closing).await.is_err() {
            return;
        }
        self.is_closing.set(true);
        let timeouts = self.timeouts.get();
        let write = timeouts.write.min(LAST_READ);
        self.timeouts.set(Timeouts { write, ..timeouts });
        for connection in self.connections.borrow().values() {
            connection.close(Closed::Drain);
        }
    }
}
