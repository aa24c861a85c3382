//! Keeps what a Vault gave: a task that renews it, and replaces it when that
//! ends.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{watch, Notify};
use tokio::task::JoinHandle;
use tokio::time::{sleep_until, Instant};

use super::error::{VaultError, VaultErrorKind};
use super::lease::{jitter, Action, Health, Lease, Schedule};

/// What can be had for a time: a token, or credentials.
pub(super) trait Lessor: Send + Sync + 'static {
    type Value: Send + Sync + 'static;

    fn obtain(&self) -> impl Future<Output = Result<(Self::Value, Lease), VaultError>> + Send;

    fn renew(
        &self,
        held: &Leased<Self::Value>,
    ) -> impl Future<Output = Result<Lease, VaultError>> + Send;

    /// Is told that what was held was replaced: what depends on it will end.
    fn replaced(&self) {}
}

/// Something that a Vault gave for a time.
#[derive(Debug)]
pub struct Leased<T> {
    value: T,
    pub(super) lease: Lease,
    number: u64,
}

impl<T> Leased<T> {
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
    /// When it runs out, unless it is renewed; `None` if never.
    pub expires: Option<Instant>,
    /// Why the last request failed, if it did.
    pub failure: Option<VaultError>,
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
    task: JoinHandle<()>,
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// Obtains it, and keeps it. `doomed` tells that what it depends on was
    /// replaced.
    pub(super) async fn keep(
        lessor: impl Lessor<Value = T>,
        doomed: Arc<Notify>,
    ) -> Result<Self, VaultError> {
        let (value, lease) = lessor.obtain().await?;
        let schedule = Schedule::new(Instant::now(), &lease, jitter);
        let first = Leased {
            value,
            lease,
            number: 1,
        };
        let (held, held_now) = watch::channel(Arc::new(first));
        let (status, status_now) = watch::channel(status(&schedule, None));
        let wake = Arc::new(Notify::new());
        let keeper = Keeper {
            lessor,
            schedule,
            held,
            status,
            wake: Arc::clone(&wake),
            doomed,
        };
        let task = tokio::spawn(keeper.run());
        Ok(Self {
            held: held_now,
            status: status_now,
            wake,
            task,
        })
    }

    /// Gives what is held now.
    #[must_use]
    pub fn current(&self) -> Arc<Leased<T>> {
        Arc::clone(&self.held.borrow())
    }

    /// Tells how it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
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
    /// Vault is not asked more than once a second.
    pub fn suspect(&self) {
        self.wake.notify_one();
    }

    /// Gives what makes it be looked at, as [`suspect`](Self::suspect) does.
    pub(super) fn suspicion(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Ends the task. What is held stays valid until it runs out or is revoked.
    pub(super) fn stop(&self) {
        self.task.abort();
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
    wake: Arc<Notify>,
    doomed: Arc<Notify>,
}

impl<L: Lessor> Keeper<L> {
    async fn run(mut self) {
        loop {
            let (at, action) = match self.schedule.next() {
                Some((at, action)) => (Some(at), action),
                None => (None, Action::Obtain),
            };
            tokio::select! {
                () = self.wake.notified() => self.schedule.suspected(Instant::now()),
                () = self.doomed.notified() => self.schedule.doomed(Instant::now()),
                () = until(at) => self.act(action).await,
                () = until(self.end()) => self.tell(self.failure()),
            }
        }
    }

    async fn act(&mut self, action: Action) {
        let held = Arc::clone(&self.held.borrow());
        let answer = match action {
            Action::Renew => self.lessor.renew(&held).await.map(|lease| (None, lease)),
            Action::Obtain => {
                let obtained = self.lessor.obtain().await;
                obtained.map(|(value, lease)| (Some(value), lease))
            }
        };
        let now = Instant::now();
        match answer {
            Ok((None, lease)) => self.schedule.renewed(now, &lease),
            Ok((Some(value), lease)) => {
                self.schedule.obtained(now, &lease);
                let number = held.number + 1;
                self.held.send_replace(Arc::new(Leased {
                    value,
                    lease,
                    number,
                }));
                self.lessor.replaced();
            }
            Err(err) => {
                self.schedule.failed(now, action, self.kind(action, &err));
                return self.tell(Some(err));
            }
        }
        self.tell(None);
    }

    /// A token that is denied is gone: nothing else can be denied to it. What
    /// is not found is gone as well.
    fn kind(&self, action: Action, err: &VaultError) -> VaultErrorKind {
        match (action, err.kind()) {
            (Action::Renew, VaultErrorKind::Denied) if self.held.borrow().lease.id.is_empty() => {
                VaultErrorKind::LeaseGone
            }
            (_, kind) => kind,
        }
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
        self.status.send_replace(status(&self.schedule, failure));
    }
}

fn status(schedule: &Schedule, failure: Option<VaultError>) -> Status {
    Status {
        health: schedule.health(Instant::now()),
        expires: schedule.expires(),
        failure,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
