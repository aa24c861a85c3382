//! The service as it is installed, and the program that starts it.

use std::ffi::OsStr;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::client::Client;
use crate::haproxy::address;
use crate::process::{Ended, PROGRAM, Process, SCRIPT, command};
use crate::raw::Raw;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-service/deploy");

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_mins(1);

/// A file that is shipped.
pub(crate) fn shipped(file: &str) -> PathBuf {
    Path::new(SHIPPED).join(file)
}

/// The script beside the program, in a directory of its own that everybody may
/// read, and an address to serve on.
pub(crate) struct App {
    dir: TempDir,
    pub(crate) address: SocketAddr,
}

impl App {
    pub(crate) fn install() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o755)).unwrap();
        fs::copy(PROGRAM, dir.path().join("demo-service")).unwrap();
        fs::copy(SCRIPT, dir.path().join("run-app.sh")).unwrap();
        Self {
            dir,
            address: address(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Copies a file that is shipped, with other directories than it names, and
    /// with this one for `/app`.
    pub(crate) fn copy(&self, file: &str, to: &str, edits: &[(&str, &str)]) -> PathBuf {
        let app = self.path("");
        let app = ("/app/", app.to_str().unwrap());
        let shipped = shipped(file);
        let mut text = fs::read_to_string(&shipped).unwrap();
        for (from, to) in edits.iter().copied().chain([app]) {
            assert!(from == app.0 || text.contains(from), "no {from} in {file}");
            text = text.replace(from, to);
        }
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(&to, text).unwrap();
        fs::set_permissions(&to, shipped.metadata().unwrap().permissions()).unwrap();
        to
    }

    /// The variables of every test. Each way to start the service has to set JSON.
    pub(crate) fn vars(&self) -> Vec<(&'static str, String)> {
        vec![
            ("HOST", self.address.ip().to_string()),
            ("PORT", self.address.port().to_string()),
            ("APP_WORKERS", "1".to_owned()),
            ("APP_CHAOS", "on".to_owned()),
            ("APP_DRAIN_DELAY", "500ms".to_owned()),
            ("HOME", self.path("").to_str().unwrap().to_owned()),
        ]
    }

    /// A command in the directory, with those variables and more.
    pub(crate) fn command(
        &self,
        program: impl AsRef<Path>,
        arguments: &[&str],
        more: &[(&str, &str)],
    ) -> Command {
        let mut command = command(program.as_ref(), arguments, &self.vars());
        command.envs(more.iter().copied()).current_dir(&self.dir);
        command
    }

    pub(crate) fn start(
        &self,
        program: impl AsRef<Path>,
        arguments: &[&str],
        more: &[(&str, &str)],
    ) -> Started {
        Started(Some(Process::of(
            &mut self.command(program, arguments, more),
        )))
    }

    /// Asks for something while it is stopped, and waits for the end: it has to
    /// answer, and to say that it drained.
    pub(crate) fn stop(&self, mut started: Started, stop: impl FnOnce(&Process)) -> Ended {
        started.process().text("\"message\":\"ready\"");
        let client = Client::new(self.address);
        assert_eq!(client.get("/hello").body, "Hello World!");
        assert_eq!(client.get("/-/ready").status, 200);
        let mut in_flight = Raw::connect(self.address);
        in_flight.request("GET", "/-/chaos/delay/1500");
        stop(started.process());
        assert_eq!(in_flight.answer().status, 200);
        let ended = started.0.take().unwrap().wait();
        let drained = ended
            .stdout
            .lines()
            .find(|line| line.contains("\"drained\""));
        let drained = drained.unwrap_or_else(|| panic!("{ended:?}"));
        assert!(drained.contains("\"cut\":0"), "{drained}");
        assert!(drained.contains("\"code\":0"), "{drained}");
        ended
    }

    /// Stops what is replaced by the service, or passes signals on to it, and its
    /// exit code back.
    pub(crate) fn stop_by_sigterm(&self, started: Started) -> Ended {
        let ended = self.stop(started, |process| process.signal(Signal::TERM));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended
    }
}

/// The program that starts the service. Dropping it ends the program and its children.
pub(crate) struct Started(Option<Process>);

impl Started {
    pub(crate) fn process(&self) -> &Process {
        self.0.as_ref().unwrap()
    }

    pub(crate) fn wait(mut self) -> Ended {
        self.0.take().unwrap().wait()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let Some(process) = self.0.take() else { return };
        let others = descendants(process.pid());
        drop(process);
        for other in others {
            kill(other);
        }
    }
}

/// Kills a process that a test has started.
pub(crate) fn kill(pid: u32) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let _ = kill_process(pid.unwrap(), Signal::KILL);
}

/// Returns the children of a process, their children, and so on.
pub(crate) fn descendants(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task"));
    let mut all = Vec::new();
    for task in tasks.into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children"));
        for child in children.unwrap_or_default().split_whitespace() {
            let child = child.parse().unwrap();
            all.push(child);
            all.extend(descendants(child));
        }
    }
    all
}

/// Waits until something holds, and fails if that takes too long.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < DEADLINE, "not in time: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Runs a command to its end.
pub(crate) fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// Runs a command that has to succeed. Returns its output.
pub(crate) fn run(program: impl AsRef<OsStr>, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
