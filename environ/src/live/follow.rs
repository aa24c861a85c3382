//! A follower of a live value.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use super::Live;

/// Follows a [`Live`] value: each new value is seen once.
///
/// Several changes between two calls are one change, so that the last value is never missed.
/// A clone of the [`Live`] value can be followed by itself: followers are independent.
///
/// # Examples
///
/// ```no_run
/// # use environ::Live;
/// # async fn follow(level: Live<String>) {
/// let mut levels = level.follow();
/// while let Some(level) = levels.changed().await {
///     println!("log from {level}");
/// }
/// // The watcher is gone: the value stays.
/// # }
/// ```
pub struct Follow<T> {
    live: Live<T>,
    /// The version of the last value that was seen.
    seen: u64,
    /// The number of this follower.
    number: u64,
}

impl<T> Follow<T> {
    pub(super) fn new(live: Live<T>) -> Self {
        let mut state = live.state();
        state.followers += 1;
        let (seen, number) = (state.version, state.followers);
        drop(state);
        Self { live, seen, number }
    }

    /// Returns the current value, which may be a new value that was not seen yet.
    #[must_use]
    pub fn current(&self) -> Arc<T> {
        self.live.get()
    }

    /// Returns the current value if it is new, without waiting.
    #[must_use]
    pub fn try_changed(&mut self) -> Option<Arc<T>> {
        let state = self.live.state();
        if state.version == self.seen {
            return None;
        }
        self.seen = state.version;
        Some(Arc::clone(&state.value))
    }

    /// Waits for a new value. Returns `None` if the watcher is gone, or if there was never a
    /// watcher.
    ///
    /// It needs no particular runtime.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. If you drop the future, for example in a `select!`, the next
    /// call returns the change.
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Waits for a new value for `timeout`, and blocks the thread meanwhile. Returns `None` if
    /// there is no new value.
    #[must_use]
    pub fn wait(&mut self, timeout: Duration) -> Option<Arc<T>> {
        let state = self.live.state();
        let seen = self.seen;
        let changed = &self.live.0.changed;
        let waited = changed.wait_timeout_while(state, timeout, |state| {
            state.version == seen && state.is_watched
        });
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        self.try_changed()
    }

    fn poll(&mut self, context: &Context<'_>) -> Poll<Option<Arc<T>>> {
        let mut state = self.live.state();
        if state.version != self.seen {
            self.seen = state.version;
            return Poll::Ready(Some(Arc::clone(&state.value)));
        }
        if !state.is_watched {
            return Poll::Ready(None);
        }
        state.wakers.insert(self.number, context.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Follow<T> {
    fn drop(&mut self) {
        self.live.state().wakers.remove(&self.number);
    }
}

impl<T: fmt::Debug> fmt::Debug for Follow<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Follow").field(&self.live).finish()
    }
}
