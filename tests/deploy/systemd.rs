//! The units that are shipped, run by a real systemd.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::Output;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::booted::{Booted, run_beside};
use crate::client::Client;
use crate::haproxy::address;
use crate::load::{Connections, Load};
use crate::process::PROGRAM;

const SERVICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-service");

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_mins(1);

/// A machine that runs the shipped units and nothing else, ended when it is
/// dropped.
struct Machine {
    booted: Booted,
    init: String,
    address: SocketAddr,
}

impl Machine {
    /// Boots a machine. The unit of its service has these additional lines.
    fn boot(more: &str) -> Self {
        static NEXT: AtomicU8 = AtomicU8::new(1);
        let count = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("demo-service-{}-{count}", std::process::id());
        let work = tempfile::tempdir().unwrap();
        let address = address();
        layer(&work.path().join("layer"), address, more);
        let mut machine = Self {
            booted: Booted::boot(name, work),
            init: String::new(),
            address,
        };
        machine.wait("boot", Self::is_running);
        machine
    }

    fn is_running(&mut self) -> bool {
        let Some(init) = self.booted.init() else {
            return false;
        };
        self.init = init;
        self.text(&["systemctl", "is-system-running"]) == "running"
    }

    fn wait(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            let late = start.elapsed() > DEADLINE;
            assert!(!late, "{what} takes too long: {}", self.booted.messages());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn run(&self, command: &[&str]) -> Output {
        run_beside(&self.init, command)
    }

    /// Returns the output of a command, for every exit code.
    fn text(&self, command: &[&str]) -> String {
        let Output { stdout, .. } = self.run(command);
        String::from_utf8_lossy(&stdout).trim_end().to_owned()
    }

    /// Runs a command that has nothing to say.
    fn quietly(&self, command: &[&str]) {
        let output = self.run(command);
        let said = [&output.stdout[..], &output.stderr[..]].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success(), "{said}\n{}", self.journal());
        assert_eq!(said, "");
    }

    fn show(&self, property: &str) -> String {
        let property = format!("--property={property}");
        self.text(&["systemctl", "show", "--value", &property, "demo-service"])
    }

    fn journal(&self) -> String {
        self.text(&["journalctl", "--unit=demo-service", "--output=cat"])
    }
}

