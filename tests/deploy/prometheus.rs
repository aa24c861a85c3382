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

const RULES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../demo-service/deploy/prometheus"
);

#[test]
fn the_alert_rules_are_valid_and_fire_as_their_tests_say() {
    for arguments in [
        ["check", "rules", "alerts.yaml"],
        ["test", "rules", "alerts-test.yaml"],
    ] {
        let output = Command::new("promtool")
            .args(arguments)
            .current_dir(RULES)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success(), "{arguments:?}: {said}");
        assert!(said.contains("SUCCESS"), "{arguments:?}: {said}");
    }
}

/// A rule over a metric that was renamed never fires. A lease has metrics with a Vault alone.
#[test]
fn each_metric_of_the_alert_rules_exists() {
    let rules = std::fs::read_to_string(std::path::Path::new(RULES).join("alerts.yaml")).unwrap();
    let process = Process::start(&[("APP_HEARTBEAT_INTERVAL", "100ms")]);
    let client = process.client();
    client.get("/hello");
    let metrics = loop {
        let metrics = client.get("/-/metrics").body;
        if metrics.contains("demo_service_check_up") {
            break metrics;
        }
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names: Vec<_> = rules
        .split(|c| !is_name(c))
        .filter(|word| {
            let prefixes = ["demo_service_", "http_", "process_"];
            prefixes.iter().any(|prefix| word.starts_with(prefix))
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let is_described = metrics.contains(&format!("# TYPE {name} "));
        let is_sampled = metrics.contains(&format!("\n{name}"));
        assert!(
            is_described || is_sampled || name.contains("_secret_"),
            "{name}: {metrics}"
        );
    }
}
