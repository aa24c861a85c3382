//! A system that gives the service too few threads or files.

use crate::process::{Ended, PROGRAM, Process, command_line, unprivileged};

/// Runs the service with a limit, to its end. The kernel does not limit the threads of
/// root, so that root runs it as a user with no other process.
fn limited(limit: &str, arguments: &[&str], vars: &[(&str, &str)]) -> Ended {
    // Without the script, because its shell needs a process and files too.
    let line = [&["prlimit", limit, PROGRAM], arguments].concat();
    let mut vars = vars.to_vec();
    vars.extend([("PORT", "0"), ("LOG_FORMAT", "json")]);
    Process::of(&mut command_line(&unprivileged(51_000, &line), &vars)).wait()
}

/// Each limit is met at another place.
#[test]
fn too_few_processes_are_71_with_a_remedy() {
    for limit in 1..=7 {
        let vars = [("APP_WORKERS", "4"), ("APP_ADMIN_LISTEN", "127.0.0.1:0")];
        let ended = limited(&format!("--nproc={limit}"), &[], &vars);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert_eq!(ended.code, Some(71), "{limit}: {said}");
        let remedy = "cannot start a thread: the limit of processes is too low; raise ";
        assert!(said.contains(remedy), "{limit}: {said}");
        assert!(!said.contains("panicked"), "{limit}: {said}");
    }
    let ended = limited("--nproc=3", &["--check", "--with-secrets"], &[]);
    assert_eq!(ended.code, Some(71), "{}", ended.stderr);
}

#[test]
fn too_few_files_are_71_with_a_remedy() {
    for limit in [4, 6, 8, 10, 12, 16, 20, 30, 40] {
        let ended = limited(&format!("--nofile={limit}"), &[], &[("APP_WORKERS", "4")]);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert_eq!(ended.code, Some(71), "{limit}: {said}");
        assert!(said.contains("`LimitNOFILE=`"), "{limit}: {said}");
        assert!(!said.contains("panicked"), "{limit}: {said}");
    }
}

/// The kernel shows the files of a process that cannot be dumped as root's.
#[test]
fn outside_dev_the_process_cannot_be_dumped() {
    for (env, is_dumpable) in [("dev", true), ("staging", false), ("prod", false)] {
        let vars = [
            ("PORT", "0"),
            ("LOG_FORMAT", "json"),
            ("APP_ENV", env),
            ("APP_DB_URL", "sqlite::memory:"),
        ];
        let line = unprivileged(52_000, &[PROGRAM]);
        let process = Process::of(&mut command_line(&line, &vars));
        process.line("ready");
        let stat = std::fs::metadata(format!("/proc/{}/stat", process.pid())).unwrap();
        let owner = std::os::unix::fs::MetadataExt::uid(&stat);
        assert_eq!(owner != 0, is_dumpable, "{env}: {owner}");
        // Metrics of the process are read all the same.
        let metrics = process.client().get("/-/metrics").body;
        assert!(metrics.contains("process_open_fds "), "{metrics}");
        assert!(metrics.contains("process_max_fds "), "{metrics}");
    }
}
