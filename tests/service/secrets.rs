use std::fs;

use rustix::process::Signal;

use crate::process::Process;

/// Goes in as a secret; must come out nowhere.
const CANARY: &str = "hunter2-canary";

#[test]
fn a_secret_is_in_no_output() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("db_url"),
        format!("sqlite:{}/{CANARY}?mode=rwc\n", dir.path().display()),
    )
    .unwrap();
    let vars = [
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", dir.path().to_str().unwrap()),
        ("APP_DRAIN_DELAY", "0s"),
        ("APP_CHAOS", "yes"),
        ("LOG_LEVEL", "trace,sqlx=trace"),
    ];
    let mut outputs = Vec::new();

    let process = Process::start(&vars);
    let client = process.client();
    for path in [
        "/hello",
        "/visits",
        "/__heartbeat__",
        "/-/ready",
        "/-/healthy",
        "/__version__",
        "/-/chaos/delay/1",
        "/nope",
    ] {
        outputs.push(format!("{:?}", client.get(path)));
    }
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    outputs.extend([ended.stdout, ended.stderr]);

    for option in ["--check", "--help", "--version"] {
        let ended = Process::run(&[option], &vars);
        assert_eq!(ended.code, Some(0));
        outputs.extend([ended.stdout, ended.stderr]);
    }
    for output in outputs {
        assert!(!output.contains(CANARY), "{output}");
    }
}

#[test]
fn a_secret_that_cannot_be_read_is_78_and_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    let process = Process::start(&[("APP_SECRETS", "dir"), ("APP_SECRETS_DIR_PATH", path)]);
    let ended = process.wait();
    assert_eq!(ended.code, Some(78));
    let message = format!(
        "cannot fetch the secrets: cannot read the secret {path}/db_url (see APP_SECRETS_DIR_PATH): \
         No such file or directory (os error 2)"
    );
    assert!(ended.stdout.contains(&message), "{}", ended.stdout);
}
