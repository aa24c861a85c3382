//! The layer of `tracing` that writes events as JSON.

use std::cell::Cell;

use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::names::Names;
use crate::telemetry::journal::priority;
use crate::telemetry::queue::Lines;

/// The memory that a thread keeps for its next line.
const MAX_IDLE_BYTES: usize = 16 << 10;

thread_local! {
    static LINE: Cell<Line> = Cell::default();
}

/// Memory that a thread reuses for its next event.
#[derive(Default)]
pub(in crate::telemetry) struct Line {
    pub(super) bytes: Vec<u8>,
    pub(super) names: Names,
}

/// The format of a line.
pub(in crate::telemetry) trait Format {
    /// Writes an event as a line, with its end.
    fn format(&self, event: &Event<'_>, line: &mut Line);
}

/// Formats each event into memory that the thread reuses, and queues it. Spans are
/// ignored, because the service has none.
pub(in crate::telemetry) struct Objects<F> {
    format: F,
    lines: Lines,
    has_priorities: bool,
}

impl<F> Objects<F> {
    pub(in crate::telemetry) fn new(format: F, lines: &Lines, has_priorities: bool) -> Self {
        let lines = lines.clone();
        Self {
            format,
            lines,
            has_priorities,
        }
    }
}

impl<F: Format + 'static, S: Subscriber> Layer<S> for Objects<F> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // Missing when the thread ends, and taken when an event occurs within an event.
        let mut line = LINE.try_with(Cell::take).unwrap_or_default();
        if self.has_priorities {
            let priority = priority(event.metadata().level());
            line.bytes.extend_from_slice(priority.as_bytes());
        }
        self.format.format(event, &mut line);
        self.lines.push(&line.bytes);
        line.bytes.clear();
        line.bytes.shrink_to(MAX_IDLE_BYTES);
        let _ = LINE.try_with(|slot| slot.set(line));
    }
}
