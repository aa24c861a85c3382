//! The signals that ask the service to stop.

use std::io;

use tokio::signal::unix::{self, SignalKind};
use tracing::info;

/// The signals that ask the service to stop, from now on.
///
/// Made first in `main`: until then a signal ends the process, or, where it is
/// the first of a container, does nothing.
#[derive(Debug)]
pub struct Signals {
    terminate: unix::Signal,
    interrupt: unix::Signal,
}

/// A signal that asks the service to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM, from a supervisor.
    Terminate,
    /// SIGINT, from a terminal.
    Interrupt,
}

impl Signals {
    /// Catches the signals.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub fn catch() -> io::Result<Self> {
        Ok(Self {
            terminate: unix::signal(SignalKind::terminate())?,
            interrupt: unix::signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one, and logs it.
    pub async fn next(&mut self) -> Signal {
        let signal = tokio::select! {
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.interrupt.recv() => Signal::Interrupt,
        };
        info!(signal = signal.name(), "asked to stop");
        signal
    }
}

impl Signal {
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
