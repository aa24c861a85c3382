//! `environ/template`: a new service by a single command.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::place::{Place, repository, said};

/// Returns the command that creates a service in a folder.
fn create(folder: &str) -> String {
    let script = repository().join("environ/template/new");
    format!("'{}' {folder}", script.display())
}

/// Returns the status of the answer to GET.
fn status(url: &str) -> u16 {
    let agent = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = ureq::Agent::new_with_config(agent.build());
    agent.get(url).call().unwrap().status().as_u16()
}

#[test]
fn a_single_command_creates_a_service_that_starts_stops_and_passes_its_tests() {
    let mut place = Place::new();
    let created = place.succeed(&create("services/starter"));
    assert!(created.contains("cd services/starter && cargo run"));
    place.enter("services/starter");
    let passed = place.succeed("cargo test");
    assert!(passed.contains("3 passed; 0 failed"), "{passed}");
    assert!(!passed.contains("warning"), "{passed}");
    let help = place.succeed("cargo run --quiet -- --help");
    assert!(
        help.contains("\n  APP_DRAIN_DELAY  Time to serve"),
        "{help}"
    );
    let failed = place.run("APP_PORT=80a0 cargo run --quiet");
    assert_eq!(failed.status.code(), Some(78));

    let (service, address) = place.serve("APP_DRAIN_DELAY=1m cargo run --quiet");
    let answer = ureq::get(&address)
        .call()
        .unwrap()
        .into_body()
        .read_to_string();
    assert_eq!(answer.unwrap(), "Hello, world!\n");
    let health = format!("{address}/healthz");
    assert_eq!(status(&health), 200);
    kill_process(Pid::from_child(&service.0), Signal::TERM).unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while status(&health) != 503 {
        assert!(Instant::now() < deadline, "still ready after SIGTERM");
    }
    drop(service);

    let (mut service, address) = place.serve("APP_DRAIN_DELAY=0s cargo run --quiet");
    assert_eq!(status(&format!("{address}/healthz")), 200);
    kill_process(Pid::from_child(&service.0), Signal::TERM).unwrap();
    assert_eq!(service.0.wait().unwrap().code(), Some(0));
    place.succeed("cargo fmt --check && cargo clean --quiet -p starter");
}

#[test]
fn a_name_that_no_package_can_have_is_rejected() {
    let place = Place::new();
    for (folder, reason) in [
        ("Big", "Big is no name of a package and of a Deployment"),
        ("a_b", "a_b is no name of a package and of a Deployment"),
        ("7up", "7up is no name of a package and of a Deployment"),
        ("a-", "a- is no name of a package and of a Deployment"),
        (".", ". is no name of a package and of a Deployment"),
        ("", "usage: "),
        ("a b", "usage: "),
        ("taken", "taken exists; choose a new folder"),
    ] {
        place.succeed("mkdir -p taken");
        let output = place.run(&create(folder));
        let said = said(&output);
        assert_eq!(output.status.code(), Some(64), "{folder}: {said}");
        assert!(said.contains(reason), "{folder}: {said}");
        assert_eq!(place.succeed("ls"), "taken\n");
    }
}
