//! An issuer of numbers, as the tests want them.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::*;
use crate::secrets::vault::client::VaultErrorKind;
use crate::secrets::vault::renewal::Renewal;

/// A Vault that issues numbers, and behaves as the test says. Clones share state.
#[derive(Clone)]
pub(super) struct Fake(Arc<Mutex<State>>);

/// The behaviour of the Vault.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Up,
    Fails(VaultErrorKind),
    /// A lease is gone when it is to be renewed.
    Forgets,
    /// No request is answered.
    Hangs,
    /// The same number is issued again.
    Repeats,
}

pub(super) struct State {
    pub(super) mode: Mode,
    pub(super) renewable: bool,
    /// When the first number was issued.
    pub(super) start: Instant,
    /// The requests after that, and their times.
    pub(super) asked: Vec<(Instant, Action)>,
    pub(super) revoked: Vec<u64>,
    pub(super) discarded: Vec<u64>,
    /// Dooms the current lease.
    pub(super) doom: Arc<Notify>,
    ttl: u64,
    number: u64,
}

impl Fake {
    /// Issues leases of so many seconds.
    pub(super) async fn start(ttl: u64) -> (Self, Renewal<u64>) {
        Self::start_as(ttl, true, Mode::Up).await
    }

    pub(super) async fn start_as(ttl: u64, renewable: bool, mode: Mode) -> (Self, Renewal<u64>) {
        let this = Self(Arc::new(Mutex::new(State {
            mode,
            renewable,
            start: Instant::now(),
            asked: Vec::new(),
            revoked: Vec::new(),
            discarded: Vec::new(),
            doom: Arc::default(),
            ttl,
            number: 0,
        })));
        let renewal = Renewal::start(this.clone()).await.unwrap();
        this.state().asked.clear();
        (this, renewal)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Returns the times of such requests.
    pub(super) fn times(&self, action: Action) -> Vec<Instant> {
        let asked = &self.state().asked;
        let times = asked.iter().filter(|(_, this)| *this == action);
        times.map(|(at, _)| *at).collect()
    }

    /// Returns the number of such requests.
    pub(super) fn count(&self, action: Action) -> usize {
        self.times(action).len()
    }

    async fn answer(&self, action: Action) -> Result<Lease, VaultError> {
        let mode = {
            let mut state = self.state();
            state.asked.push((Instant::now(), action));
            state.mode
        };
        let failure = match (mode, action) {
            (Mode::Hangs, _) => std::future::pending().await,
            (Mode::Fails(kind), _) => Some(kind),
            (Mode::Forgets, Action::Renew) => Some(VaultErrorKind::LeaseGone),
            _ => None,
        };
        if let Some(kind) = failure {
            return Err(VaultError::new(kind, "issue", "it was told so"));
        }
        let state = self.state();
        Ok(Lease {
            id: "lease".to_owned(),
            ttl: Duration::from_secs(state.ttl),
            renewable: state.renewable,
            token_number: 0,
            token_guard: None,
        })
    }
}

impl Issuer for Fake {
    type Value = u64;

    async fn issue(&self) -> Result<(u64, Lease), VaultError> {
        let lease = self.answer(Action::Rotate).await?;
        let mut state = self.state();
        if state.mode != Mode::Repeats || state.number == 0 {
            state.number += 1;
        }
        Ok((state.number, lease))
    }

    async fn renew(&self, _: &Leased<u64>) -> Result<Lease, VaultError> {
        self.answer(Action::Renew).await
    }

    async fn doomed(&self, _: &Leased<u64>) {
        let doom = Arc::clone(&self.state().doom);
        doom.notified().await;
    }

    fn is_same(&self, current: &u64, issued: &u64) -> bool {
        current == issued
    }

    async fn revoke(&self, replaced: &Leased<u64>) {
        self.state().revoked.push(*replaced.value());
        replaced.set_revoked();
    }

    async fn discard(&self, issued: &Leased<u64>) {
        self.state().discarded.push(*issued.value());
    }
}
