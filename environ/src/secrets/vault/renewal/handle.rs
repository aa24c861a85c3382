//! What a Vault gave, as those see it who use it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{watch, Notify};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use super::schedule::{Health, Lease, Schedule};
use super::task::{Keeper, Lessor};
use crate::secrets::vault::client::error::VaultError;

/// Something that a Vault gave for a time.
#[derive(Debug)]
pub struct Leased<T> {
    value: T,
    pub(crate) lease: Lease,
    number: u64,
    /// Whether it was given back.
    is_revoked: AtomicBool,
    /// Keeps what it ends with from being given back before it.
    needs: Mutex<Option<Need>>,
    needed: watch::Sender<()>,
}

/// Somebody's need of what is leased, for as long as this is there.
pub(crate) type Need = watch::Receiver<()>;

impl<T> Leased<T> {
    pub(crate) fn new(value: T, mut lease: Lease, number: u64) -> Self {
        Self {
            value,
            number,
            is_revoked: AtomicBool::new(false),
            needs: Mutex::new(lease.needs.take()),
            needed: watch::Sender::new(()),
            lease,
        }
    }

    pub(crate) fn is_revoked(&self) -> bool {
        self.is_revoked.load(Ordering::Relaxed)
    }

    /// Remembers that it was given back, and needs nothing any more.
    pub(crate) fn set_revoked(&self) {
        self.is_revoked.store(true, Ordering::Relaxed);
        let mut needs = self.needs.lock().unwrap_or_else(PoisonError::into_inner);
        *needs = None;
    }

    /// Keeps it from being given back when it is replaced.
    pub(crate) fn need(&self) -> Need {
        self.needed.subscribe()
    }

    /// Waits until nobody needs it.
    pub(crate) async fn unneeded(&self) {
        self.needed.closed().await;
    }

    /// Gives what it is.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Gives which one it is: the first has the number 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }
}

/// How it stands with what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Whether it is good.
    pub health: Health,
    /// When it was obtained.
    pub obtained: Instant,
    /// When it runs out, unless it is renewed; `None` if never.
    pub expires: Option<Instant>,
    /// Why the last request failed, if it did.
    pub failure: Option<VaultError>,
    /// How often the Vault was asked about it, since the first one was obtained.
    pub answers: Answers,
}

/// How often a Vault was asked about something that is kept, by its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answers {
    /// It is still good, and may be so for longer.
    pub renewed: u64,
    /// There is another one instead of it.
    pub replaced: u64,
    /// There was none, or a refusal.
    pub failed: u64,
}

impl Status {
    pub(crate) fn of(schedule: &Schedule, failure: Option<VaultError>, answers: Answers) -> Self {
        Self {
            health: schedule.health(Instant::now()),
            obtained: schedule.since(),
            expires: schedule.expires(),
            failure,
            answers,
        }
    }

    /// Gives what is left of its time; nothing, if it has run out.
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        let expires = self.expires?;
        Some(expires.saturating_duration_since(Instant::now()))
    }
}

/// Something that a Vault gave, kept alive by a task until this is dropped.
#[derive(Debug)]
pub struct Kept<T> {
    held: watch::Receiver<Arc<Leased<T>>>,
    status: watch::Receiver<Status>,
    wake: Arc<Notify>,
    open: Open<T>,
    task: JoinHandle<()>,
}

/// All that were obtained and may still be valid, and when those that were
/// replaced end.
pub(crate) type Open<T> = Arc<Mutex<Vec<(Option<Instant>, Arc<Leased<T>>)>>>;

impl<T: Send + Sync + 'static> Kept<T> {
    /// Obtains it, and keeps it.
    pub(crate) async fn keep(lessor: impl Lessor<Value = T>) -> Result<Self, VaultError> {
        let asked = Instant::now();
        let (value, lease) = lessor.obtain().await?;
        let schedule = Schedule::new(asked, &lease, fastrand::f64);
        let first = Arc::new(Leased::new(value, lease, 1));
        let open = Arc::new(Mutex::new(vec![(None, Arc::clone(&first))]));
        let (held, held_now) = watch::channel(first);
        let (status, status_now) = watch::channel(Status::of(&schedule, None, Answers::default()));
        let wake = Arc::new(Notify::new());
        let keeper = Keeper {
            lessor: Arc::new(lessor),
            schedule,
            held,
            status,
            answers: Answers::default(),
            wake: Arc::clone(&wake),
            open: Arc::clone(&open),
            replaced: JoinSet::new(),
        };
        let task = tokio::spawn(keeper.run());
        Ok(Self {
            held: held_now,
            status: status_now,
            wake,
            open,
            task,
        })
    }

    /// Gives what is held now.
    #[must_use]
    pub fn current(&self) -> Arc<Leased<T>> {
        Arc::clone(&self.held.borrow())
    }

    /// Tells how it stands. What nobody keeps any more counts as expired.
    #[must_use]
    pub fn status(&self) -> Status {
        let mut status = self.status.borrow().clone();
        status.health = Health::at(Instant::now(), status.expires, status.failure.is_some());
        if self.task.is_finished() {
            status.health = Health::Expired;
        }
        status
    }

    /// Follows what is held: a new one is seen as a change.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Arc<Leased<T>>> {
        self.held.clone()
    }

    /// Follows how it stands: each change of health, time or failure is one.
    #[must_use]
    pub fn follow_status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Has it looked at now: somebody refused it. This may be called often: the
    /// Vault is not asked more than once a second, and not sooner than it would be
    /// while it fails.
    pub fn suspect(&self) {
        self.wake.notify_one();
    }

    /// Gives what makes it be looked at, as [`suspect`](Self::suspect) does.
    pub(crate) fn suspicion(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Ends the task. Gives all that may still be valid, until it runs out or is
    /// revoked.
    pub(crate) fn stop(&self) -> Vec<Arc<Leased<T>>> {
        self.task.abort();
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = |end: Option<Instant>| end.is_none_or(|end| end > Instant::now());
        let open = open
            .iter()
            .filter(|(end, one)| is_open(*end) && !one.is_revoked());
        open.map(|(_, one)| Arc::clone(one)).collect()
    }
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}
