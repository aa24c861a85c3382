//! The signals that ask the service to stop or to reload.

use std::io::{self, IsTerminal};
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use super::failure::Failure;
use super::limits::no_thread;
use super::{exit, ignored};
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
    /// SIGQUIT, the `STOPSIGNAL` of some images, whose default dumps core.
    Quit,
}

impl Stop {
    /// Returns the name, as in `kill -l`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Terminate => "SIGTERM",
            Self::Interrupt => "SIGINT",
            Self::Quit => "SIGQUIT",
        }
    }

    /// Returns the exit code of a process that the signal ended: 128 and its number.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Terminate => 143,
            Self::Interrupt => 130,
            Self::Quit => 131,
        }
    }
}

/// The signals that are caught.
#[derive(Debug)]
pub struct Caught {
    /// The first signal that asks the service to stop.
    pub stopped: Stopped,
    /// A message for each SIGHUP. Several at once are one.
    pub reloads: mpsc::Receiver<()>,
}

/// Catches the signals from now on. The first signal that asks to stop is received; a second
/// ends the process at once, with exit code 130, 131 or 143, and writes the lines in `log` if
/// stdout accepts them.
///
/// SIGHUP asks for a reload, except at a terminal. SIGUSR1, SIGUSR2 and their like do nothing
/// but log a warning, because their default would end the process and cut its requests.
///
/// The signals have their own thread, so that a second signal ends the process even if the
/// event loop or the log blocks. Call this first in `main`: until then a signal ends the
/// process, or does nothing if the process is the first of a container.
///
/// # Errors
///
/// If the operating system refuses.
pub fn catch(log: &Lines) -> Result<Caught, Failure> {
    let failed = |err| Failure::new(exit::OS_ERROR, "cannot catch signals", &err);
    let (ask, reloads) = mpsc::sync_channel(1);
    let (runtime, signals) = listen(&ask).map_err(failed)?;
    let stopped = start(log, runtime, signals).map_err(|err| no_thread(&err))?;
    Ok(Caught { stopped, reloads })
}

fn listen(ask: &mpsc::SyncSender<()>) -> io::Result<(Runtime, Signals)> {
    // The runtime has up to six files, and panics if it cannot open the last of them.
    let files = [
        UnixStream::pair()?,
        UnixStream::pair()?,
        UnixStream::pair()?,
    ];
    drop(files);
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let guard = runtime.enter();
    let signals = Signals {
        terminate: signal(SignalKind::terminate())?,
        interrupt: signal(SignalKind::interrupt())?,
        quit: signal(SignalKind::quit())?,
        _ask: ask.clone(),
    };
    ignored::ignore(io::stdin().is_terminal(), ask)?;
    drop(guard);
    Ok((runtime, signals))
}

fn start(log: &Lines, runtime: Runtime, mut signals: Signals) -> io::Result<Stopped> {
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
    quit: Signal,
    /// Kept, so that the receiver sees no end where SIGHUP is not caught.
    _ask: mpsc::SyncSender<()>,
}

impl Signals {
    /// Returns the next signal that asks to stop.
    async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.interrupt.recv() => Stop::Interrupt,
            _ = self.quit.recv() => Stop::Quit,
        }
    }
}
