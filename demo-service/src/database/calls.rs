//! Calls of the driver, each of which ends in an error at worst.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;

/// The number of calls in which the driver panicked. A clone counts the same calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Panics(Arc<AtomicU64>);

impl Panics {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The calls of one connection.
pub(super) struct Calls {
    panics: Panics,
}

impl Calls {
    pub(super) fn new(panics: &Panics) -> Self {
        let panics = panics.clone();
        Self { panics }
    }

    /// Runs a call. The driver panics at some messages that no server sends in good health: the
    /// panic is logged as each is, counted, and an error of the database.
    pub(super) async fn call<T>(
        &self,
        call: impl Future<Output = sqlx::Result<T>>,
    ) -> sqlx::Result<T> {
        let Ok(answer) = AssertUnwindSafe(call).catch_unwind().await else {
            self.panics.0.fetch_add(1, Ordering::Relaxed);
            let text = "the driver panicked at a message of the server".to_owned();
            return Err(sqlx::Error::Protocol(text));
        };
        answer
    }
}
