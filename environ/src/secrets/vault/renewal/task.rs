//! Keeps what a Vault gave: a task that renews it, and replaces it when that
//! ends.

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, PoisonError};

use tokio::sync::{watch, Notify};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, Instant};

use super::handle::{Answers, Leased, Open, Status};
use super::schedule::{Action, Health, Lease, Schedule};
use crate::secrets::vault::client::error::VaultError;

/// What can be had for a time: a token, or credentials.
pub(crate) trait Lessor: Send + Sync + 'static {
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

    /// Gives back what was replaced, now that nobody needs it; or leaves that to
    /// those who use it.
    fn give_back(&self, replaced: &Leased<Self::Value>) -> impl Future<Output = ()> + Send;
}

/// The task, and all that it needs.
pub(crate) struct Keeper<L: Lessor> {
    pub(crate) lessor: Arc<L>,
    pub(crate) schedule: Schedule,
    pub(crate) held: watch::Sender<Arc<Leased<L::Value>>>,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) answers: Answers,
    pub(crate) wake: Arc<Notify>,
    pub(crate) open: Open<L::Value>,
    /// Those that are given back when nobody needs them any more.
    pub(crate) replaced: JoinSet<()>,
}

impl<L: Lessor> Keeper<L> {
    pub(crate) async fn run(mut self) {
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
        match self.ask(action, held).await {
            Ok((Some(value), lease)) if !self.lessor.is_same(held.value(), &value) => {
                let end = self.schedule.expires();
                self.schedule.obtained(asked, &lease);
                self.hold(Leased::new(value, lease, held.number() + 1), end);
                self.give_back(Arc::clone(held), end);
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

    /// Asks the Vault. While it does not answer, time may run out.
    async fn ask(
        &self,
        action: Action,
        held: &Leased<L::Value>,
    ) -> Result<(Option<L::Value>, Lease), VaultError> {
        let mut asked = pin!(async {
            match action {
                Action::Renew => self.lessor.renew(held).await.map(|lease| (None, lease)),
                Action::Obtain => {
                    let obtained = self.lessor.obtain().await;
                    obtained.map(|(value, lease)| (Some(value), lease))
                }
            }
        });
        loop {
            tokio::select! {
                answer = &mut asked => return answer,
                () = until(self.end()) => self.tell(self.failure()),
            }
        }
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

    /// Gives one back that was replaced, once nobody needs it; or lets it end.
    fn give_back(&mut self, replaced: Arc<Leased<L::Value>>, end: Option<Instant>) {
        while self.replaced.try_join_next().is_some() {}
        let lessor = Arc::clone(&self.lessor);
        self.replaced.spawn(async move {
            tokio::select! {
                biased;
                () = until(end) => {}
                () = replaced.unneeded() => lessor.give_back(&replaced).await,
            }
        });
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
        let status = Status::of(&self.schedule, failure, self.answers);
        self.status.send_replace(status);
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
