//! An empty folder outside of the repository, with a shell in it.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// The folder of the repository.
pub(crate) fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    root.to_owned()
}

/// A folder in which commands run.
pub(crate) struct Place {
    parent: TempDir,
    folder: PathBuf,
}

impl Place {
    /// Creates an empty folder.
    pub(crate) fn new() -> Self {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().to_owned();
        Self { parent, folder }
    }

    /// Enters a folder, which was created by a command.
    ///
    /// The lock file of the repository makes cargo use the versions that are downloaded.
    pub(crate) fn enter(&mut self, folder: &str) {
        self.folder = self.parent.path().join(folder);
        self.copy_lock();
    }

    fn copy_lock(&self) {
        let lock = self.folder.join("Cargo.lock");
        fs::copy(repository().join("Cargo.lock"), lock).unwrap();
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, command: &str) -> Output {
        self.shell(command).output().unwrap()
    }

    /// Runs a command that must succeed, and returns its output.
    pub(crate) fn succeed(&self, command: &str) -> String {
        let output = self.run(command);
        let said = said(&output);
        assert!(output.status.success(), "{command}\n{said}");
        said
    }

    /// Starts a service, and returns the service with its address, once it listens.
    pub(crate) fn serve(&self, command: &str) -> (Service, String) {
        // Without `exec`, the shell would get the signals of the service.
        let mut shell = self.shell(&format!("export PORT=0 && exec env {command}"));
        let mut child = shell.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let service = Service(child);
        let address = line.trim().strip_prefix("listening on ");
        let address = address.unwrap_or_else(|| panic!("no address: {line}"));
        (service, address.to_owned())
    }

    /// Packages of the registry are downloaded already, because the workspace has them, and
    /// the folder of the workspace has some of them built.
    fn shell(&self, command: &str) -> Command {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .env("RUST_BACKTRACE", "0");
        shell
    }
}

/// Returns both streams of a command.
pub(crate) fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    format!("{out}{err}")
}

/// A service that is killed at the end of its test.
pub(crate) struct Service(pub(crate) Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
