//! A count of connections that could not be accepted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The part of actix that accepts connections. It reports errors to the log alone.
pub(super) const TARGET: &str = "actix_server::accept";

/// The number of errors that the accept thread has logged. A clone shares the count.
#[derive(Clone, Debug, Default)]
pub(super) struct AcceptErrors(Arc<AtomicU64>);

impl AcceptErrors {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl<S: Subscriber> Layer<S> for AcceptErrors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() == Level::ERROR && metadata.target() == TARGET {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
