//! The journal of systemd, played by a file: device and inode are all that it has.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;

use tempfile::NamedTempFile;

use crate::process::{command, installed};

/// Gives what a process writes to a file whose device and inode are in `JOURNAL_STREAM`, or
/// those of another.
fn written(is_journal: bool, stderr: bool, vars: &[(&str, &str)]) -> String {
    let file = NamedTempFile::new().unwrap();
    let of = if is_journal {
        file.path()
    } else {
        Path::new("/")
    };
    let metadata = fs::metadata(of).unwrap();
    let stream = format!("{}:{}", metadata.dev(), metadata.ino());
    let mut all = vec![("JOURNAL_STREAM", stream.as_str()), ("PORT", "0")];
    all.extend(vars);
    let mut command = command(&installed().join("run-app.sh"), &[], &all);
    let out = File::options().append(true).open(file.path()).unwrap();
    let out = Stdio::from(out);
    if stderr {
        command.stderr(out);
    } else {
        command.stdout(out);
    }
    // It ends by itself: the database is not there.
    let status = command.status().unwrap();
    assert!(!status.success());
    fs::read_to_string(file.path()).unwrap()
}

/// No such directory, so that the service logs a warning and ends.
const ENDS: [(&str, &str); 3] = [
    ("APP_DB_URL", "sqlite:///nope/nope.db"),
    ("APP_START_TIMEOUT", "1s"),
    ("RUST_LOG", "debug"),
];

#[test]
fn lines_for_the_journal_begin_with_their_priority() {
    for format in ["human", "json", "mozlog"] {
        let mut vars = ENDS.to_vec();
        vars.push(("LOG_FORMAT", format));
        let text = written(true, false, &vars);
        let begins = |line: &str| {
            ["<3>", "<4>", "<6>", "<7>"]
                .iter()
                .any(|priority| line.starts_with(priority))
        };
        assert!(text.lines().all(begins), "{text}");
        for (priority, said) in [("<4>", "APP_LOG_LEVEL meant?"), ("<6>", "listening")] {
            let found = |line: &str| line.starts_with(priority) && line.contains(said);
            assert!(text.lines().any(found), "{priority} {said}: {text}");
        }
        assert!(!written(false, false, &vars).contains("<4>"));
    }
}

#[test]
fn a_problem_on_stderr_has_its_priority_on_each_line() {
    let vars = [("APP_PORT", "x"), ("LOG_LEVEL", "loud")];
    let text = written(true, true, &vars);
    assert!(text.lines().count() > 3, "{text}");
    assert!(text.lines().all(|line| line.starts_with("<3>")), "{text}");
    assert!(!written(false, true, &vars).contains("<3>"));
}
