//! Keeps what a Vault gave: a task that renews it, and replaces it when that
//! ends.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{watch, Notify};
use tokio::task::JoinHandle;
use tokio::time::{sleep_until, Instant};

use super::error::VaultError;
use super::lease::{jitter, Action, Health, Lease, Schedule};

/// What can be had for a time: a token, or credentials.
pub(super) trait Lessor: Send + Sync + 'static {
    type Value: Send + Sync + 'static;

    fn obtain(&self) -> impl Future<Output = Result<(Self::Value, Lease), VaultError>> + Send;

    fn renew(
        &self,
        held: &Leased<Self::Value>,
    ) -> impl Future<Output = Result<Lease, VaultError>> + Send;

    /// Resolves when what is held will end with what it depends on.
    fn doomed(&self, held: &Leased<Self::Value>) -> impl Future<Output = ()> + Send;

    /// Whether what was obtained is what was held before.
    fn is_same(&self, held: &Self::Value, new: &Self::Value) -> bool;
}

/// Something that a Vault gave for a time.
#[derive(Debug)]
pub struct Leased<T> {
    value: T,
    pub(super) lease: Lease,
    number: u64,
    /// Whether it was given back.
    pub(super) is_revoked: AtomicBool,
}

impl<T> Leased<T> {
    fn new(value: T, lease: Lease, number: u64) -> Self {
        Self {
            value,
            lease,
            number,
            is_revoked: AtomicBool::new(false),
        }
    }

    fn is_revoked(&self) -> bool {
        self.is_revoked.load(Ordering::Relaxed)
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
type Open<T> = Arc<Mutex<Vec<(Option<Instant>, Arc<Leased<T>>)>>>;

impl<T: Send + Sync + 'static> Kept<T> {
    /// Obtains it, and keeps it.
    pub(super) async fn keep(lessor: impl Lessor<Value = T>) -> Result<Self, VaultError> {
        let asked = Instant::now();
        let (value, lease) = lessor.obtain().await?;
        let schedule = Schedule::new(asked, &lease, jitter);
        let first = Arc::new(Leased::new(value, lease, 1));
        let open = Arc::new(Mutex::new(vec![(None, Arc::clone(&first))]));
        let (held, held_now) = watch::channel(first);
        let (status, status_now) = watch::channel(status(&schedule, None, Answers::default()));
        let wake = Arc::new(Notify::new());
        let keeper = Keeper {
            lessor,
            schedule,
            held,
            status,
            answers: Answers::default(),
            wake: Arc::clone(&wake),
            open: Arc::clone(&open),
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
    pub(super) fn suspicion(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Ends the task. Gives all that may still be valid, until it runs out or is
    /// revoked.
    pub(super) fn stop(&self) -> Vec<Arc<Leased<T>>> {
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

struct Keeper<L: Lessor> {
    lessor: L,
    schedule: Schedule,
    held: watch::Sender<Arc<Leased<L::Value>>>,
    status: watch::Sender<Status>,
    answers: Answers,
    wake: Arc<Notify>,
    open: Open<L::Value>,
}

impl<L: Lessor> Keeper<L> {
    async fn run(mut self) {
        loop {
            let held = Arc::clone(&self.held.borrow());
            let (at, action) = match self.schedule.next() {
                Some((at, action)) => (Some(at), action),
                None => (None, Action::Obtain),
            };
            let is_doomed = self.schedule.is_doomed();
            tokio::select! {
                () = self.wake.notified() => self.schedule.suspected(Instant::now()),
                () = self.lessor.doomed(&held), if !is_doomed => {
                    self.schedule.doomed(Instant::now());
                }
                () = until(at) => self.act(action, &held).await,
                () = until(self.end()) => self.tell(self.failure()),
            }
        }
    }

    async fn act(&mut self, action: Action, held: &Arc<Leased<L::Value>>) {
        let asked = Instant::now();
        let answer = match action {
            Action::Renew => self.lessor.renew(held).await.map(|lease| (None, lease)),
            Action::Obtain => {
                let obtained = self.lessor.obtain().await;
                obtained.map(|(value, lease)| (Some(value), lease))
            }
        };
        match answer {
            Ok((Some(value), lease)) if !self.lessor.is_same(&held.value, &value) => {
                let end = self.schedule.expires();
                self.schedule.obtained(asked, &lease);
                self.hold(Leased::new(value, lease, held.number + 1), end);
                self.answers.replaced += 1;
            }
            Ok((_, lease)) => {
                self.schedule.renewed(asked, &lease);
                self.answers.renewed += 1;
            }
            Err(err) => {
                self.answers.failed += 1;
                self.schedule.failed(Instant::now(), action, err.kind());
                return self.tell(Some(err));
            }
        }
        self.tell(None);
    }

    /// Holds a new one, and remembers when the one before ends.
    fn hold(&mut self, new: Leased<L::Value>, end: Option<Instant>) {
        let (new, now) = (Arc::new(new), Instant::now());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((ends, _)) = open.last_mut() {
            *ends = end;
        }
        open.retain(|(end, one)| !one.is_revoked() && end.is_none_or(|end| end > now));
        open.push((None, Arc::clone(&new)));
        drop(open);
        self.held.send_replace(new);
    }

    fn failure(&self) -> Option<VaultError> {
        self.status.borrow().failure.clone()
    }

    /// When it runs out, if it has not been told yet that it did.
    fn end(&self) -> Option<Instant> {
        let expired = self.status.borrow().health == Health::Expired;
        self.schedule.expires().filter(|_| !expired)
    }

    fn tell(&self, failure: Option<VaultError>) {
        let status = status(&self.schedule, failure, self.answers);
        self.status.send_replace(status);
    }
}

fn status(schedule: &Schedule, failure: Option<VaultError>, answers: Answers) -> Status {
    Status {
        health: schedule.health(Instant::now()),
        obtained: schedule.since(),
        expires: schedule.expires(),
        failure,
        answers,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
