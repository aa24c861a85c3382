//! What the tests have kept: numbers, which are lent as they say.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::super::handle::Kept;
use super::*;
use crate::secrets::vault::client::error::VaultErrorKind;

/// A Vault that lends numbers, and does as it is told. A clone is the same one.
#[derive(Clone)]
pub(super) struct Fake(Arc<Mutex<State>>);

/// How it behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Up,
    Fails(VaultErrorKind),
    /// What was lent is gone when it is to be renewed.
    Forgets,
    /// It never answers.
    Hangs,
    /// It lends the same again.
    Repeats,
}

pub(super) struct State {
    pub(super) mode: Mode,
    pub(super) renewable: bool,
    /// When the first one was lent.
    pub(super) start: Instant,
    /// What it was asked for after that, and when.
    pub(super) asked: Vec<(Instant, Action)>,
    pub(super) given_back: Vec<u64>,
    /// Makes what is lent end.
    pub(super) doom: Arc<Notify>,
    ttl: u64,
    number: u64,
}

impl Fake {
    /// Lends for so many seconds.
    pub(super) async fn lend(ttl: u64) -> (Self, Kept<u64>) {
        Self::lend_as(ttl, true, Mode::Up).await
    }

    pub(super) async fn lend_as(ttl: u64, renewable: bool, mode: Mode) -> (Self, Kept<u64>) {
        let this = Self(Arc::new(Mutex::new(State {
            mode,
            renewable,
            start: Instant::now(),
            asked: Vec::new(),
            given_back: Vec::new(),
            doom: Arc::default(),
            ttl,
            number: 0,
        })));
        let kept = Kept::keep(this.clone()).await.unwrap();
        this.state().asked.clear();
        (this, kept)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// When it was asked for this.
    pub(super) fn times(&self, action: Action) -> Vec<Instant> {
        let asked = &self.state().asked;
        let times = asked.iter().filter(|(_, this)| *this == action);
        times.map(|(at, _)| *at).collect()
    }

    /// How often it was asked for this.
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
            return Err(VaultError::new(kind, "lend", "it was told so"));
        }
        let state = self.state();
        Ok(Lease {
            id: "lease".to_owned(),
            ttl: Duration::from_secs(state.ttl),
            renewable: state.renewable,
            token: 0,
            needs: None,
        })
    }
}

impl Lessor for Fake {
    type Value = u64;

    async fn obtain(&self) -> Result<(u64, Lease), VaultError> {
        let lease = self.answer(Action::Obtain).await?;
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

    fn is_same(&self, held: &u64, new: &u64) -> bool {
        held == new
    }

    async fn give_back(&self, replaced: &Leased<u64>) {
        self.state().given_back.push(*replaced.value());
        replaced.set_revoked();
    }
}
