//! The signals that ask the service to stop.

use std::future::pending;
use std::io::{self, IsTerminal};
use std::process;
use std::thread;
use std::time::Duration;

use tokio::runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tracing::warn;

use super::exit;
use super::failure::Failure;
use crate::telemetry::Lines;

/// A second signal waits so long for the lines of the log, which are written by then
/// unless nobody reads stdout.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

/// Resolves when the service is asked to stop.
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
    /// Returns the name, as in `kill -l`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Terminate => "SIGTERM",
            Self::Interrupt => "SIGINT",
        }
    }

    /// Returns the exit code of a process that the signal ended: 128 and its number.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Terminate => 143,
            Self::Interrupt => 130,
        }
    }
}

/// Catches the signals from now on. The first signal is received; a second signal ends
/// the process at once, with exit code 130 or 143, and writes the lines in `log` if stdout
/// accepts them.
///
/// SIGHUP does nothing but log a warning, because its default would end the process and
/// cut its requests. At a terminal SIGHUP keeps its default: the terminal was closed.
///
/// The signals have their own thread, so that a second signal ends the process even if the
/// event loop or the log blocks. Call this first in `main`: until then a signal ends the
/// process, or does nothing if the process is the first of a container.
///
/// # Errors
///
/// If the operating system refuses.
pub fn catch(log: &Lines) -> Result<Stopped, Failure> {
    listen(log).map_err(|err| Failure::new(exit::OS_ERROR, "cannot catch signals", &err))
}

fn listen(log: &Lines) -> io::Result<Stopped> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let guard = runtime.enter();
    let mut signals = Signals {
        terminate: signal(SignalKind::terminate())?,
        interrupt: signal(SignalKind::interrupt())?,
        hangup: if io::stdin().is_terminal() {
            None
        } else {
            Some(signal(SignalKind::hangup())?)
        },
    };
    drop(guard);
    let (first, received) = oneshot::channel();
    let log = log.clone();
    let wait = async move {
        let _ = first.send(signals.next().await);
        let second = signals.next().await;
        let _ = log.flush(FLUSH_TIMEOUT);
        process::exit(second.exit_code().into());
    };
    let thread = thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || runtime.block_on(wait))?;
    Ok(received)
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Option<Signal>,
}

impl Signals {
    /// Returns the next signal that asks to stop.
    async fn next(&mut self) -> Stop {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return Stop::Terminate,
                _ = self.interrupt.recv() => return Stop::Interrupt,
                () = received(&mut self.hangup) => warn!(
                    "SIGHUP changes nothing: the configuration is read at the start; restart \
                     the service instead"
                ),
            }
        }
    }
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => pending().await,
    }
}
