//! What is shipped for Docker, on a real engine: updates of Compose and Swarm under load, and
//! secrets.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

#[path = "../booted.rs"]
#[expect(dead_code, reason = "the suite `deploy` uses all of it")]
mod booted;
#[path = "../service/client.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod client;
#[path = "../component.rs"]
mod component;
mod compose;
mod engine;
mod images;
#[path = "../deploy/load.rs"]
mod load;
#[path = "../service/process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod process;
mod stack;

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::client::Client;
use crate::engine::{Engine, processes_of};
use crate::load::{Connections, Load};
use crate::stack::{PUBLIC, REPLICAS, Stack};

/// How many clients ask at the same time, of each kind. More would slow down the engine, which
/// has the same processors.
const CLIENTS: usize = 3;

/// The requests of an update, of each kind of client.
const REQUESTS: u64 = 1_000;

/// A single test, because the engine and the stack are started once.
#[test]
fn updates_lose_no_request_and_the_engine_leaves_no_trace() {
    let before = Traces::of_host();
    let engine = Engine::start();
    let name = engine.name.clone();
    let work = engine.path("");
    thread::scope(|scope| {
        let updates = scope.spawn(|| {
            engine.enter_network();
            images::import_all(&engine);
            compose::updates_lose_no_request(&engine);
            update(&mut Stack::deploy(&engine));
        });
        if let Err(panic) = updates.join() {
            std::panic::resume_unwind(panic);
        }
    });
    drop(engine);
    assert_eq!(processes_of(&name).next(), None);
    assert!(!work.exists());
    assert_eq!(Traces::of_host().beyond(&before), Traces::default());
}

fn update(stack: &mut Stack<'_>) {
    let client = Client::new(SocketAddr::from(PUBLIC));
    for path in ["/-/metrics", "/%2D/metrics", "/healthz", "/__version__"] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }

    stack.edit("image: demo-service:1\n", "image: demo-service:2\n");
    assert_eq!(replaced(stack), "completed");

    assert_eq!(secrets(stack), ["sqlite::memory:"; REPLICAS]);
    stack.create_secret("db_url_2", "sqlite::memory:\n");
    stack.edit("${DB_URL_SECRET:-db_url_1}", "db_url_2");
    assert_eq!(replaced(stack), "completed");
    assert_eq!(secrets(stack), ["sqlite::memory:\n"; REPLICAS]);

    let orders = ["start-first", "stop-first"];
    let orders = orders.map(|order| format!("update_config:\n        order: {order}\n        par"));
    stack.edit(&orders[0], &orders[1]);
    stack.edit("image: demo-service:2\n", "image: demo-service:1\n");
    assert_eq!(replaced(stack), "completed");
    for report in stack.drains() {
        assert_eq!(report["delay_ended"], "elapsed", "{report}");
        assert_eq!(report["cut"], 0, "{report}");
    }
    assert_eq!(stack.drains().len(), 3 * REPLICAS);

    stack.edit(&orders[1], &orders[0]);
    stack.edit(
        "APP_SECRETS: dir\n",
        "APP_SECRETS: dir\n      APP_LOG_FORMAT: jsno\n",
    );
    let tasks = stack.engine.services();
    assert_eq!(under_load(stack), "rollback_completed");
    assert_eq!(stack.engine.services(), tasks, "the tasks that serve stay");
}

/// Updates under load. Returns the state of the update, after which all tasks are others.
fn replaced(stack: &Stack<'_>) -> String {
    let before: BTreeSet<PathBuf> = stack.engine.services().into_iter().collect();
    let state = under_load(stack);
    let after: BTreeSet<PathBuf> = stack.engine.services().into_iter().collect();
    assert_eq!(after.len(), REPLICAS);
    assert!(before.is_disjoint(&after), "{before:?} {after:?}");
    state
}

/// Updates under load, of which nothing is lost, until old tasks have drained.
fn under_load(stack: &Stack<'_>) -> String {
    let load = start_load();
    for load in &load {
        load.go_on(REQUESTS / 4);
    }
    let state = stack.update();
    stack.wait_for_drains();
    for load in load {
        load.go_on(REQUESTS - REQUESTS / 4);
        load.end().assert_none_lost(REQUESTS);
    }
    state
}

/// Starts a load for HAProxy by each kind of client.
fn start_load() -> [Load; 2] {
    let public = SocketAddr::from(PUBLIC);
    [Connections::New, Connections::Kept].map(|how| Load::start(public, CLIENTS, how))
}

/// Returns a file that is shipped with another text in a place.
fn edited(file: &str, from: &str, to: &str) -> String {
    assert!(file.contains(from), "{from} is not in {file}");
    file.replace(from, to)
}

/// Returns the secret as each task has it, readable for its user alone.
fn secrets(stack: &Stack<'_>) -> Vec<String> {
    use std::os::unix::fs::MetadataExt as _;
    let files = stack.engine.services().into_iter();
    let files = files.map(|proc| proc.join("root/run/secrets/db_url"));
    files
        .map(|file| {
            let meta = fs::metadata(&file).unwrap();
            assert_eq!((meta.uid(), meta.gid()), (10001, 10001));
            assert_eq!(meta.mode() & 0o777, 0o400);
            fs::read_to_string(&file).unwrap()
        })
        .collect()
}

/// Lines about Docker on the host: links, rules, mounts, groups and folders.
#[derive(Debug, Default, PartialEq)]
struct Traces(BTreeSet<String>);

impl Traces {
    fn of_host() -> Self {
        let mut lines = BTreeSet::new();
        for command in [&["ip", "-brief", "link"][..], &["iptables-save"]] {
            let output = Command::new(command[0]).args(&command[1..]).output();
            let said = String::from_utf8_lossy(&output.unwrap().stdout).into_owned();
            let named = said.lines().filter(|line| {
                let line = line.to_lowercase();
                ["docker", "veth", "vx-", "br-"]
                    .iter()
                    .any(|word| line.contains(word))
            });
            lines.extend(named.map(str::to_owned));
        }
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
        let mounts = mounts.lines().filter(|line| line.contains("docker"));
        lines.extend(mounts.map(str::to_owned));
        let groups = fs::read_dir("/sys/fs/cgroup").unwrap().flatten();
        let groups = groups.flat_map(|group| fs::read_dir(group.path()).into_iter().flatten());
        let groups = groups.flatten().map(|group| group.path());
        let folders = [
            "/run/docker",
            "/run/docker.sock",
            "/run/containerd",
            "/var/lib/docker",
        ];
        let folders = folders.into_iter().map(PathBuf::from);
        let folders = folders.filter(|folder| Path::new(folder).exists());
        let swarm = groups.filter(|group| group.to_string_lossy().contains("/swarm-"));
        lines.extend(swarm.chain(folders).map(|path| path.display().to_string()));
        Self(lines)
    }

    fn beyond(&self, before: &Self) -> Self {
        Self(self.0.difference(&before.0).cloned().collect())
    }
}
