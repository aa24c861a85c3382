//! The handle of a lease: how a caller sees the value and ends the task.

use std::sync::Arc;

use tokio::sync::{watch, Notify};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use super::follow::Follow;
use super::issued::Issued;
use super::issuer::Issuer;
use super::lease::{Leased, ValidLeases};
use super::schedule::Schedule;
use super::status::{Answers, Health, Status};
use super::task::Task;
use crate::secrets::vault::client::VaultError;

/// A leased value that a task renews and rotates until the handle is dropped.
///
/// A dropped handle revokes nothing: its values expire by themselves.
#[derive(Debug)]
pub struct Renewal<T> {
    current: watch::Receiver<Arc<Leased<T>>>,
    status: watch::Receiver<Status>,
    suspicion: Arc<Notify>,
    valid: Arc<ValidLeases<T>>,
    task: JoinHandle<()>,
}

impl<T: Send + Sync + 'static> Renewal<T> {
    /// Issues the first value, and starts the task.
    pub(crate) async fn start(issuer: impl Issuer<Value = T>) -> Result<Self, VaultError> {
        let asked = Instant::now();
        let issuer = Arc::new(issuer);
        let first = Issued::request(&issuer, 1).await?.keep();
        let schedule = Schedule::new(asked, first.lease(), fastrand::f64);
        let valid = Arc::new(ValidLeases::new(Arc::clone(&first)));
        let answers = Answers::default();
        let (current_sender, current) = watch::channel(first);
        let (status_sender, status) =
            watch::channel(schedule.status(Instant::now(), None, answers));
        let suspicion = Arc::new(Notify::new());
        let task = Task {
            issuer,
            schedule,
            current: current_sender,
            status: status_sender,
            answers,
            suspicion: Arc::clone(&suspicion),
            valid: Arc::clone(&valid),
            revocations: JoinSet::new(),
        };
        Ok(Self {
            current,
            status,
            suspicion,
            valid,
            task: tokio::spawn(task.run()),
        })
    }

    /// Returns the current value.
    #[must_use]
    pub fn current(&self) -> Arc<Leased<T>> {
        Arc::clone(&self.current.borrow())
    }

    /// Returns the state of the renewal. Health is `Expired` after the task has
    /// ended.
    #[must_use]
    pub fn status(&self) -> Status {
        let mut status = self.status.borrow().clone();
        if status.expires_in().is_some_and(|left| left.is_zero()) || self.task.is_finished() {
            status.health = Health::Expired;
        }
        status
    }

    /// Returns a follower of the current value. Each rotation is a change.
    #[must_use]
    pub fn follow(&self) -> Follow<Arc<Leased<T>>> {
        Follow::new(self.current.clone())
    }

    /// Returns a follower of the state. Each new health, expiry or failure is a
    /// change. The last change is the end of the renewal, after which health is
    /// `Expired`.
    #[must_use]
    pub fn follow_status(&self) -> Follow<Status> {
        Follow::new(self.status.clone())
    }

    /// Returns a receiver of the current value, for the other parts of the session.
    pub(crate) fn receiver(&self) -> watch::Receiver<Arc<Leased<T>>> {
        self.current.clone()
    }

    /// Checks the current value with the Vault, because a server refused it.
    ///
    /// You can call this for every refusal: the Vault is asked at most once a
    /// second, and while it fails no sooner than without the call.
    pub fn suspect(&self) {
        self.suspicion.notify_one();
    }

    /// Returns a notifier with the effect of [`suspect`](Self::suspect).
    pub(crate) fn suspicion(&self) -> Arc<Notify> {
        Arc::clone(&self.suspicion)
    }

    /// Ends the task. Returns every lease that is neither expired nor revoked,
    /// oldest first. A value that is issued later is revoked at once.
    pub(crate) fn stop(&self) -> Vec<Arc<Leased<T>>> {
        self.valid.close();
        self.task.abort();
        self.valid.list()
    }
}

impl<T> Drop for Renewal<T> {
    fn drop(&mut self) {
        self.valid.close();
        self.task.abort();
    }
}
