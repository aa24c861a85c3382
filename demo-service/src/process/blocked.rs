//! Signals that the parent process has blocked, as a parent with `signalfd` may do.

use std::fs;

use tracing::warn;

use super::signals::Stop;

/// Warns of each signal that is blocked and should stop the service. Only `unsafe` code could
/// unblock the signal: neither the standard library nor a dependency has a safe function.
pub(crate) fn warn_of_each() {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for stop in blocked(&status) {
        warn!(
            signal = stop.name(),
            "a signal that stops the service never arrives: the parent process has blocked the \
             signal; let the parent unblock the signal before it starts the service"
        );
    }
}

/// Returns the signals that a `/proc/PID/status` shows as blocked.
fn blocked(status: &str) -> Vec<Stop> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigBlk:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The lowest bit is signal 1.
    let is_blocked = |stop: &Stop| mask.unwrap_or(0) >> (stop.exit_code() - 129) & 1 == 1;
    let all = [Stop::Terminate, Stop::Interrupt, Stop::Quit];
    all.into_iter().filter(is_blocked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocked_signals_are_read_from_their_mask() {
        let status = |mask| format!("Name:\tx\nSigPnd:\t00ff\nSigBlk:\t{mask}\nSigIgn:\t00ff\n");
        let all = [Stop::Terminate, Stop::Interrupt, Stop::Quit];
        assert_eq!(blocked(&status("0000000000004000")), [Stop::Terminate]);
        assert_eq!(blocked(&status("ffffffffffffffff")), all);
        assert_eq!(blocked(&status("0000000000000001")), []);
        assert_eq!(blocked(""), []);
    }
}
