//! The limits in effect, as each request reads them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use super::server::LimitsConfig;

/// The live limits. A clone shares them.
///
/// Every request reads them on every worker, so they are numbers without a lock, which the
/// reload sets.
#[derive(Clone, Debug)]
pub(crate) struct EffectiveLimits(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    request_timeout_nanos: AtomicU64,
    max_body: AtomicUsize,
    max_in_flight: AtomicUsize,
}

impl EffectiveLimits {
    pub(crate) fn new(config: &LimitsConfig) -> Self {
        let limits = Self(Arc::default());
        limits.set(config);
        limits
    }

    /// Puts the limits of a configuration into effect.
    pub(crate) fn set(&self, config: &LimitsConfig) {
        let nanos = config.request_timeout.get().as_nanos();
        let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
        let numbers = &self.0;
        numbers
            .request_timeout_nanos
            .store(nanos, Ordering::Relaxed);
        let set = |number: &AtomicUsize, value: usize| number.store(value, Ordering::Relaxed);
        set(&numbers.max_body, *config.max_body.get());
        set(&numbers.max_in_flight, *config.max_in_flight.get());
    }

    /// Returns the time of a handler, with the body that it waits for.
    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_nanos(self.0.request_timeout_nanos.load(Ordering::Relaxed))
    }

    /// Returns the maximum size of a body in bytes.
    pub(crate) fn max_body(&self) -> usize {
        self.0.max_body.load(Ordering::Relaxed)
    }

    /// Returns the maximum number of requests in flight.
    pub(crate) fn max_in_flight(&self) -> usize {
        self.0.max_in_flight.load(Ordering::Relaxed)
    }
}
