//! The chain of the SDK, which reads variables of the process. Each case runs in a
//! process of its own, because no test can change its environment.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use environ::secrets::aws::AwsSecrets;
use environ::{EnvConfig, Process, Source};
use tempfile::tempdir;

use crate::hostile_server::{Answer, Hostile, Request, assert_harmless};
use crate::{Config, NONE};

const CHILD: &str = "TEST_IS_A_CHILD";

/// Waiting for the writer of a FIFO and reading all of `/dev/zero` have no end.
#[test]
fn files_that_are_not_regular_or_too_large_are_rejected_at_once() {
    if Process.get(CHILD).is_some() {
        return print_failure();
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
                "cannot create a client of AWS: cannot use {} ({variable}): {reason}; \
                 check the file, and who may read it\nkind: file, failures: 0\n",
                path.display()
            );
            let shown = failure_in_a_process(
                "files_that_are_not_regular_or_too_large_are_rejected_at_once",
                &[(variable, path.to_str().unwrap())],
            );
            assert!(
                shown.contains(&expected),
                "{variable}={}: {shown}",
                path.display()
            );
        }
    }
}

/// The role of a container comes from another server.
#[test]
fn an_answer_without_end_to_the_chain_is_cut_off_at_4_mib() {
    if Process.get(CHILD).is_some() {
        return print_failure();
    }
    let server = Hostile::start(|_: &Request, mut answer: Answer| {
        answer.send(b"HTTP/1.1 200 x\r\n\r\n");
        answer.send_without_end(" ".repeat(0x8000).as_bytes());
    });
    let shown = failure_in_a_process(
        "an_answer_without_end_to_the_chain_is_cut_off_at_4_mib",
        &[
            ("AWS_REGION", "eu-central-1"),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url()),
        ],
    );
    let expected = format!(
        "cannot read the secret prod/app: {} answers with more than 4 MiB; \
         check that AWS is at the endpoint",
        server.url()
    );
    assert!(shown.contains(&expected), "{shown}");
}

/// Its owner mends it; waiting does not.
#[test]
fn profiles_that_lead_to_each_other_are_a_mistake_of_the_configuration() {
    if Process.get(CHILD).is_some() {
        return print_failure();
    }
    let dir = tempdir().unwrap();
    let file = dir.path().join("config");
    let role = "role_arn = arn:aws:iam::123456789012:role/app";
    let profiles = format!(
        "[profile app]\n{role}\nsource_profile = other\n\
         [profile other]\n{role}\nsource_profile = app\n"
    );
    fs::write(&file, profiles).unwrap();
    let shown = failure_in_a_process(
        "profiles_that_lead_to_each_other_are_a_mistake_of_the_configuration",
        &[
            ("AWS_REGION", "eu-central-1"),
            ("AWS_PROFILE", "app"),
            ("AWS_CONFIG_FILE", file.to_str().unwrap()),
        ],
    );
    assert!(shown.contains("kind: unconfigured, "), "{shown}");
}

#[expect(
    clippy::print_stdout,
    reason = "the parent reads what its child prints"
)]
fn print_failure() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let client = Config::from_source(NONE).unwrap().aws.client().await;
        let fetched = match client {
            Ok(client) => AwsSecrets::document(&client, "prod/app").await,
            Err(err) => Err(err),
        };
        let err = fetched.unwrap_err();
        println!(
            "{err}\nkind: {}, failures: {}",
            err.kind().name(),
            err.failures().count()
        );
    });
}

/// Runs one of these tests in a process with more variables, and returns all that it
/// prints.
fn failure_in_a_process(test: &str, variables: &[(&str, &str)]) -> String {
    let this = std::env::current_exe().unwrap();
    let mut child = Command::new(this)
        .args([&format!("chain::{test}"), "--exact", "--nocapture"])
        .env(CHILD, "yes")
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(15);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(10));
    }
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// The servers of the chain get tokens of their own.
#[test]
fn a_refusal_of_the_chain_is_one_short_line_without_secrets() {
    if Process.get(CHILD).is_some() {
        return print_failure();
    }
    let dir = tempdir().unwrap();
    let file = dir.path().join("token");
    fs::write(&file, "canary.of-an.identity").unwrap();
    for said in [
        "canary.of-an.identity, canary-of-a-container",
        "canary\u{200b}.of-an.iden\u{1b}tity canary-of\n-a-container",
        "\u{1b}[2J\u{202e}red\r\n2026-11-26 INFO all is well",
    ] {
        let xml = format!(
            "<ErrorResponse><Error><Code>InvalidIdentityToken</Code>\
             <Message>{}</Message></Error></ErrorResponse>",
            said.replace('\u{1b}', "&#27;")
        );
        let sts = Hostile::saying(400, &xml);
        let json = serde_json::json!({"Code": said, "Message": said}).to_string();
        let container = Hostile::saying(400, &json);
        let by_identity = [
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/app"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
            ("AWS_ENDPOINT_URL_STS", sts.url()),
        ];
        let by_container = [
            ("AWS_REGION", "eu-central-1"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "canary-of-a-container"),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.url()),
        ];
        for variables in [&by_identity[..], &by_container[..]] {
            let shown = failure_in_a_process(
                "a_refusal_of_the_chain_is_one_short_line_without_secrets",
                variables,
            );
            let line = shown
                .lines()
                .find(|line| line.contains("cannot read the secret"));
            let line = line.unwrap_or_else(|| panic!("{shown}"));
            assert!(line.contains("there are no usable credentials"), "{line}");
            // The whole of it, or a second line would go unseen.
            assert!(line.ends_with("for a key of your own"), "{shown}");
            assert_harmless(line);
        }
    }
}
