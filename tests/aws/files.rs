//! Files that the SDK reads by itself, as variables of the process name them. Each
//! case runs in a process of its own, because no test can change its environment.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use environ::secrets::aws::AwsSecrets;
use environ::{EnvConfig, Process, Source};
use tempfile::tempdir;

use crate::{Config, NONE};

const CHILD: &str = "TEST_OF_AWS_FILES";

/// Waiting for the writer of a FIFO and reading all of `/dev/zero` have no end.
#[test]
fn files_that_are_not_regular_or_too_large_are_rejected_at_once() {
    if Process.get(CHILD).is_some() {
        return println!("{}", failure());
    }
    let dir = tempdir().unwrap();
    let (fifo, large) = (dir.path().join("fifo"), dir.path().join("large"));
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let file = fs::File::create(&large).unwrap();
    file.set_len(16 * 1024 * 1024 + 1).unwrap();
    for variable in [
        "AWS_CONFIG_FILE",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "SSL_CERT_FILE",
    ] {
        for (path, reason) in [
            (&*fifo, "it is not a regular file"),
            (Path::new("/dev/zero"), "it is not a regular file"),
            (&large, "it is larger than 16 MiB"),
        ] {
            let expected = format!(
                "cannot read the secret prod/app: cannot use {} ({variable}): {reason}; \
                 check the file, and who may read it",
                path.display()
            );
            let shown = in_a_process(variable, path);
            assert!(
                shown.contains(&expected),
                "{variable}={}: {shown}",
                path.display()
            );
        }
    }
}

fn failure() -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let client = Config::from_source(&NONE).unwrap().aws.client().await;
        let fetched = AwsSecrets::document(&client, "prod/app").await;
        fetched.unwrap_err().to_string()
    })
}

fn in_a_process(variable: &str, path: &Path) -> String {
    let this = std::env::current_exe().unwrap();
    let test = "files::files_that_are_not_regular_or_too_large_are_rejected_at_once";
    let mut child = Command::new(this)
        .args([test, "--exact", "--nocapture"])
        .env(CHILD, "yes")
        .env(variable, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(10));
    }
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}
