//! A value that is replaced while the program runs, and its followers.

mod follow;
#[cfg(test)]
mod tests;

pub use follow::Follow;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::redact::Redacted;

/// A value that is replaced while the program runs.
///
/// A field of this type is marked `live`. Where the config was loaded by
/// [`watch`](crate::Loader::watch), an [update](crate::watch::Update) replaces the value as a
/// whole; after any other load, the value stays as it is. A clone shows the same value.
///
/// `Debug` shows the current value as `T` does: a [`Secret`](crate::Secret) stays hidden.
///
/// # Examples
///
/// ```
/// use environ::{EnvConfig, Live, Secret};
///
/// #[derive(Debug, EnvConfig)]
/// struct AppConfig {
///     /// Token of operators.
///     #[env(live)]
///     token: Live<Secret<String>>,
///     /// Requests at a time.
///     #[env(live, default = 100)]
///     max_requests: Live<u32>,
/// }
///
/// let config = AppConfig::from_source([("APP_TOKEN", "hunter2")])?;
/// assert_eq!(config.token.get().expose(), "hunter2");
/// assert_eq!(*config.max_requests.get(), 100);
/// assert_eq!(format!("{:?}", config.token), "[REDACTED]");
/// # Ok::<(), environ::Error>(())
/// ```
pub struct Live<T>(Arc<Shared<T>>);

struct Shared<T> {
    state: Mutex<State<T>>,
    /// Wakes threads that wait for a change.
    changed: Condvar,
}

struct State<T> {
    value: Arc<T>,
    /// The number of replacements.
    version: u64,
    /// Whether the value may be replaced.
    is_watched: bool,
    /// The tasks that wait for a change, by their followers.
    wakers: BTreeMap<u64, Waker>,
    followers: u64,
}

impl<T> Live<T> {
    /// Creates a value that is never replaced, for a test of code that reads it.
    #[must_use]
    pub fn new(value: T) -> Self {
        let state = State {
            value: Arc::new(value),
            version: 0,
            is_watched: false,
            wakers: BTreeMap::new(),
            followers: 0,
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }))
    }

    /// Returns the current value.
    ///
    /// The call takes a lock for the time of copying a pointer. Two calls may return different
    /// values: call it once where an operation needs one value throughout.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        Arc::clone(&self.state().value)
    }

    /// Returns a follower, which sees each value that replaces the current value.
    #[must_use]
    pub fn follow(&self) -> Follow<T> {
        Follow::new(self.clone())
    }

    /// Replaces the value, and wakes the followers.
    fn replace(&self, value: Arc<T>) {
        let mut state = self.state();
        let old = mem::replace(&mut state.value, value);
        state.version += 1;
        self.wake(state);
        // Without the lock, because it may be a destructor of the user's.
        drop(old);
    }

    fn wake(&self, mut state: MutexGuard<'_, State<T>>) {
        let wakers = mem::take(&mut state.wakers);
        drop(state);
        self.0.changed.notify_all();
        for waker in wakers.into_values() {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: fmt::Debug> fmt::Debug for Live<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<T> From<T> for Live<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Redacted> Redacted for Live<T> {}

/// A live value of any type, as a load hands it to the watcher.
pub(crate) trait Slot: Any + Send + Sync {
    /// Takes the value of a slot of the same field, from a later load.
    fn take(&self, later: &dyn Slot);

    /// Sets whether the value may be replaced, and wakes the followers if it may not.
    fn watch(&self, is_watched: bool);

    fn as_any(&self) -> &dyn Any;
}

impl<T: Send + Sync + 'static> Slot for Live<T> {
    fn take(&self, later: &dyn Slot) {
        if let Some(later) = later.as_any().downcast_ref::<Self>() {
            self.replace(later.get());
        }
    }

    fn watch(&self, is_watched: bool) {
        let mut state = self.state();
        state.is_watched = is_watched;
        self.wake(state);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
