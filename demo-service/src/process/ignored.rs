//! Signals that would end the process without a word, and are ignored instead.
//!
//! Left alone are the signals of faults (SIGSEGV, SIGABRT and their like), job control
//! (SIGTSTP and its like), SIGPIPE, which the Rust runtime ignores, and the signals that
//! do nothing by default.

use std::io;
use std::sync::mpsc::{SyncSender, TrySendError};

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tracing::warn;

/// The signals with a name of their own.
const NAMED: [(&str, Signal); 10] = [
    ("SIGUSR1", Signal::USR1),
    ("SIGUSR2", Signal::USR2),
    ("SIGALRM", Signal::ALARM),
    ("SIGVTALRM", Signal::VTALARM),
    ("SIGPROF", Signal::PROF),
    ("SIGIO", Signal::IO),
    ("SIGPWR", Signal::POWER),
    ("SIGSTKFLT", Signal::STKFLT),
    // The process goes on to the hard limit, where the kernel kills it.
    ("SIGXCPU", Signal::XCPU),
    // A write beyond the limit fails instead.
    ("SIGXFSZ", Signal::XFSZ),
];

/// The real-time signals that the C library does not keep for itself.
#[cfg(not(target_env = "musl"))]
const REAL_TIME: std::ops::RangeInclusive<i32> = 34..=64;
/// The real-time signals that the C library does not keep for itself.
#[cfg(target_env = "musl")]
const REAL_TIME: std::ops::RangeInclusive<i32> = 35..=64;

/// Catches the signals from now on and logs each, except for SIGHUP, which `ask`s for a reload.
/// At a terminal, SIGHUP keeps its default: the terminal was closed. Call it within the runtime
/// of the signals.
///
/// # Errors
///
/// If the operating system refuses.
pub(super) fn ignore(at_terminal: bool, ask: &SyncSender<()>) -> io::Result<()> {
    for (name, number) in NAMED {
        log_each(name.to_owned(), number.as_raw())?;
    }
    if !at_terminal {
        ask_at_each_hangup(ask.clone())?;
    }
    for number in REAL_TIME {
        log_each(format!("SIGRTMIN+{}", number - REAL_TIME.start()), number)?;
    }
    Ok(())
}

fn log_each(name: String, number: i32) -> io::Result<()> {
    let mut signals = signal(SignalKind::from_raw(number))?;
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            warn!(
                signal = name,
                "the signal is ignored: SIGTERM stops the service; `/-/log-level` changes the log \
                 level"
            );
        }
    });
    Ok(())
}

fn ask_at_each_hangup(ask: SyncSender<()>) -> io::Result<()> {
    let mut signals = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            // A message that waits already is for this signal too.
            if let Err(TrySendError::Disconnected(())) = ask.try_send(()) {
                warn!("SIGHUP changes nothing: this command does not reload");
            }
        }
    });
    Ok(())
}
