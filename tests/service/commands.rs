use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rustix::process::{Resource, Signal, getrlimit};

use crate::process::{Ended, Process, command, installed, with_limit};

const NO_VARS: [(&str, &str); 0] = [];

fn probe(arguments: &[&str]) -> Ended {
    let mut all = vec!["probe"];
    all.extend(arguments);
    Process::run(&all, &NO_VARS)
}

/// The URL of a server that gives every client this answer.
fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    format!("http://{address}/-/ready?x=y")
}

const TWO_ANSWERS: &str =
    "--check, --compare, --diff and another --format exclude each other; leave one out";

#[test]
fn a_probe_of_a_service_that_is_ready_passes() {
    let process = Process::start(&[]);
    let address = process.line("listening")["address"].clone();
    process.line("ready");
    let url = format!("http://{}/-/ready", address.as_str().unwrap());
    let ended = probe(&[&url]);
    assert_eq!(
        (ended.code, &*ended.stdout, &*ended.stderr),
        (Some(0), "", "")
    );
}

#[test]
fn a_probe_says_why_it_fails() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    for (url, why) in [
        (
            server("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
            "the answer is not 2xx: \"HTTP/1.1 503 Service Unavailable\"",
        ),
        (
            server("HTTP/1.1 301 Moved\r\n\r\n"),
            "the answer is not 2xx: \"HTTP/1.1 301 Moved\"",
        ),
        (
            server("SSH-2.0 200\r\n"),
            "the answer is not 2xx: \"SSH-2.0 200\"",
        ),
        (
            closed,
            "there is no answer: Connection refused (os error 111)",
        ),
    ] {
        let ended = probe(&["--timeout", "5", &url]);
        assert_eq!(ended.code, Some(1), "{url}");
        assert_eq!(ended.stderr, format!("demo-service: {url}: {why}\n"));
    }
}

#[test]
fn a_probe_does_not_wait_longer_than_it_is_told() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let ended = probe(&["--timeout", "0.2", &url]);
    assert_eq!(ended.code, Some(1));
    let expected = format!("demo-service: {url}: there is no answer in time\n");
    assert_eq!(ended.stderr, expected);
}

#[test]
fn a_probe_shows_no_password() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let expected = format!("demo-service: http://***@{address}/: there is no answer in time\n");
    for user in ["me:hunter2", "t"] {
        let ended = probe(&["--timeout", "0.2", &format!("http://{user}@{address}/")]);
        assert_eq!(ended.stderr, expected);
    }
}

#[test]
fn a_probe_of_nothing_is_a_wrong_command_line() {
    for (arguments, why) in [
        (
            &["probe", "--timeout", "soon", "http://x/"][..],
            "cannot parse argument \"soon\": it is not a number of seconds above 0, like 2.5 \
             or 1m30s, and at most a day",
        ),
        (
            &["probe", "--timeout", "1e19", "http://x/"][..],
            "cannot parse argument \"1e19\": it is not a number of seconds above 0, like 2.5 \
             or 1m30s, and at most a day",
        ),
        (
            &["doctor", "--grace", "0"][..],
            "cannot parse argument \"0\": it is not a number of seconds above 0, like 2.5 \
             or 1m30s, and at most a day",
        ),
        (
            &["doctor", "--grace"][..],
            "missing argument for option '--grace'",
        ),
        (
            &["probe", "https://127.0.0.1/"][..],
            "https://127.0.0.1/: it is not like http://127.0.0.1:8000/-/ready",
        ),
        (
            &["probe", "/-/ready"][..],
            "/-/ready: it is not like http://127.0.0.1:8000/-/ready",
        ),
        (
            &["probe", "http://127.0.0.1:65536/"][..],
            "http://127.0.0.1:65536/: it is not like http://127.0.0.1:8000/-/ready",
        ),
        (
            &["probe", "http://[::1]:-1/"][..],
            "http://[::1]:-1/: it is not like http://127.0.0.1:8000/-/ready",
        ),
        (
            &["config", "--compare", "http://x", "http://x:99999"][..],
            "http://x:99999: it is not like http://127.0.0.1:8000",
        ),
        (&["version", "x"][..], "unexpected argument \"x\""),
        (&["--version", "x"][..], "unexpected argument \"x\""),
        (
            &["probe", "https://me:hunter2@127.0.0.1/"][..],
            "https://***@127.0.0.1/: it is not like http://127.0.0.1:8000/-/ready",
        ),
        (
            &["probe", "http://me:hun ter2@127.0.0.1/"][..],
            "http://***@127.0.0.1/: it is not like http://127.0.0.1:8000/-/ready",
        ),
        (
            &["config", "--compare", "http://127.0.0.1:1", "x"][..],
            "x: it is not like http://127.0.0.1:8000",
        ),
        (
            &["config", "--diff", "old.json", "--format", "json"][..],
            TWO_ANSWERS,
        ),
        (
            &["config", "--format", "json", "--diff", "old.json"][..],
            TWO_ANSWERS,
        ),
        (
            &["config", "--diff", "old.json", "--check", "a.yaml"][..],
            TWO_ANSWERS,
        ),
        (
            &["config", "--format", "json", "--compare", "http://x"][..],
            TWO_ANSWERS,
        ),
        (
            &["config", "--compare", "http://x", "--check"][..],
            TWO_ANSWERS,
        ),
        (
            &["config", "--format", "man", "--check", "a.yaml"][..],
            "cannot parse argument \"man\": it is not one of text, json, github, sarif",
        ),
    ] {
        let ended = Process::run(arguments, &NO_VARS);
        assert_eq!(ended.code, Some(64), "{arguments:?}");
        assert_eq!(ended.stderr, format!("demo-service: {why}; see --help\n"));
    }
}

