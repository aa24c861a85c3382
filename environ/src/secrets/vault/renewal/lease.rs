//! A lease: a value that a Vault issued, and for how long.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Reason to reject an answer without a lease.
pub(crate) const NO_LEASE: &str = "the answer says nothing of a lease";

/// A value that a Vault issued for a time: a token, or credentials.
#[derive(Debug)]
pub struct Leased<T> {
    value: T,
    lease: Lease,
    number: u64,
    is_revoked: AtomicBool,
    /// Keeps the token that took this lease from being revoked before it.
    token_guard: Mutex<Option<UseGuard>>,
    users: watch::Sender<()>,
}

/// The terms of a lease, as the Vault states them.
pub(crate) struct Lease {
    /// Empty for a token, which is its own lease.
    pub(crate) id: String,
    /// Zero means forever.
    pub(crate) ttl: Duration,
    pub(crate) renewable: bool,
    /// Number of the token that took the lease, and with which the lease ends.
    pub(crate) token_number: u64,
    /// Keeps that token from being revoked before the lease.
    pub(crate) token_guard: Option<UseGuard>,
}

/// Keeps a leased value from being revoked for as long as the guard exists.
pub(crate) type UseGuard = watch::Receiver<()>;

impl Lease {
    /// Creates the lease of a token, which depends on no token but itself.
    pub(crate) fn of_token(ttl_seconds: u64, renewable: bool) -> Self {
        Self {
            id: String::new(),
            ttl: Duration::from_secs(ttl_seconds),
            renewable,
            token_number: 0,
            token_guard: None,
        }
    }

    /// Returns whether asking for more time tells if the value is still valid.
    pub(crate) fn can_be_checked(&self) -> bool {
        self.renewable || self.id.is_empty()
    }
}

/// Without the id, which is a text of the server.
impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("ttl", &self.ttl)
            .field("renewable", &self.renewable)
            .finish_non_exhaustive()
    }
}

impl<T> Leased<T> {
    pub(crate) fn new(value: T, mut lease: Lease, number: u64) -> Self {
        Self {
            value,
            number,
            is_revoked: AtomicBool::new(false),
            token_guard: Mutex::new(lease.token_guard.take()),
            users: watch::Sender::new(()),
            lease,
        }
    }

    /// Returns the value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns the number of this value among its successors. The first is 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Creates a guard that delays the revocation of a replaced value.
    pub(crate) fn guard(&self) -> UseGuard {
        self.users.subscribe()
    }

    /// Waits until no guard is left.
    pub(crate) async fn unused(&self) {
        self.users.closed().await;
    }

    pub(crate) fn is_revoked(&self) -> bool {
        self.is_revoked.load(Ordering::Relaxed)
    }

    /// Records the revocation, and releases the token that took the lease.
    pub(crate) fn set_revoked(&self) {
        self.is_revoked.store(true, Ordering::Relaxed);
        let mut guard = self
            .token_guard
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *guard = None;
    }
}

/// The leases that may still be valid, until they are closed.
#[derive(Debug)]
pub(crate) struct ValidLeases<T>(Mutex<State<T>>);

#[derive(Debug)]
struct State<T> {
    /// Oldest first. The newest has no end here, because its end moves with each renewal.
    leases: Vec<Valid<T>>,
    is_closed: bool,
}

#[derive(Debug)]
struct Valid<T> {
    leased: Arc<Leased<T>>,
    end: Option<Instant>,
}

impl<T> Valid<T> {
    fn without_end(leased: Arc<Leased<T>>) -> Self {
        Self { leased, end: None }
    }

    fn is_valid(&self) -> bool {
        !self.leased.is_revoked() && self.end.is_none_or(|end| end > Instant::now())
    }
}

impl<T> ValidLeases<T> {
    pub(crate) fn new(first: Arc<Leased<T>>) -> Self {
        let leases = vec![Valid::without_end(first)];
        Self(Mutex::new(State {
            leases,
            is_closed: false,
        }))
    }

    /// Adds the lease that `new` returns, which replaces the newest, and records when the
    /// newest ends. Returns `None` and calls nothing if the leases are closed: no list
    /// has a lease that comes later.
    pub(crate) fn rotate(
        &self,
        new: impl FnOnce() -> Arc<Leased<T>>,
        old_end: Option<Instant>,
    ) -> Option<Arc<Leased<T>>> {
        let mut state = self.state();
        if state.is_closed {
            return None;
        }
        if let Some(old) = state.leases.last_mut() {
            old.end = old_end;
        }
        state.leases.retain(Valid::is_valid);
        let new = new();
        state.leases.push(Valid::without_end(Arc::clone(&new)));
        Some(new)
    }

    /// Takes no lease from now on.
    pub(crate) fn close(&self) {
        self.state().is_closed = true;
    }

    pub(crate) fn list(&self) -> Vec<Arc<Leased<T>>> {
        let state = self.state();
        let valid = state.leases.iter().filter(|lease| lease.is_valid());
        valid.map(|lease| Arc::clone(&lease.leased)).collect()
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
