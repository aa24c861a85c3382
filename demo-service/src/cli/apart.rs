//! Work that blocks, on a thread of its own: the first signal ends the wait for a file that is
//! piped in, or for a server. The threads of the runtime would not do: the end of the runtime
//! waits for them.

use std::panic::resume_unwind;
use std::thread;

use tokio::sync::oneshot;

use crate::process::limits::no_thread;
use crate::process::signals::Stopped;
use crate::process::{Failure, exit};

/// As much as the main thread has: documents nest.
const STACK: usize = 8 * 1024 * 1024;

/// Returns the exit code of `work`, or that of a signal which came before.
pub(super) async fn apart(
    stop: Stopped,
    work: impl FnOnce() -> Result<u8, Failure> + Send + 'static,
) -> Result<u8, Failure> {
    let (sender, receiver) = oneshot::channel();
    let thread = thread::Builder::new()
        .name("command".to_owned())
        .stack_size(STACK);
    let worker = thread.spawn(move || drop(sender.send(work())));
    let worker = worker.map_err(|err| no_thread(&err))?;
    let done = tokio::select! {
        done = receiver => done,
        Ok(signal) = stop => return Ok(signal.exit_code()),
    };
    done.unwrap_or_else(|_| match worker.join() {
        Err(panic) => resume_unwind(panic),
        Ok(()) => Ok(exit::SOFTWARE),
    })
}
