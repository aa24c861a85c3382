//! The task that renews a lease, and rotates it when renewal ends.

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{watch, Notify};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, Instant};

use super::lease::{Lease, Leased, ValidLeases};
use super::schedule::{Action, Schedule};
use super::status::{Answers, Health, Status};
use crate::secrets::vault::client::VaultError;

/// Issues leases of one kind: tokens, or credentials.
pub(crate) trait Issuer: Send + Sync + 'static {
    type Value: Send + Sync + 'static;

    fn issue(&self) -> impl Future<Output = Result<(Self::Value, Lease), VaultError>> + Send;

    fn renew(
        &self,
        current: &Leased<Self::Value>,
    ) -> impl Future<Output = Result<Lease, VaultError>> + Send;

    /// Resolves when the lease is about to end with the token that took it.
    fn doomed(&self, current: &Leased<Self::Value>) -> impl Future<Output = ()> + Send;

    /// Returns whether the issued value is the current value again.
    fn is_same(&self, current: &Self::Value, issued: &Self::Value) -> bool;

    /// Revokes a replaced value that nothing uses any more, unless the caller of
    /// the library does that.
    fn revoke(&self, replaced: &Leased<Self::Value>) -> impl Future<Output = ()> + Send;
}

/// The task and its state.
pub(crate) struct Task<I: Issuer> {
    pub(crate) issuer: Arc<I>,
    pub(crate) schedule: Schedule,
    pub(crate) current: watch::Sender<Arc<Leased<I::Value>>>,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) answers: Answers,
    pub(crate) suspicion: Arc<Notify>,
    pub(crate) valid: Arc<ValidLeases<I::Value>>,
    /// One task for each replaced value, which revokes it after its last use.
    pub(crate) revocations: JoinSet<()>,
}

impl<I: Issuer> Task<I> {
    pub(crate) async fn run(mut self) {
        loop {
            let current = Arc::clone(&self.current.borrow());
            let (at, action) = match self.schedule.next() {
                Some((at, action)) => (Some(at), action),
                None => (None, Action::Rotate),
            };
            let is_doomed = self.schedule.is_doomed();
            tokio::select! {
                () = self.suspicion.notified() => self.schedule.suspected(Instant::now()),
                () = self.issuer.doomed(&current), if !is_doomed => {
                    self.schedule.doomed(Instant::now());
                }
                () = until(at) => self.act(action, &current).await,
                () = until(self.unreported_end()) => self.report(self.failure()),
            }
        }
    }

    async fn act(&mut self, action: Action, current: &Arc<Leased<I::Value>>) {
        let asked = Instant::now();
        match self.ask(action, current).await {
            Ok((Some(value), lease)) if !self.issuer.is_same(current.value(), &value) => {
                let old_end = self.schedule.expires();
                self.schedule.rotated(asked, &lease);
                let new = Arc::new(Leased::new(value, lease, current.number() + 1));
                self.valid.rotate(Arc::clone(&new), old_end);
                self.current.send_replace(new);
                self.revoke_when_unused(Arc::clone(current), old_end);
                self.answers.replaced += 1;
            }
            Ok((_, lease)) => {
                self.schedule.renewed(asked, &lease);
                self.answers.renewed += 1;
            }
            Err(err) => {
                self.answers.failed += 1;
                self.schedule.failed(Instant::now(), action, err.kind());
                return self.report(Some(err));
            }
        }
        self.report(None);
    }

    /// Asks the Vault, and reports a lease that expires before the answer.
    async fn ask(
        &self,
        action: Action,
        current: &Leased<I::Value>,
    ) -> Result<(Option<I::Value>, Lease), VaultError> {
        let mut answer = pin!(async {
            match action {
                Action::Renew => self.issuer.renew(current).await.map(|lease| (None, lease)),
                Action::Rotate => {
                    let issued = self.issuer.issue().await;
                    issued.map(|(value, lease)| (Some(value), lease))
                }
            }
        });
        loop {
            tokio::select! {
                answer = &mut answer => return answer,
                () = until(self.unreported_end()) => self.report(self.failure()),
            }
        }
    }

    fn revoke_when_unused(&mut self, replaced: Arc<Leased<I::Value>>, end: Option<Instant>) {
        while self.revocations.try_join_next().is_some() {}
        let issuer = Arc::clone(&self.issuer);
        self.revocations.spawn(async move {
            tokio::select! {
                biased;
                () = until(end) => {}
                () = replaced.unused() => issuer.revoke(&replaced).await,
            }
        });
    }

    fn failure(&self) -> Option<VaultError> {
        self.status.borrow().failure.clone()
    }

    /// Returns the end of the current lease, if followers do not know of it yet.
    fn unreported_end(&self) -> Option<Instant> {
        let is_reported = self.status.borrow().health == Health::Expired;
        self.schedule.expires().filter(|_| !is_reported)
    }

    fn report(&self, failure: Option<VaultError>) {
        let status = self.schedule.status(Instant::now(), failure, self.answers);
        self.status.send_replace(status);
    }
}

/// Reports the end to followers, even if the task is aborted.
impl<I: Issuer> Drop for Task<I> {
    fn drop(&mut self) {
        self.status
            .send_modify(|status| status.health = Health::Expired);
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
