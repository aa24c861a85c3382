//! What requests may cost.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::config::LimitsConfig;

/// What one request, and all that are served at once, may cost.
#[derive(Debug)]
pub(crate) struct Limits {
    pub(crate) max_body: usize,
    /// How long a handler may take, and the body that it waits for.
    pub(crate) request_timeout: Duration,
    in_flight: Semaphore,
}

impl Limits {
    pub(crate) fn new(config: &LimitsConfig) -> Self {
        Self {
            max_body: config.max_body,
            request_timeout: config.request_timeout,
            in_flight: Semaphore::new(config.max_in_flight),
        }
    }

    /// Counts a request for as long as the permit is held, unless there are as
    /// many as there may be.
    pub(crate) fn admit(&self) -> Option<SemaphorePermit<'_>> {
        self.in_flight.try_acquire().ok()
    }
}
