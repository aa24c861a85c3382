//! Counts of the connections of a listener, by activity and by the reason of their end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The activity of an open connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    /// The client has sent no byte of its next request.
    Idle,
    /// The client is sending a head, or the rest of a body after the answer.
    Receiving,
    /// A request is being answered.
    Answering,
    /// The client does not read its answer.
    Blocked,
}

impl Activity {
    /// Every activity.
    pub(crate) const ALL: [Self; 4] = [Self::Idle, Self::Receiving, Self::Answering, Self::Blocked];

    /// Returns the label in metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Receiving => "receiving",
            Self::Answering => "answering",
            Self::Blocked => "blocked",
        }
    }
}

/// The reason why a connection was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// The client closed or reset the connection.
    Client,
    /// An answer said `Connection: close`.
    Answered,
    /// The client sent no request for `APP_KEEP_ALIVE`.
    KeepAlive,
    /// A head was not complete within `APP_HEAD_TIMEOUT`: 408.
    HeadTimeout,
    /// A head was malformed: 400.
    BadRequest,
    /// A head was too large: 431.
    HeadTooLarge,
    /// The rest of an answered request's body did not arrive.
    BodyTimeout,
    /// The client did not read for `APP_WRITE_TIMEOUT`.
    WriteTimeout,
    /// Other clients needed the place: `APP_MAX_CONNECTIONS` were open.
    Full,
    /// The service stopped.
    Drain,
}

impl Closed {
    /// Every reason.
    pub(crate) const ALL: [Self; 10] = [
        Self::Client,
        Self::Answered,
        Self::KeepAlive,
        Self::HeadTimeout,
        Self::BadRequest,
        Self::HeadTooLarge,
        Self::BodyTimeout,
        Self::WriteTimeout,
        Self::Full,
        Self::Drain,
    ];

    /// Returns whether the client was refused or given up.
    pub(crate) fn is_fault(self) -> bool {
        match self {
            Self::HeadTimeout
            | Self::BadRequest
            | Self::HeadTooLarge
            | Self::BodyTimeout
            | Self::WriteTimeout
            | Self::Full => true,
            Self::Client | Self::Answered | Self::KeepAlive | Self::Drain => false,
        }
    }

    /// Returns the label in metrics and in the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Answered => "answered",
            Self::KeepAlive => "keep_alive",
            Self::HeadTimeout => "head_timeout",
            Self::BadRequest => "bad_request",
            Self::HeadTooLarge => "head_too_large",
            Self::BodyTimeout => "body_timeout",
            Self::WriteTimeout => "write_timeout",
            Self::Full => "full",
            Self::Drain => "drain",
        }
    }
}

/// The connections of a listener. A clone shares the counts.
#[derive(Clone, Debug)]
pub(crate) struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    tallies: Mutex<Vec<Arc<Tally>>>,
    closing: watch::Sender<bool>,
}

impl Default for Connections {
    fn default() -> Self {
        Self(Arc::new(Shared {
            tallies: Mutex::default(),
            closing: watch::Sender::new(false),
        }))
    }
}

impl Connections {
    /// Adds a worker. Returns the counts that the worker keeps, and the call to
    /// [close](Self::close) its connections.
    pub(crate) fn join(&self) -> (Arc<Tally>, watch::Receiver<bool>) {
        let tally = Arc::new(Tally {
            open: AtomicU64::new(0),
            activities: Default::default(),
            closed: Default::default(),
        });
        self.tallies().push(Arc::clone(&tally));
        (tally, self.0.closing.subscribe())
    }

    /// Closes idle connections now, and all others once they have answered.
    pub(crate) fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Returns the number of open connections.
    pub(crate) fn open(&self) -> u64 {
        self.tallies().iter().map(|tally| tally.open()).sum()
    }

    /// Returns the number of open connections with this activity.
    pub(crate) fn active(&self, activity: Activity) -> u64 {
        let tallies = self.tallies();
        tallies.iter().map(|tally| tally.active(activity)).sum()
    }

    /// Returns the number of connections that were closed for this reason.
    pub(crate) fn closed(&self, reason: Closed) -> u64 {
        let tallies = self.tallies();
        tallies.iter().map(|tally| tally.closed(reason)).sum()
    }

    fn tallies(&self) -> MutexGuard<'_, Vec<Arc<Tally>>> {
        let tallies = self.0.tallies.lock();
        tallies.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The counts of one worker. Only the worker's thread writes them, so that no request
/// waits for another core.
#[derive(Debug)]
pub(crate) struct Tally {
    /// A sum of the activities would miss a connection that changes its activity, and a drain
    /// would cut its request.
    open: AtomicU64,
    activities: [AtomicU64; Activity::ALL.len()],
    closed: [AtomicU64; Closed::ALL.len()],
}

impl Tally {
    /// Counts a new connection.
    pub(crate) fn opened(&self, activity: Activity) {
        add(&self.open, 1);
        add(&self.activities[activity as usize], 1);
    }

    /// Counts a change of activity.
    pub(crate) fn changed(&self, before: Activity, after: Activity) {
        add(&self.activities[before as usize], -1);
        add(&self.activities[after as usize], 1);
    }

    /// Counts a connection that is closed.
    pub(crate) fn ended(&self, activity: Activity, reason: Closed) {
        add(&self.activities[activity as usize], -1);
        add(&self.closed[reason as usize], 1);
        add(&self.open, -1);
    }

    fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    fn active(&self, activity: Activity) -> u64 {
        self.activities[activity as usize].load(Ordering::Relaxed)
    }

    fn closed(&self, reason: Closed) -> u64 {
        self.closed[reason as usize].load(Ordering::Relaxed)
    }
}

/// Without a locked instruction, because nobody else writes.
fn add(count: &AtomicU64, difference: i64) {
    let sum = count
        .load(Ordering::Relaxed)
        .wrapping_add_signed(difference);
    count.store(sum, Ordering::Relaxed);
}
