use std::fs;
use std::process::Command;

use demo_service::cli::{Format, variables};

use crate::component;

/// A Deployment around the `env:` that the service prints.
fn deployment() -> String {
    let env = variables(Format::Kubernetes).replace('\n', "\n          ");
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: demo-service
spec:
  selector:
    matchLabels:
      app: demo-service
  template:
    metadata:
      labels:
        app: demo-service
    spec:
      enableServiceLinks: false
      containers:
        - name: demo-service
          image: demo-service
          {env}
"
    )
}

fn validate(manifest: &str) -> (bool, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deployment.yaml");
    fs::write(&path, manifest).unwrap();
    let output = Command::new(component("python/bin/kubernetes-validate"))
        .arg("--strict")
        .arg(&path)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn the_printed_env_is_that_of_a_container() {
    let (valid, said) = validate(&deployment());
    assert!(valid, "{said}\n{}", deployment());
}

/// Or the test above would show nothing.
#[test]
fn a_misspelt_env_is_noticed() {
    let (valid, said) = validate(&deployment().replace("    value:", "    vlaue:"));
    assert!(!valid, "{said}");
}
