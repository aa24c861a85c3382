//! The chart that is shipped, rendered by Helm.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::app::shipped;
use crate::component::component;
use crate::kubernetes::{documents, manifests, validate};
use crate::process::PROGRAM;

/// Renders the chart with these values.
fn template(values: &[&str]) -> Output {
    let mut helm = Command::new(component("bin/helm"));
    helm.args(["template", "demo-service"]).arg(shipped("helm"));
    for value in values {
        helm.args(["--set", value]);
    }
    helm.output().unwrap()
}

fn rendered(values: &[&str]) -> String {
    let output = template(values);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Judges rendered manifests, as a pipeline does before a rollout.
fn check(manifests: &str) -> (Option<i32>, String) {
    let mut check = Command::new(PROGRAM)
        .args(["config", "--check", "--strict", "--deny-warnings", "-"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = check.stdin.take().unwrap();
    stdin.write_all(manifests.as_bytes()).unwrap();
    drop(stdin);
    let output = check.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), said)
}

/// Returns the objects by kind, without that in which the chart and the kustomization may differ:
/// labels of Helm, the way in which a change of the variables rolls the Deployment, and the tag of
/// the image.
fn objects(manifests: &str) -> BTreeMap<String, Value> {
    let objects = documents(manifests).into_iter().map(|mut object| {
        object["metadata"]["labels"] = Value::Null;
        let kind = object["kind"].as_str().unwrap().to_owned();
        match &*kind {
            "ConfigMap" => strip_hash(&mut object["metadata"]["name"]),
            "Deployment" => {
                let pods = &mut object["spec"]["template"];
                let annotations = pods["metadata"]["annotations"].as_object_mut().unwrap();
                annotations.remove("checksum/config");
                let container = &mut pods["spec"]["containers"][0];
                strip_hash(&mut container["envFrom"][0]["configMapRef"]["name"]);
                let image = container["image"].as_str().unwrap();
                container["image"] = json!(image.split(':').next().unwrap());
            }
            _ => {}
        }
        (kind, object)
    });
    objects.collect()
}

/// Removes the hash that kustomize adds to the name of a `ConfigMap`.
fn strip_hash(name: &mut Value) {
    let text = name.as_str().unwrap();
    if let Some(hash) = text.strip_prefix("demo-service-") {
        assert_eq!(hash.len(), 10, "{text}");
        *name = json!("demo-service");
    }
}

#[test]
fn the_chart_and_the_kustomization_make_the_same_objects() {
    let (chart, kustomization) = (objects(&rendered(&[])), objects(&manifests()));
    assert_eq!(chart.len(), 5);
    assert_eq!(chart, kustomization);
}

#[test]
fn the_chart_is_valid_and_has_no_finding() {
    let manifests = rendered(&[]);
    let (valid, said) = validate(&manifests);
    assert!(valid, "{said}");
    assert_eq!(said.matches(" passed ").count(), 5, "{said}");
    assert_eq!(check(&manifests), (Some(0), String::new()));
    let mut lint = Command::new(component("bin/helm"));
    let linted = lint.args(["lint", "--strict"]).arg(shipped("helm"));
    let linted = linted.output().unwrap();
    let said = String::from_utf8_lossy(&linted.stdout);
    assert!(linted.status.success(), "{said}");
}

#[test]
fn a_mistake_in_the_values_is_found_before_the_rollout() {
    let (code, said) = check(&rendered(&["config.APP_LOG_FORMAT=jsno"]));
    assert_eq!(code, Some(78), "{said}");
    assert!(said.contains("APP_LOG_FORMAT: \"jsno\""), "{said}");
    for (value, reason) in [
        ("replicaz=3", "'replicaz' not allowed"),
        ("config.APP_MAX_CONNECTIONS=5", "got number, want string"),
        ("config.APP_STOP_TIMEOUT=1m", "does not match pattern"),
    ] {
        let refused = template(&[value]);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success(), "{value}");
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn a_change_of_a_variable_rolls_the_deployment_and_the_grace_follows() {
    let pods = |values: &[&str]| {
        let all = documents(&rendered(values));
        let found = all.iter().find(|object| object["kind"] == "Deployment");
        found.unwrap()["spec"]["template"].clone()
    };
    let (before, after) = (pods(&[]), pods(&["config.APP_STOP_TIMEOUT=60s"]));
    let checksum = |pods: &Value| pods["metadata"]["annotations"]["checksum/config"].clone();
    assert_ne!(checksum(&before), checksum(&after));
    let grace = |pods: &Value| pods["spec"]["terminationGracePeriodSeconds"].clone();
    assert_eq!([grace(&before), grace(&after)], [45, 60]);
}

#[test]
fn the_chart_installs_the_release_of_the_program() {
    let chart = fs::read_to_string(shipped("helm/Chart.yaml")).unwrap();
    let version = concat!("appVersion: ", env!("CARGO_PKG_VERSION"));
    assert!(chart.lines().any(|line| line == version), "{chart}");
    let image = concat!("image: \"demo-service:", env!("CARGO_PKG_VERSION"), "\"");
    assert!(rendered(&[]).contains(image));
}
