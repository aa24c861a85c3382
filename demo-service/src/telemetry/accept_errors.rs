//! Counts connections that the server could not accept. actix logs these errors, and tells
//! nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The target of actix's accept loop.
pub(super) const TARGET: &str = "actix_server::accept";

/// The number of errors since the start. A clone shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct AcceptErrors(Arc<AtomicU64>);

impl AcceptErrors {
    pub(crate) fn count(&self) -> u64 {
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