#[test]
fn the_doctor_warns_and_does_not_fail() {
    let vars = [
        ("APP_ENV", "prod"),
        ("APP_SECRETS", "dir"),
        ("APP_CHAOS", "on"),
        ("APP_KEEP_ALIVE", "5s"),
        ("APP_STOP_TIMEOUT", "40s"),
        ("APP_DRAIN_TIMEOUT", "15s"),
        ("APP_WORKERS", "512"),
        ("LOG_LEVEL", "info,demo_service=trace"),
        ("TERMINATION_GRACE", "30s"),
        ("APP_PROT", "80"),
    ];
    let ended = Process::run(&["doctor"], &vars);
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    let warned = |what: &str| {
        let mut lines = ended.stdout.lines();
        lines.any(|line| line.starts_with(&format!("warning  {what} ")))
    };
    for what in [
        "grace",
        "requests",
        "keep-alive",
        "variables",
        "log level",
        "chaos",
        "workers",
    ] {
        assert!(warned(what), "{what}: {}", ended.stdout);
    }
    assert!(!warned("secrets"), "{}", ended.stdout);
}

/// The service raises its limit to the maximum.
#[test]
fn the_doctor_counts_as_many_files_as_the_service_may_open() {
    let output = with_limit("-Sn 256", "doctor", &NO_VARS).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let files = said.lines().find(|line| line.contains(" open files "));
    let hard = getrlimit(Resource::Nofile).maximum;
    let hard = hard.map_or("no limit".to_owned(), |files| format!("{files} at most"));
    assert!(
        files.unwrap().contains(&format!("open files  {hard}")),
        "{said}"
    );
}

#[test]
fn with_as_many_files_as_the_doctor_asks_for_every_connection_can_be_open() {
    let settings: [&[(&str, &str)]; 3] = [
        &[("APP_WORKERS", "3")],
        &[
            ("APP_MAX_CONNECTIONS", "700"),
            ("APP_ADMIN_LISTEN", "127.0.0.1:0"),
        ],
        &[(
            "APP_DB_URL",
            "postgres://app@127.0.0.1:1/app?sslmode=disable",
        )],
    ];
    for settings in settings {
        let vars = [&[("PORT", "0"), ("LOG_FORMAT", "json")], settings].concat();
        let output = with_limit("-n 128", "doctor", &vars).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let begin = "open files  128 at most, too few for every connection: raise the limit to ";
        let (_, needed) = said.split_once(begin).unwrap();
        let (needed, _) = needed
            .split_once(", or lower APP_MAX_CONNECTIONS\n")
            .unwrap();
        let process = Process::of(&mut with_limit(&format!("-n {needed}"), "", &vars));
        process.line("listening");
        process.signal(Signal::TERM);
        let ended = process.wait();
        assert!(
            !ended.stdout.contains("fewer connections"),
            "{settings:?} {needed}: {}",
            ended.stdout
        );
    }
}

#[test]
fn what_the_doctor_is_told_of_the_grace_counts() {
    let vars = [("TERMINATION_GRACE", "20s"), ("APP_STOP_TIMEOUT", "30s")];
    let ended = Process::run(&["doctor", "--grace", "60"], &vars);
    let first = ended.stdout.lines().next();
    assert_eq!(
        first,
        Some("ok       grace       30s of 60s are needed (APP_STOP_TIMEOUT is 30s)")
    );
}

/// As in similar programs.
#[test]
fn help_and_version_are_words_too() {
    for (word, option) in [("help", "--help"), ("version", "--version")] {
        let ended = Process::run(&[word], &NO_VARS);
        assert_eq!(ended.code, Some(0));
        assert_eq!(ended, Process::run(&[option], &NO_VARS));
    }
}

