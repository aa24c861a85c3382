//! The signals that ask the service to stop.

use std::io;
use std::process;
use std::thread;
use std::time::Duration;

use tokio::runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use crate::telemetry::Lines;

/// How long a second signal waits for the lines of the log: they are written by
/// then, unless nobody reads them.
const FLUSH: Duration = Duration::from_millis(100);

/// Is ready when the service is asked to stop.
pub type Stopped = oneshot::Receiver<Stop>;

/// A signal that asks the service to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// SIGTERM, from a supervisor.
    Terminate,
    /// SIGINT, from a terminal.
    Interrupt,
}

impl Stop {
    /// Gives its name, as `kill -l` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminate => "SIGTERM",
            Self::Interrupt => "SIGINT",
        }
    }

    /// Gives the exit code of a process that it ended: 128 and its number.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Terminate => 143,
            Self::Interrupt => 130,
        }
    }
}

/// Catches the signals from now on. The first is received; a second one ends the
/// process at once, with exit code 130 or 143.
/// What is in `log` by then is written if stdout takes it.
///
/// It has a thread of its own, which does nothing else: whatever blocks the rest
/// of the process, even its log, the second signal ends it. Call it first in
/// `main`: until then a signal ends the process, or, where it is the first of a
/// container, does nothing.
///
/// # Errors
///
/// If the operating system refuses.
pub fn catch(log: &Lines) -> io::Result<Stopped> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let guard = runtime.enter();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    drop(guard);
    let (first, received) = oneshot::channel();
    let log = log.clone();
    let wait = async move {
        let _ = first.send(next(&mut terminate, &mut interrupt).await);
        let second = next(&mut terminate, &mut interrupt).await;
        let _ = log.flush(FLUSH);
        process::exit(second.exit_code().into());
    };
    let thread = thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || runtime.block_on(wait))?;
    Ok(received)
}

async fn next(terminate: &mut Signal, interrupt: &mut Signal) -> Stop {
    tokio::select! {
        _ = terminate.recv() => Stop::Terminate,
        _ = interrupt.recv() => Stop::Interrupt,
    }
}
