//! A Docker engine of a test's own, in namespaces, so that the host notices nothing of it.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tempfile::TempDir;

use crate::booted::remove_groups;
use crate::component::component;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/swarm/engine.sh");

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_mins(1);

/// A running engine, ended when it is dropped.
pub(crate) struct Engine {
    unshare: Child,
    /// The name of its control groups.
    pub(crate) name: String,
    work: TempDir,
}

impl Engine {
    /// Starts an engine that is the only node of a swarm.
    pub(crate) fn start() -> Self {
        let name = format!("swarm-{}", std::process::id());
        let work = tempfile::tempdir().unwrap();
        let log = File::create(work.path().join("log")).unwrap();
        let unshare = Command::new(SCRIPT)
            .arg(&name)
            .arg(work.path())
            .arg(component("docker"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let engine = Self {
            unshare,
            name,
            work,
        };
        engine.wait("the engine", || engine.try_docker(&["info"]).is_ok());
        engine.docker(&["swarm", "init", "--advertise-addr", "127.0.0.1"]);
        engine
    }

    /// Returns a path of a file of the test.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.work.path().join(name)
    }

    /// Runs a command of Docker that has to succeed. Returns its output.
    pub(crate) fn docker(&self, arguments: &[&str]) -> String {
        let said = self.try_docker(arguments);
        said.unwrap_or_else(|said| panic!("docker {arguments:?}: {said}\n{}", self.log()))
    }

    fn try_docker(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    }

    /// Runs a command of Docker with a text as its standard input.
    pub(crate) fn docker_with(&self, arguments: &[&str], input: &str) {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        assert!(child.wait().unwrap().success(), "docker {arguments:?}");
    }

    /// Returns a command of Docker, which has its configuration in the work of the test.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut docker = Command::new(component("docker/docker"));
        let socket = format!("unix://{}", self.path("docker.sock").display());
        docker
            .args(["--host", &socket])
            .args(arguments)
            .env_clear()
            .env("HOME", self.work.path());
        docker
    }

    /// Moves this thread, and the threads that it starts, into the network of the engine.
    pub(crate) fn enter_network(&self) {
        let dockerd = self.dockerd();
        let network = File::open(format!("/proc/{dockerd}/ns/net")).unwrap();
        let kind = Some(LinkNameSpaceType::Network);
        move_into_link_name_space(network.as_fd(), kind).unwrap();
    }

    /// Returns the id of dockerd, which is process 1 inside.
    fn dockerd(&self) -> String {
        let pid = self.unshare.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let children = children.unwrap();
        children.split_whitespace().next().unwrap().to_owned()
    }

    /// Returns the folders of `/proc` of the containers of the service: also of old ones, until
    /// these have drained. A health check is another process of the same program.
    pub(crate) fn services(&self) -> Vec<PathBuf> {
        let is_service = |proc: &PathBuf| {
            let exe = fs::read_link(proc.join("exe"));
            let status = fs::read_to_string(proc.join("status")).unwrap_or_default();
            let ids = status.lines().find(|line| line.starts_with("NSpid:"));
            exe.is_ok_and(|exe| exe.ends_with("app/demo-service"))
                && ids.is_some_and(|ids| ids.ends_with("\t1"))
        };
        let mut found: Vec<PathBuf> = processes_of(&self.name).filter(is_service).collect();
        found.sort();
        found
    }

    /// Waits until something holds, and fails if that takes too long.
    pub(crate) fn wait(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let start = Instant::now();
        while !holds() {
            let is_late = start.elapsed() > DEADLINE;
            assert!(!is_late, "not in time: {what}\n{}", self.log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap()
    }
}

/// Returns the folders of `/proc` of the processes in the control groups of this name.
pub(crate) fn processes_of(name: &str) -> impl Iterator<Item = PathBuf> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.map(|entry| entry.path()).filter(move |proc| {
        let groups = fs::read_to_string(proc.join("cgroup"));
        groups.is_ok_and(|groups| groups.contains(name))
    })
}

impl Drop for Engine {
    /// Its processes, mounts and links end with its namespaces.
    fn drop(&mut self) {
        let _ = self.unshare.kill();
        let _ = self.unshare.wait();
        let start = Instant::now();
        while processes_of(&self.name).next().is_some() && start.elapsed() < DEADLINE {
            thread::sleep(Duration::from_millis(10));
        }
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
