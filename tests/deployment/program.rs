//! The program, run on files in a directory of their own.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_demo-service-under-test");

/// The end of a run.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A finding, as JSON has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) severity: String,
    pub(crate) message: String,
}

/// Files in a directory that is removed at the end.
pub(crate) struct Files {
    pub(crate) dir: TempDir,
}

impl Files {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            write(&dir.path().join(name), text.as_bytes());
        }
        Self { dir }
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        write(&self.dir.path().join(name), bytes);
    }

    /// Runs `config --check` with these arguments, beside the files.
    pub(crate) fn check(&self, arguments: &[&str]) -> Checked {
        check(self.dir.path(), arguments, "")
    }

    /// Returns the findings about files by the specification in a file.
    pub(crate) fn findings_by(&self, spec: &str, files: &[&str]) -> Vec<Finding> {
        let mut arguments = vec!["--spec", spec, "--format", "json"];
        arguments.extend(files);
        findings(&self.check(&arguments))
    }

    /// Returns the findings about files.
    pub(crate) fn findings(&self, files: &[&str]) -> Vec<Finding> {
        let mut arguments = vec!["--format", "json"];
        arguments.extend(files);
        findings(&self.check(&arguments))
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Runs `config --check` with these arguments and this standard input.
pub(crate) fn check(dir: &Path, arguments: &[&str], stdin: &str) -> Checked {
    let mut child = Command::new(PROGRAM)
        .args(["config", "--check"])
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let stdin = stdin.to_owned();
    let writer = std::thread::spawn(move || {
        // A program that reads no standard input closes it.
        let _ = input.write_all(stdin.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Checked {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Returns the output of `config --format` in an empty environment.
pub(crate) fn printed(format: &str) -> String {
    let output = Command::new(PROGRAM)
        .args(["config", "--format", format])
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn findings(checked: &Checked) -> Vec<Finding> {
    let json: Value =
        serde_json::from_str(&checked.stdout).unwrap_or_else(|err| panic!("{err}: {checked:?}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| Finding {
            file: text(&finding["file"]),
            line: finding["line"].as_u64().unwrap(),
            column: finding["column"].as_u64().unwrap(),
            name: text(&finding["name"]),
            code: text(&finding["code"]),
            severity: text(&finding["severity"]),
            message: text(&finding["message"]),
        })
        .collect()
}