#[test]
fn an_option_that_is_a_variable_is_named() {
    for (arguments, said) in [
        (&["--port", "9000"][..], "--port; set APP_PORT=9000"),
        (&["--port=9000"], "--port; set APP_PORT=9000"),
        (
            &["--log-level", "debug"],
            "--log-level; set APP_LOG_LEVEL=debug",
        ),
        (&["--host"], "--host; set APP_HOST"),
        (
            &["--db-url", "postgres://me:hunter2@db/app"],
            "--db-url; set APP_DB_URL",
        ),
        (&["--db-url=hunter2"], "--db-url; set APP_DB_URL"),
        (&["--APP_WORKERS=2"], "--APP_WORKERS; set APP_WORKERS=2"),
    ] {
        let ended = Process::run(arguments, &NO_VARS);
        assert_eq!(ended.code, Some(64), "{arguments:?}");
        let expected = format!("demo-service: unknown option {said}; see --help\n");
        assert_eq!(ended.stderr, expected);
    }
}

#[test]
fn a_duration_of_a_command_may_have_units() {
    for grace in ["60", "60s", "1m"] {
        let vars = [("APP_STOP_TIMEOUT", "30s")];
        let ended = Process::run(&["doctor", "--grace", grace], &vars);
        let first = ended.stdout.lines().next().unwrap();
        assert!(
            first.starts_with("ok       grace       30s of 60s are needed"),
            "{first}"
        );
    }
}

#[test]
fn a_probe_without_a_url_asks_the_address_of_the_configuration() {
    let process = Process::start(&[("APP_ADMIN_LISTEN", "127.0.0.1:0")]);
    process.line("ready");
    let operators = process.line("listening for operators")["address"].clone();
    let operators = operators.as_str().unwrap();
    let asked = |vars: &[(&str, &str)]| Process::run(&["probe"], vars);
    assert_eq!(asked(&[("APP_ADMIN_LISTEN", operators)]).code, Some(0));
    let port = operators.rsplit(':').next().unwrap();
    assert_eq!(asked(&[("HOST", "0.0.0.0"), ("PORT", port)]).code, Some(0));
    let closed = asked(&[("HOST", "0.0.0.0"), ("PORT", "1")]);
    assert_eq!(closed.code, Some(1));
    assert!(
        closed.stderr.contains("http://127.0.0.1:1/-/ready"),
        "{}",
        closed.stderr
    );
    assert_eq!(asked(&[("PORT", "0")]).code, Some(64));
}

/// A command that waits for a file or for a server ends by the first signal, as the shell
/// says.
#[test]
fn a_signal_ends_a_command_that_waits() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    for (arguments, asks) in [
        (&["config", "--check", "-"][..], false),
        (&["config", "--check", "--spec", "-", "a.yaml"], false),
        (&["config", "--diff", "-"], false),
        (&["probe", "--timeout", "1h", &url], true),
        (
            &["config", "--compare", "--timeout", "1h", &url, &url],
            true,
        ),
    ] {
        for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
            let mut command = command(&installed().join("run-app.sh"), arguments, &NO_VARS);
            let process = Process::of(command.stdin(Stdio::piped()));
            let asked = asks.then(|| silent.accept().unwrap());
            while thread_names(process.pid())
                .iter()
                .all(|name| name != "command")
            {
                thread::sleep(Duration::from_millis(1));
            }
            // It has no effect, and the wait goes on.
            process.signal(Signal::USR1);
            process.signal(signal);
            let ended = process.wait();
            assert_eq!(
                (ended.code, &*ended.stdout),
                (Some(code), ""),
                "{arguments:?}"
            );
            drop(asked);
        }
    }
}

/// The names of the threads of a process.
fn thread_names(pid: u32) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let names = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.map(|name| name.trim_end().to_owned()).collect()
}

#[test]
fn what_cannot_be_printed_has_a_reason() {
    for arguments in [
        "--help",
        "--version",
        "--check",
        "config",
        "doctor",
        "completions bash",
    ] {
        let full = format!("exec \"$0\" {arguments} >/dev/full");
        let script = installed().join("run-app.sh");
        let shell = ["-c", &*full, script.to_str().unwrap()];
        let ended = Process::of(&mut command(Path::new("sh"), &shell, &NO_VARS)).wait();
        let expected =
            "demo-service: cannot print on stdout: No space left on device (os error 28)\n";
        assert_eq!(
            (ended.code, &*ended.stderr),
            (Some(71), expected),
            "{arguments}"
        );
    }
}

#[test]
fn every_command_has_help() {
    let help = Process::run(&["--help"], &NO_VARS);
    for command in [
        "migrate",
        "config",
        "probe",
        "doctor",
        "completions",
        "version",
        "--check",
    ] {
        assert_eq!(
            Process::run(&[command, "--help"], &NO_VARS),
            help,
            "{command}"
        );
    }
    for command in ["migrate", "config", "help", "version"] {
        assert_eq!(
            Process::run(&["help", command], &NO_VARS),
            help,
            "{command}"
        );
    }
}
