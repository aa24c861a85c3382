//! Events as lines for a program, without anything in between.

use std::cell::Cell;

use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::names::Names;
use crate::telemetry::Lines;

/// What the memory of a line may be that a thread keeps for the next one.
const KEPT: usize = 16 << 10;

thread_local! {
    static LINE: Cell<Line> = Cell::default();
}

/// What a thread keeps from one event to the next.
#[derive(Default)]
pub(in crate::telemetry) struct Line {
    pub(super) bytes: Vec<u8>,
    pub(super) names: Names,
}

/// What a line looks like.
pub(in crate::telemetry) trait Format {
    /// Writes an event as a line, with its end.
    fn format(&self, event: &Event<'_>, line: &mut Line);
}

/// Formats each event once, in memory that the thread has already, and hands it to
/// who writes. Spans are not told: there are none of ours.
pub(in crate::telemetry) struct Objects<F> {
    format: F,
    lines: Lines,
}

impl<F> Objects<F> {
    pub(in crate::telemetry) fn new(format: F, lines: &Lines) -> Self {
        let lines = lines.clone();
        Self { format, lines }
    }
}

impl<F: Format + 'static, S: Subscriber> Layer<S> for Objects<F> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // A thread that ends has none any more, and an event within an event finds
        // that it is taken.
        let mut line = LINE.try_with(Cell::take).unwrap_or_default();
        self.format.format(event, &mut line);
        self.lines.push(&line.bytes);
        line.bytes.clear();
        line.bytes.shrink_to(KEPT);
        let _ = LINE.try_with(|kept| kept.set(line));
    }
}
