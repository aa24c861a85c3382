//! Signals that do not stop the service.

use std::path::Path;

use rustix::process::Signal;

use crate::process::{PROGRAM, Process, command};

const SIGNALS: [(&str, Signal); 10] = [
    ("SIGUSR1", Signal::USR1),
    ("SIGUSR2", Signal::USR2),
    ("SIGALRM", Signal::ALARM),
    ("SIGVTALRM", Signal::VTALARM),
    ("SIGPROF", Signal::PROF),
    ("SIGIO", Signal::IO),
    ("SIGPWR", Signal::POWER),
    ("SIGSTKFLT", Signal::STKFLT),
    ("SIGXCPU", Signal::XCPU),
    ("SIGXFSZ", Signal::XFSZ),
];

#[test]
fn a_signal_that_means_nothing_is_logged_and_ignored() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    process.line("ready");
    for (name, signal) in SIGNALS {
        process.signal(signal);
        process.texts("the signal is ignored", &format!("\"{name}\""));
    }
    for real_time in [0, 1, 15, 30] {
        let pid = process.pid().to_string();
        let signal = format!("-{}", 34 + real_time);
        let kill = std::process::Command::new("kill")
            .args([&signal, &pid])
            .status();
        assert!(kill.unwrap().success());
        process.texts(
            "the signal is ignored",
            &format!("\"SIGRTMIN+{real_time}\""),
        );
    }
    assert_eq!(process.client().get("/hello").status, 200);
    process.signal(Signal::TERM);
    assert_eq!(process.wait().code, Some(0));
}

#[test]
fn a_sigquit_drains_and_a_second_ends_at_once() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    process.line("ready");
    process.signal(Signal::QUIT);
    assert_eq!(process.line("drained")["code"], 0);
    assert_eq!(process.wait().code, Some(0));

    let process = Process::start(&[("APP_DRAIN_DELAY", "1m")]);
    process.line("ready");
    process.signal(Signal::QUIT);
    process.line("draining: not ready, and still serving");
    process.signal(Signal::QUIT);
    assert_eq!(process.wait().code, Some(131));
}

#[test]
fn a_signal_that_the_parent_has_blocked_is_warned_of() {
    let vars = [("PORT", "0"), ("LOG_FORMAT", "json")];
    let arguments = ["--block-signal=TERM", PROGRAM];
    let process = Process::of(&mut command(Path::new("env"), &arguments, &vars));
    let warned = process.line(
        "a signal that stops the service never arrives: the parent process has blocked the signal; \
         let the parent unblock the signal before it starts the service",
    );
    assert_eq!(
        (&warned["level"], &warned["signal"]),
        (&"WARN".into(), &"SIGTERM".into())
    );
    process.line("ready");
    process.signal(Signal::INT);
    assert_eq!(process.wait().code, Some(0));
}