/// Puts the service and its units where they are installed.
fn layer(root: &Path, address: SocketAddr, more: &str) {
    let dir = |path: &str| {
        let path = root.join(path);
        let mut dirs = fs::DirBuilder::new();
        dirs.recursive(true).mode(0o755).create(&path).unwrap();
        path
    };
    let app = dir("app");
    fs::copy(PROGRAM, app.join("demo-service")).unwrap();
    fs::copy(
        Path::new(SERVICE).join("run-app.sh"),
        app.join("run-app.sh"),
    )
    .unwrap();
    let units = dir("etc/systemd/system");
    for unit in ["demo-service.service", "demo-service.socket"] {
        let shipped = Path::new(SERVICE).join("deploy/systemd").join(unit);
        fs::copy(shipped, units.join(unit)).unwrap();
        dir(&format!("etc/systemd/system/{unit}.d"));
    }
    let listen = format!("[Socket]\nListenStream=\nListenStream={address}\n");
    fs::write(units.join("demo-service.socket.d/test.conf"), listen).unwrap();
    let more = format!("[Service]\n{more}\n");
    fs::write(units.join("demo-service.service.d/test.conf"), more).unwrap();
    let secret = dir("etc/demo-service").join("db_url");
    fs::write(&secret, "sqlite::memory:\n").unwrap();
    fs::set_permissions(&secret, PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn the_units_are_right_and_give_the_service_no_more_than_it_needs() {
    let machine = Machine::boot("");
    let units = ["demo-service.service", "demo-service.socket"];
    machine.quietly(&["systemd-analyze", "verify", units[0], units[1]]);
    let security = [
        "systemd-analyze",
        "security",
        "--threshold=20",
        "demo-service",
    ];
    let output = machine.run(&security);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    for (property, value) in [
        ("LimitCORE", "0"),
        ("MemoryMax", "2147483648"),
        ("TasksMax", "600"),
    ] {
        assert_eq!(machine.show(property), value, "{property}");
    }
}

#[test]
fn systemd_starts_it_with_its_secret_and_knows_when_it_is_ready_and_when_it_stops() {
    let mut machine = Machine::boot("");
    machine.quietly(&["systemctl", "start", "demo-service"]);
    let status = format!("serving on {}", machine.address);
    assert_eq!(machine.show("StatusText"), status);
    assert_eq!(machine.show("ActiveState"), "active");
    let client = Client::new(machine.address);
    assert_eq!(client.get("/hello").body, "Hello World!");

    machine.quietly(&["systemctl", "stop", "demo-service.socket", "demo-service"]);
    assert_eq!(machine.show("Result"), "success");
    machine.wait("the journal", |machine| {
        machine.journal().contains("drained")
    });
    let journal = machine.journal();
    assert!(
        journal.contains("\"delay_ended\":\"inherited\""),
        "{journal}"
    );
}

/// `systemctl reload` ends once the service has loaded its configuration again.
#[test]
fn a_reload_by_systemd_waits_for_the_new_values() {
    let machine = Machine::boot("Environment=APP_LOG_LEVEL_FILE=/etc/level");
    machine.run(&["sh", "-c", "echo info > /etc/level"]);
    machine.quietly(&["systemctl", "start", "demo-service"]);
    assert_eq!(machine.show("Type"), "notify-reload");
    let client = Client::new(machine.address);
    let configured = || {
        let level: Value = serde_json::from_str(&client.get("/-/log-level").body).unwrap();
        level["configured"].clone()
    };
    assert_eq!(configured(), "info");
    let pid = machine.show("MainPID");
    for (level, outcome) in [
        ("warn", "applied"),
        ("wran", "refused"),
        ("error", "applied"),
    ] {
        let write = format!("echo {level} > /etc/level");
        machine.run(&["sh", "-c", &write]);
        machine.quietly(&["systemctl", "reload", "demo-service"]);
        let expected = if outcome == "applied" { level } else { "warn" };
        assert_eq!(configured(), expected);
        let status = format!("serving; last reload: {outcome}");
        assert_eq!(machine.show("StatusText"), status);
        assert_eq!(machine.show("ActiveState"), "active");
    }
    assert_eq!(machine.show("MainPID"), pid);
}

/// Of `/proc` it sees its own processes alone.
#[test]
fn what_it_measures_and_logs_of_itself_is_not_hidden_by_the_unit() {
    let mut machine = Machine::boot("Environment=LOG_FORMAT=mozlog");
    machine.quietly(&["systemctl", "start", "demo-service"]);
    let metrics = Client::new(machine.address).get("/-/metrics").body;
    let names = metrics.lines().filter(|line| line.starts_with("process_"));
    let mut names: Vec<_> = names.filter_map(|line| line.split(' ').next()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "process_cpu_seconds_total",
            "process_max_fds",
            "process_open_fds",
            "process_resident_memory_bytes",
            "process_start_time_seconds",
            "process_threads",
            "process_virtual_memory_bytes",
        ]
    );
    let hostname = format!(
        "\"Hostname\":\"{}\"",
        machine.text(&["uname", "--nodename"])
    );
    machine.wait("the journal", |machine| {
        machine.journal().contains("\"ready\"")
    });
    let journal = machine.journal();
    assert!(journal.contains(&hostname), "{journal}");
}

/// Its user may not read the secret where it lies.
#[test]
fn without_its_secret_it_does_not_start() {
    let machine = Machine::boot("LoadCredential=\nRestart=no");
    let started = machine.run(&["systemctl", "start", "demo-service"]);
    assert!(!started.status.success());
    assert_eq!(
        machine.show("ExecMainStatus"),
        "78",
        "{}",
        machine.journal()
    );
}

#[test]
fn the_watchdog_restarts_a_service_with_a_blocked_worker() {
    let mut machine =
        Machine::boot("WatchdogSec=2s\nRestartSec=100ms\nEnvironment=APP_CHAOS=on APP_WORKERS=2");
    machine.quietly(&["systemctl", "start", "demo-service"]);
    let client = Client::new(machine.address);
    assert_eq!(client.get("/hello").status, 200);
    let pid = machine.show("MainPID");
    assert!(client.try_send("GET", "/-/chaos/block/600000").is_err());
    machine.wait("the restart", |machine| {
        machine.show("NRestarts") == "1" && machine.show("ActiveState") == "active"
    });
    assert_ne!(machine.show("MainPID"), pid);
    assert_eq!(Client::new(machine.address).get("/hello").status, 200);
    let journal = machine.journal();
    assert!(journal.contains("an event loop is stuck"), "{journal}");
    assert!(journal.contains("Watchdog timeout"), "{journal}");
}

#[test]
fn restarts_by_systemd_lose_no_request() {
    let more = "Environment=APP_WORKERS=2 LOG_LEVEL=warn\n[Unit]\nStartLimitIntervalSec=0";
    let machine = Machine::boot(more);
    machine.quietly(&["systemctl", "start", "demo-service"]);
    let load =
        [Connections::New, Connections::Kept].map(|how| Load::start(machine.address, 4, how));
    for _restart in 0..5 {
        for load in &load {
            load.go_on(50);
        }
        machine.quietly(&["systemctl", "restart", "demo-service"]);
    }
    for load in load {
        load.go_on(50);
        load.end().assert_none_lost(300);
    }
    assert_eq!(machine.show("NRestarts"), "0", "none was a failure");
}
