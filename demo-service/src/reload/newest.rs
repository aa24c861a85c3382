//! A value that a reload replaces as a whole.

use std::sync::{Arc, PoisonError, RwLock};

/// A value that a reload replaces as a whole. A clone shows the same value.
#[derive(Debug)]
pub(crate) struct Newest<T>(Arc<RwLock<Arc<T>>>);

impl<T> Newest<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(value))))
    }

    /// Returns the current value.
    pub(crate) fn get(&self) -> Arc<T> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the value.
    pub(super) fn replace(&self, value: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(value);
    }
}

impl<T> Clone for Newest<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
