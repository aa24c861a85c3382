//! Writing many lines at once, to a pipe that may be full or closed.

use std::io::{ErrorKind, Write};
use std::thread;
use std::time::Duration;

/// The pause before another try, on a pipe for which the kernel does not wait.
const RETRY_PAUSE: Duration = Duration::from_millis(10);

/// Writes as much as `out` accepts, empties the batch, and returns the number of lines
/// that were lost. `is_begun` says whether the batch begins with the rest of a line.
///
/// The rest of a line that was begun stays in the batch, so that the line is completed
/// before the next.
pub(super) fn write_batch(out: &mut impl Write, batch: &mut Vec<u8>, is_begun: bool) -> u64 {
    let mut done = 0;
    while done < batch.len() {
        match out.write(&batch[done..]) {
            Ok(0) => break,
            Ok(bytes) => done += bytes,
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(err) if err.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY_PAUSE),
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
