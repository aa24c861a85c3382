//! The lines of the log on their way out: a queue, and a thread that writes.
//!
//! Whoever logs never waits for whoever reads the log: where the queue is full,
//! a line is dropped and counted.

use std::io::{self, ErrorKind, Write};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing::warn;
use tracing_subscriber::fmt::MakeWriter;

/// How many bytes may wait to be written: some ten thousand lines.
const ROOM: usize = 4 << 20;

/// What a queue keeps of its memory when it is empty.
const KEPT: usize = 64 << 10;

/// How long a process that ends waits for its last lines to be written.
const AT_EXIT: Duration = Duration::from_secs(2);

/// How long the thread lets lines gather once it has written some. While it does,
/// whoever logs need not wake it, which costs more than the line does. What gathers is
/// written at once, and holds up the requests of a worker on the same core: five times
/// as long doubles their p99.
const GATHER: Duration = Duration::from_millis(1);

/// How long to leave a pipe alone that takes nothing, where the kernel does not
/// wait for it.
const RETRY: Duration = Duration::from_millis(10);

/// A queue of lines. A clone is the same one.
#[derive(Clone, Debug, Default)]
pub struct Lines(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// There are lines to write.
    arrived: Condvar,
    /// There are none any more.
    finished: Condvar,
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct Queue {
    /// Whole lines, each with its end.
    bytes: Vec<u8>,
    /// How many lines were dropped since the log last told.
    untold: u64,
    /// The thread waits for lines.
    is_waiting: bool,
    /// The thread has lines that it has not yet written.
    is_writing: bool,
    /// Somebody waits until all lines are written.
    is_hurried: bool,
}

impl Lines {
    /// Writes the lines to `out`, in a thread of its own, for as long as the
    /// process runs.
    ///
    /// # Errors
    ///
    /// If there can be no thread.
    pub fn write_to(&self, out: impl Write + Send + 'static) -> io::Result<()> {
        let lines = self.clone();
        let thread = thread::Builder::new().name("log".to_owned());
        thread.spawn(move || lines.write(out))?;
        Ok(())
    }

    /// Adds a line, if there is room for it.
    pub fn push(&self, line: &[u8]) {
        let mut queue = self.queue();
        if queue.bytes.len() + line.len() > ROOM {
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

    /// Gives how many lines were dropped.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    /// Waits until all lines are written, for `timeout` at most. Tells whether
    /// they are. From then on no line waits for others.
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

    /// Gives what flushes when it is dropped: at the end of `main`, however that
    /// ends.
    #[must_use]
    pub fn flush_at_exit(&self) -> FlushAtExit {
        FlushAtExit(self.clone())
    }

    fn write(&self, mut out: impl Write) {
        let mut batch = Vec::new();
        loop {
            let is_begun = self.take(&mut batch);
            let lost = write_batch(&mut out, &mut batch, is_begun);
            if lost == 0 {
                self.tell();
            } else {
                self.drop_lines(&mut self.queue(), lost);
            }
            batch.shrink_to(KEPT);
            self.finish_batch();
        }
    }

    /// Tells who waits for the end, and otherwise lets lines gather.
    fn finish_batch(&self) {
        let mut queue = self.queue();
        queue.is_writing = false;
        if queue.bytes.is_empty() {
            self.0.finished.notify_all();
        }
        let gather = |queue: &mut Queue| !queue.is_hurried;
        let _ = self.0.arrived.wait_timeout_while(queue, GATHER, gather);
    }

    /// Moves what waits into `batch`, as soon as there is anything. Tells whether
    /// the batch begins with the rest of a line.
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

    /// Says how many lines are missing, now that there is somebody to tell.
    fn tell(&self) {
        let dropped = mem::take(&mut self.queue().untold);
        if dropped > 0 {
            warn!(dropped, "log lines were dropped, since nobody took them");
        }
    }

    fn drop_lines(&self, queue: &mut Queue, lines: u64) {
        queue.untold += lines;
        self.0.dropped.fetch_add(lines, Ordering::Relaxed);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        let queue = self.0.queue.lock();
        queue.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes as much as `out` takes, and empties the batch. Gives how many lines
/// were lost.
///
/// The rest of a line that was begun is neither: it stays in the batch, and will
/// be written before anything else, or what is a line would no longer be one.
fn write_batch(out: &mut impl Write, batch: &mut Vec<u8>, is_begun: bool) -> u64 {
    let mut done = 0;
    while done < batch.len() {
        match out.write(&batch[done..]) {
            Ok(0) => break,
            Ok(bytes) => done += bytes,
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(err) if err.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY),
            Err(_) => break,
        }
    }
    let is_begun = if done == 0 {
        is_begun
    } else {
        batch[done - 1] != b'\n'
    };
    let rest = batch[done..].iter().position(|byte| *byte == b'\n');
    let rest = rest.map_or(0, |end| if is_begun { end + 1 } else { 0 });
    let lost = batch.split_off(done + rest);
    batch.drain(..done);
    lost.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// Each event is written as a whole, and is a line.
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

/// Flushes when it is dropped, for two seconds at most.
#[derive(Debug)]
pub struct FlushAtExit(Lines);

impl Drop for FlushAtExit {
    fn drop(&mut self) {
        let _ = self.0.flush(AT_EXIT);
    }
}
