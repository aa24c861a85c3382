//! A systemd that is booted in namespaces of its own.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::component::component;

const BOOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/systemd/boot.sh");

/// How long the kernel may take to end the control groups.
const DEADLINE: Duration = Duration::from_mins(2);

/// A booted systemd, ended when it is dropped.
pub(crate) struct Booted {
    boot: Child,
    name: String,
    work: TempDir,
}

impl Booted {
    /// Boots a Debian with the files of the folder `layer` in `work`. `name` is the name of
    /// its control groups.
    pub(crate) fn boot(name: String, work: TempDir) -> Self {
        fs::create_dir(work.path().join("mnt")).unwrap();
        let boot = Command::new(BOOT)
            .arg(&name)
            .arg(work.path())
            .arg(component("systemd"))
            .stdin(Stdio::null())
            .stdout(fs::File::create(work.path().join("log")).unwrap())
            .stderr(fs::File::create(work.path().join("messages")).unwrap())
            .spawn()
            .unwrap();
        Self { boot, name, work }
    }

    /// Returns the id of the process that is process 1 inside, once that is systemd.
    pub(crate) fn init(&mut self) -> Option<String> {
        let status = self.boot.try_wait().unwrap();
        assert_eq!(status, None, "{}", self.messages());
        let pid = self.boot.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
        let init = children.split_whitespace().next()?.to_owned();
        let command = fs::read_to_string(format!("/proc/{init}/comm")).ok()?;
        (command == "systemd\n").then_some(init)
    }

    pub(crate) fn messages(&self) -> String {
        ["messages", "log"]
            .map(|name| fs::read_to_string(self.work.path().join(name)).unwrap())
            .concat()
    }
}

/// Runs a command beside the process 1 `init`.
pub(crate) fn run_beside(init: &str, command: &[&str]) -> Output {
    Command::new("nsenter")
        .args(["--target", init, "--all"])
        .args(command)
        .output()
        .unwrap()
}

impl Drop for Booted {
    /// Nothing of it stays: `unshare` takes its processes with it.
    fn drop(&mut self) {
        let _ = self.boot.kill();
        let _ = self.boot.wait();
        let groups = fs::read_dir("/sys/fs/cgroup").into_iter().flatten();
        for group in groups.flatten() {
            let group = group.path().join(&self.name);
            let start = Instant::now();
            while group.exists() && start.elapsed() < DEADLINE {
                remove_groups(&group);
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// The kernel lets go of a group once its processes have ended.
pub(crate) fn remove_groups(group: &Path) {
    for inner in fs::read_dir(group).into_iter().flatten().flatten() {
        if inner.path().is_dir() {
            remove_groups(&inner.path());
        }
    }
    let _ = fs::remove_dir(group);
}
