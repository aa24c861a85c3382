//! Signals that would end the process without a log line, and are ignored instead.
//!
//! Left alone are the signals of faults (SIGSEGV, SIGABRT and their like), job control
//! (SIGTSTP and its like), SIGPIPE, which the Rust runtime ignores, and the signals that
//! do nothing by default.

use std::io;
use std::sync::mpsc::{SyncSender, TrySendError};

use rustix::io::Errno;
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
    let mut signals = match signal(SignalKind::from_raw(number)) {
        Ok(signals) => signals,
        // An emulator or a debugger keeps the signal for itself, so that nobody can send it.
        Err(err) if Errno::from_io_error(&err) == Some(Errno::INVAL) => return Ok(()),
        Err(err) => return Err(err),
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_signal_that_is_kept_for_another_use_is_left_alone() {
        let of_the_c_library = REAL_TIME.start() - 1;
        assert!(signal(SignalKind::from_raw(of_the_c_library)).is_err());
        log_each("SIGRTMIN-1".to_owned(), of_the_c_library).expect("nobody can send it");
    }
}
