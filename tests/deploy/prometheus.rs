use std::io::Write;
use std::process::{Command, Stdio};

use crate::process::Process;

/// What `promtool check metrics` says, and whether it is content.
pub(crate) fn check(metrics: &str) -> (bool, String) {
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = promtool.stdin.take().unwrap();
    stdin.write_all(metrics.as_bytes()).unwrap();
    drop(stdin);
    let output = promtool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn prometheus_has_nothing_to_say_about_the_metrics() {
    let process = Process::start(&[]);
    let client = process.client();
    client.get("/hello");
    client.get("/nope");
    let metrics = client.get("/-/metrics").body;
    assert!(metrics.contains("http_request_duration_seconds_bucket"));
    assert_eq!(check(&metrics), (true, String::new()), "{metrics}");
}

/// Or the test above would show nothing.
#[test]
fn a_name_against_the_rules_is_noticed() {
    let (is_content, said) = check("# TYPE requests counter\nrequests 1\n");
    assert!(!is_content);
    assert!(said.contains("counter metrics should have"), "{said}");
}
