//! Files that never end, or wait for a writer.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::process::{Ended, Process, command, installed};

/// A directory with a FIFO that nobody writes, a directory, and a file of 17 MiB.
fn odd_files() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(dir.path().join("fifo")).status();
    assert!(made.unwrap().success());
    std::fs::create_dir(dir.path().join("directory")).unwrap();
    let large = File::create(dir.path().join("large")).unwrap();
    large.set_len(17 * 1024 * 1024).unwrap();
    dir
}

const NOT_REGULAR: &str = "it is not a regular file";

fn path_of(dir: &TempDir, name: &str) -> String {
    Path::new(dir.path())
        .join(name)
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_file_of_another_kind_is_78_at_once() {
    let dir = odd_files();
    for (path, why) in [
        (path_of(&dir, "fifo"), NOT_REGULAR),
        (path_of(&dir, "directory"), NOT_REGULAR),
        ("/dev/zero".to_owned(), NOT_REGULAR),
        (path_of(&dir, "large"), "it is larger than 16 MiB"),
    ] {
        for arguments in [&["--check"][..], &[]] {
            for variable in ["APP_DB_URL_FILE", "APP_ADMIN_TOKEN_FILE"] {
                let ended = Process::run(arguments, &[(variable, &path)]);
                assert_eq!(ended.code, Some(78), "{}", ended.stderr);
                let said = format!("{variable}  cannot read {path}: {why}\n");
                assert!(ended.stderr.contains(&said), "{}", ended.stderr);
            }
        }
    }
}

/// The driver of PostgreSQL reads these files by itself.
#[test]
fn a_file_of_the_driver_of_another_kind_is_78_at_once() {
    let dir = odd_files();
    let fifo = path_of(&dir, "fifo");
    let url = "postgres://app@127.0.0.1:1/app";
    let with_certificate = format!("{url}?sslrootcert={fifo}");
    for (vars, subject) in [
        (
            [("APP_DB_URL", &*with_certificate), ("X", "")],
            "its `sslrootcert`",
        ),
        ([("APP_DB_URL", url), ("PGSSLKEY", "/dev/zero")], "PGSSLKEY"),
        ([("APP_DB_URL", url), ("PGPASSFILE", &fifo)], "PGPASSFILE"),
        (
            [("APP_DB_URL", url), ("SSL_CERT_FILE", &fifo)],
            "SSL_CERT_FILE",
        ),
    ] {
        let ended = Process::run(&["--check"], &vars);
        assert_eq!(ended.code, Some(78), "{}", ended.stderr);
        let said = format!("APP_DB_URL: the file of {subject} cannot be used: {NOT_REGULAR}");
        assert!(ended.stderr.contains(&said), "{}", ended.stderr);
    }
}

fn diff(path: &str) -> Ended {
    Process::run::<&str>(&["config", "--diff", path], &[])
}

#[test]
fn a_specification_in_no_regular_file_is_refused() {
    let dir = odd_files();
    for (path, why) in [
        ("/dev/zero".to_owned(), NOT_REGULAR),
        (path_of(&dir, "fifo"), NOT_REGULAR),
        (path_of(&dir, "directory"), NOT_REGULAR),
        (
            path_of(&dir, "large"),
            "it holds no specification; name a file with the output of `config --format json`, or a program \
             with `environ::embed!`",
        ),
        (
            path_of(&dir, "none"),
            "No such file or directory (os error 2)",
        ),
    ] {
        let ended = diff(&path);
        assert_eq!(
            ended,
            Ended {
                code: Some(64),
                stdout: String::new(),
                stderr: format!("demo-service: cannot compare with {path}: {why}\n"),
            }
        );
    }
}

#[test]
fn a_specification_is_read_from_stdin_up_to_its_limit() {
    let run = |arguments: &[&str], text: &[u8]| {
        let mut command = command::<&str>(&installed().join("run-app.sh"), arguments, &[]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // The reader stops at its limit.
        let _ = stdin.write_all(text);
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), stderr)
    };
    let spec = Process::run::<&str>(&["config", "--format", "json"], &[]).stdout;
    for stdin in ["-", "/dev/stdin"] {
        let ended = run(&["config", "--diff", stdin], spec.as_bytes());
        assert_eq!(ended, (Some(0), String::new()));
        let ended = run(&["config", "--diff", stdin], &vec![b' '; 17 * 1024 * 1024]);
        let said = format!("demo-service: cannot compare with {stdin}: it is larger than 16 MiB\n");
        assert_eq!(ended, (Some(64), said));
    }
}

/// Nobody writes, and a person asks for the terminal back.
#[test]
fn a_signal_ends_the_wait_for_stdin() {
    let arguments = ["config", "--diff", "-"];
    let mut command = command::<&str>(&installed().join("run-app.sh"), &arguments, &[]);
    let process = Process::of(command.stdin(Stdio::piped()));
    let catches = |line: &str| {
        let mask = line.strip_prefix("SigCgt:").map(str::trim);
        mask.is_some_and(|mask| u64::from_str_radix(mask, 16).unwrap() & (1 << 14) != 0)
    };
    let status = format!("/proc/{}/status", process.pid());
    while !std::fs::read_to_string(&status)
        .unwrap()
        .lines()
        .any(catches)
    {
        std::thread::yield_now();
    }
    process.signal(Signal::TERM);
    assert_eq!(process.wait().code, Some(143));
}
