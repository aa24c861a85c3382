//! The queue of log lines, and the thread that writes them.
//!
//! Logging never waits for the reader of stdout: when the queue is full, a line is
//! dropped and counted.

use std::io::{self, Write};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing::warn;
use tracing_subscriber::fmt::MakeWriter;

use super::batch::write_batch;

/// The size of the queue: some ten thousand lines.
const MAX_QUEUED_BYTES: usize = 4 << 20;

/// The memory of an empty queue.
const MAX_IDLE_BYTES: usize = 64 << 10;

/// At its end, the process waits so long for its last lines to be written.
const EXIT_TIMEOUT: Duration = Duration::from_secs(2);

/// The pause after a batch, in which lines gather. Without it, most lines would wake the
/// thread, which costs more than the line. A larger batch delays the requests of a worker
/// on the same core: five times this pause doubles their p99.
const BATCH_PAUSE: Duration = Duration::from_millis(1);

/// A queue of lines. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Lines(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// Signals lines to write.
    arrived: Condvar,
    /// Signals that all lines are written.
    finished: Condvar,
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct Queue {
    /// Whole lines, each with its end.
    bytes: Vec<u8>,
    /// The number of lines that were dropped since the log last reported it.
    unreported: u64,
    /// The thread waits for lines.
    is_waiting: bool,
    /// The thread has lines that it has not yet written.
    is_writing: bool,
    /// Somebody waits until all lines are written.
    is_hurried: bool,
    /// The time at which the process must end, if it is known.
    exit_by: Option<Instant>,
}

impl Lines {
    /// Writes the lines to `out`, in a thread of its own, for as long as the
    /// process runs.
    ///
    /// # Errors
    ///
    /// If the thread cannot be started.
    pub fn write_to(&self, out: impl Write + Send + 'static) -> io::Result<()> {
        let lines = self.clone();
        let thread = thread::Builder::new().name("log".to_owned());
        thread.spawn(move || lines.write(out))?;
        Ok(())
    }

    /// Adds a line, or drops it if the queue is full.
    pub fn push(&self, line: &[u8]) {
        let mut queue = self.queue();
        if queue.bytes.len() + line.len() > MAX_QUEUED_BYTES {
            self.drop_lines(&mut queue, 1);
            return;
        }
        queue.bytes.extend_from_slice(line);
        let wake = mem::take(&mut queue.is_waiting);
        drop(queue);
        if wake {
            self.0.arrived.notify_one();
        }
    }

    /// Returns the number of lines that were dropped.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    /// Waits for at most `timeout` until all lines are written, and returns whether they
    /// are. From then on no line waits for a batch.
    #[must_use]
    pub fn flush(&self, timeout: Duration) -> bool {
        let is_unfinished = |queue: &mut Queue| queue.is_writing || !queue.bytes.is_empty();
        let mut queue = self.queue();
        queue.is_hurried = true;
        self.0.arrived.notify_one();
        let waited = self
            .0
            .finished
            .wait_timeout_while(queue, timeout, is_unfinished);
        let (_queue, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out()
    }

    /// Sets the time at which the process must end, however many lines are left.
    pub(crate) fn exit_by(&self, at: Instant) {
        self.queue().exit_by = Some(at);
    }

    /// Returns a guard that flushes when it is dropped, at the end of `main`.
    #[must_use]
    pub fn flush_at_exit(&self) -> FlushAtExit {
        FlushAtExit(self.clone())
    }

    fn write(&self, mut out: impl Write) {
        let mut batch = Vec::new();
        loop {
            self.write_next(&mut out, &mut batch);
        }
    }

    /// Waits for lines, and writes these as one batch.
    pub(crate) fn write_next(&self, out: &mut impl Write, batch: &mut Vec<u8>) {
        let is_begun = self.take(batch);
        let lost = write_batch(out, batch, is_begun);
        if lost == 0 {
            self.report_dropped();
        } else {
            self.drop_lines(&mut self.queue(), lost);
        }
        batch.shrink_to(MAX_IDLE_BYTES);
        self.finish_batch();
    }

    /// Wakes a flush that waits for the end, or else lets lines gather.
    fn finish_batch(&self) {
        let mut queue = self.queue();
        queue.is_writing = false;
        if queue.bytes.is_empty() {
            self.0.finished.notify_all();
        }
        let gather = |queue: &mut Queue| !queue.is_hurried;
        let _ = self
            .0
            .arrived
            .wait_timeout_while(queue, BATCH_PAUSE, gather);
    }

    /// Waits for lines and moves them into `batch`. Returns whether the batch begins with
    /// the rest of a line.
    fn take(&self, batch: &mut Vec<u8>) -> bool {
        let mut queue = self.queue();
        while queue.bytes.is_empty() {
            queue.is_waiting = true;
            let woken = self.0.arrived.wait(queue);
            queue = woken.unwrap_or_else(PoisonError::into_inner);
        }
        queue.is_waiting = false;
        queue.is_writing = true;
        let is_begun = !batch.is_empty();
        if is_begun {
            batch.append(&mut queue.bytes);
        } else {
            mem::swap(&mut queue.bytes, batch);
        }
        is_begun
    }

    /// Logs the number of dropped lines, now that stdout accepts lines again.
    fn report_dropped(&self) {
        let dropped = mem::take(&mut self.queue().unreported);
        if dropped > 0 {
            warn!(
                dropped,
                "log lines were dropped: the reader of stdout is too slow"
            );
        }
    }

    fn drop_lines(&self, queue: &mut Queue, lines: u64) {
        queue.unreported += lines;
        self.0.dropped.fetch_add(lines, Ordering::Relaxed);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        let queue = self.0.queue.lock();
        queue.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each write is an event, and a line.
impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = &'w Self;

    fn make_writer(&'w self) -> Self::Writer {
        self
    }
}

/// Flushes when it is dropped, for at most two seconds, and no longer than the process may run.
#[derive(Debug)]
pub struct FlushAtExit(Lines);

impl Drop for FlushAtExit {
    fn drop(&mut self) {
        let exit_by = self.0.queue().exit_by;
        let left = exit_by.map(|at| at.saturating_duration_since(Instant::now()));
        let _ = self
            .0
            .flush(left.map_or(EXIT_TIMEOUT, |left| left.min(EXIT_TIMEOUT)));
    }
}
