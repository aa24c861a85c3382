//! The task that renews a lease, and rotates it when renewal ends.

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{watch, Notify};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, Instant};

use super::issued::Issued;
use super::issuer::Issuer;
use super::lease::{Lease, Leased, ValidLeases};
use super::schedule::{Action, Schedule};
use super::status::{Answers, Health, Status};
use crate::secrets::vault::client::VaultError;

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
            Ok(Answer::Renewed(lease)) => {
                self.schedule.renewed(asked, &lease);
                self.answers.renewed += 1;
            }
            Ok(Answer::Issued(issued)) => self.take(asked, issued, current),
            Err(err) => {
                self.answers.failed += 1;
                self.schedule.failed(Instant::now(), action, err.kind());
                return self.report(Some(err));
            }
        }
        self.report(None);
    }

    /// Takes a value that the Vault issued.
    fn take(&mut self, asked: Instant, issued: Issued<I>, current: &Arc<Leased<I::Value>>) {
        if self
            .issuer
            .is_same(current.value(), issued.leased().value())
        {
            let same = issued.keep();
            self.schedule.renewed(asked, same.lease());
            self.answers.renewed += 1;
            return;
        }
        let old_end = self.schedule.expires();
        let Some(new) = self.valid.rotate(|| issued.keep(), old_end) else {
            return;
        };
        self.schedule.rotated(asked, new.lease());
        self.current.send_replace(new);
        self.revoke_when_unused(Arc::clone(current), old_end);
        self.answers.replaced += 1;
    }

    /// Asks the Vault, and reports a lease that expires before the answer.
    async fn ask(
        &self,
        action: Action,
        current: &Leased<I::Value>,
    ) -> Result<Answer<I>, VaultError> {
        let mut answer = pin!(async {
            match action {
                Action::Renew => self.issuer.renew(current).await.map(Answer::Renewed),
                Action::Rotate => {
                    let issued = Issued::request(&self.issuer, current.number() + 1).await;
                    issued.map(Answer::Issued)
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

/// The answer to a request.
enum Answer<I: Issuer> {
    Renewed(Lease),
    Issued(Issued<I>),
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
