//! The container of Quadlet that is shipped, as Podman's generator makes a unit of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::app::shipped;
use crate::component::component;

/// Runs the generator on the units of a directory. Returns the directory with the units that it
/// made, and its messages.
fn generate(units: &Path) -> (TempDir, String) {
    let made = tempfile::tempdir().unwrap();
    let output = Command::new(component("bin/quadlet"))
        .args(["-no-kmsg-log", "-v"])
        .arg(made.path())
        .env("QUADLET_UNIT_DIRS", units)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (made, said)
}

/// Returns the unit that the generator makes of the container that is shipped.
fn unit() -> (TempDir, String) {
    let (made, said) = generate(&shipped("quadlet"));
    let unit = fs::read_to_string(made.path().join("demo-service.service"));
    (made, unit.unwrap_or_else(|err| panic!("{err}: {said}")))
}

#[test]
fn the_generator_makes_a_unit_that_systemd_accepts() {
    let (made, unit) = unit();
    assert!(unit.lines().any(|line| line == "Type=notify"), "{unit}");
    let verified = Command::new("systemd-analyze")
        .args(["verify", "demo-service.service"])
        .current_dir(made.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    // Units of this host may have faults of their own.
    let ours: Vec<_> = said
        .lines()
        .filter(|line| line.contains("demo-service"))
        .collect();
    assert!(ours.is_empty(), "{said}");
}

/// The options of the image's test, a secret for the user of the image, and the time to stop.
#[test]
fn podman_gets_the_secret_the_time_to_stop_and_no_rights() {
    let (_made, unit) = unit();
    let command = unit.lines().find(|line| line.starts_with("ExecStart="));
    let command = command.unwrap();
    for option in [
        "--secret db_url,uid=10001,gid=10001,mode=0400",
        "--stop-timeout 45",
        "--env APP_STOP_TIMEOUT=45s",
        "--env APP_SECRETS=dir",
        "--sdnotify=container",
        "--read-only ",
        "--read-only-tmpfs=false",
        "--cap-drop all",
        "--security-opt=no-new-privileges",
        "--health-on-failure kill",
        "--health-cmd",
        "--publish 8000:8000",
    ] {
        assert!(command.contains(option), "{option}: {command}");
    }
    let timeout = unit
        .lines()
        .find(|line| line.starts_with("TimeoutStopSec="));
    assert_eq!(timeout, Some("TimeoutStopSec=60s"), "longer than Podman's");
}

/// Or a unit that was made would show nothing.
#[test]
fn a_misspelt_key_makes_no_unit() {
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(shipped("quadlet/demo-service.container")).unwrap();
    let wrong = text.replace("StopTimeout=", "StopTimeuot=");
    assert_ne!(wrong, text);
    fs::write(dir.path().join("demo-service.container"), wrong).unwrap();
    let (made, said) = generate(dir.path());
    assert!(!made.path().join("demo-service.service").exists());
    assert!(said.contains("unsupported key 'StopTimeuot'"), "{said}");
}
