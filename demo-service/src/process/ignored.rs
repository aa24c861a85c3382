//! Signals that would end the process without a word, and are ignored instead.
//!
//! Left alone are the signals of faults (SIGSEGV, SIGABRT and their like), job control
//! (SIGTSTP and its like), SIGPIPE, which the Rust runtime ignores, and the signals that
//! do nothing by default.

use std::io;

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tracing::warn;

/// The signals with a name of their own.
const NAMED: [(&str, Signal); 11] = [
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
    // Sent when the terminal closes, but caught only without a terminal.
    ("SIGHUP", Signal::HUP),
];

/// The real-time signals that the C library does not keep for itself.
#[cfg(not(target_env = "musl"))]
const REAL_TIME: std::ops::RangeInclusive<i32> = 34..=64;
/// The real-time signals that the C library does not keep for itself.
#[cfg(target_env = "musl")]
const REAL_TIME: std::ops::RangeInclusive<i32> = 35..=64;

/// Catches the signals from now on and logs each. At a terminal, SIGHUP keeps its default:
/// the terminal was closed. Call it within the runtime of the signals.
///
/// # Errors
///
/// If the operating system refuses.
pub(super) fn ignore(at_terminal: bool) -> io::Result<()> {
    for (name, number) in NAMED {
        if !(at_terminal && number == Signal::HUP) {
            log_each(name.to_owned(), number.as_raw())?;
        }
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
            if name == "SIGHUP" {
                warn!(
                    "SIGHUP changes nothing: the configuration is read at the start; restart \
                     the service instead"
                );
            } else {
                warn!(
                    signal = name,
                    "the signal is ignored: SIGTERM stops the service; `/-/log-level` changes \
                     what is logged"
                );
            }
        }
    });
    Ok(())
}
