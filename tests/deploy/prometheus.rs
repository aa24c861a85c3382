use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

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

/// An alert that was never seen to fire may be wrong.
#[test]
fn each_alert_has_a_test_in_which_it_is_silent_and_fires() {
    let [rules, tests] = ["alerts.yaml", "alerts-test.yaml"].map(shipped_text);
    let alerts: Vec<_> = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    for alert in alerts {
        let name = format!("alertname: {alert}\n");
        let cases = tests.split("- eval_time:");
        let of_alert: Vec<_> = cases.filter(|case| case.contains(&name)).collect();
        let fires = of_alert.iter().filter(|case| case.contains("exp_alerts:"));
        assert_eq!((of_alert.len(), fires.count()), (2, 1), "{alert}");
    }
}

fn shipped_text(file: &str) -> String {
    fs::read_to_string(Path::new(RULES).join(file)).unwrap()
}

/// Returns the expressions of the dashboard, with values for its variables.
fn dashboard() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&shipped_text("dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels
        .iter()
        .flat_map(|it| it["targets"].as_array().unwrap());
    let expressions = targets.map(|target| {
        let expression = target["expr"].as_str().unwrap();
        expression
            .replace("$__rate_interval", "5m")
            .replace("$job", "demo-service")
            .replace("$instance", ".*")
    });
    expressions.collect()
}

#[test]
fn prometheus_can_read_each_expression_of_the_dashboard() {
    let rules: Vec<_> = dashboard()
        .iter()
        .enumerate()
        .map(|(index, expression)| json!({"record": format!("rule:{index}"), "expr": expression}))
        .collect();
    assert!(rules.len() > 20, "{rules:?}");
    let file = tempfile::NamedTempFile::new().unwrap();
    let rules = json!({"groups": [{"name": "dashboard", "rules": rules}]});
    fs::write(file.path(), rules.to_string()).unwrap();
    let output = Command::new("promtool")
        .args(["check", "rules"])
        .arg(file.path())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{said}");
}

/// Returns the names of metrics in a text.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !is_name(c)).filter(|word| {
        let prefixes = ["demo_service_", "http_", "process_", "build_", "config_"];
        prefixes.iter().any(|prefix| word.starts_with(prefix))
    });
    words.collect()
}

/// Metrics that no run of this test has, each with the file that registers it: a lease has metrics
/// with a Vault alone, and spans with the cargo feature alone.
const ELSEWHERE: [(&str, &str); 2] = [
    (
        "demo_service_secret_",
        include_str!("../../demo-service/src/http/routes/metrics/secrets.rs"),
    ),
    (
        "demo_service_otel_",
        include_str!("../../demo-service/src/http/routes/metrics/scrape.rs"),
    ),
];

/// A rule over a metric that was renamed never fires, and a panel stays empty.
#[test]
fn each_metric_of_the_alert_rules_and_of_the_dashboard_exists() {
    let process = Process::start(&[
        ("APP_HEARTBEAT_INTERVAL", "100ms"),
        ("APP_FINGERPRINT_KEY", "0123456789abcdef0123456789abcdef"),
    ]);
    let client = process.client();
    client.get("/hello");
    let metrics = loop {
        let metrics = client.get("/-/metrics").body;
        if metrics.contains("demo_service_check_up") {
            break metrics;
        }
    };
    let expressions = dashboard().join("\n");
    let mut texts = vec![expressions];
    texts.push(shipped_text("alerts.yaml"));
    for text in texts {
        let names = metrics_in(&text);
        assert!(names.len() > 10, "{names:?}");
        for name in names {
            let is_described = metrics.contains(&format!("# TYPE {name} "));
            let is_sampled = metrics.contains(&format!("\n{name}"));
            let mut elsewhere = ELSEWHERE.iter();
            let is_registered = elsewhere.any(|(prefix, source)| {
                let own = name.trim_start_matches("demo_service_");
                let own = own.trim_end_matches("_total");
                name.starts_with(prefix) && source.contains(&format!("\"{own}\""))
            });
            assert!(
                is_described || is_sampled || is_registered,
                "{name}: {metrics}"
            );
        }
    }
}
