//! What Kubernetes would say of the manifests that are shipped, and of the `env:`
//! that the service prints. No cluster is here: probes and grace are held against
//! the service itself.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use demo_service::cli::{Format, variables};
use serde_json::{Value, json};

use crate::app::{App, run, shipped};
use crate::client::Client;
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

/// The manifests, as `kubectl apply --kustomize` would send them.
fn manifests() -> String {
    let dir = shipped("kubernetes");
    let kubectl = component("bin/kubectl");
    run(kubectl, &["kustomize", dir.to_str().unwrap()])
}

/// The manifest of a kind.
fn manifest(kind: &str) -> Value {
    let convert = "import json, sys, yaml; \
        json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)";
    let mut python = Command::new(component("python/bin/python"))
        .args(["-c", convert])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(manifests().as_bytes()).unwrap();
    drop(stdin);
    let output = python.wait_with_output().unwrap().stdout;
    let all: Vec<Value> = serde_json::from_slice(&output).unwrap();
    let found = all.into_iter().find(|manifest| manifest["kind"] == kind);
    found.unwrap_or_else(|| panic!("there is no {kind}"))
}

/// The variables of the `ConfigMap`.
fn config() -> Vec<(String, String)> {
    let data = manifest("ConfigMap")["data"].clone();
    let vars = data.as_object().unwrap().iter();
    vars.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn the_manifests_are_valid() {
    let (valid, said) = validate(&manifests());
    assert!(valid, "{said}");
    assert_eq!(said.matches(" passed ").count(), 3, "{said}");
}

/// The specification of the pods.
fn pods() -> Value {
    manifest("Deployment")["spec"]["template"]["spec"].clone()
}

#[test]
fn the_secret_is_a_file_where_the_service_looks_for_it() {
    let pods = pods();
    let (volume, container) = (&pods["volumes"][0], &pods["containers"][0]);
    assert_eq!(volume["secret"]["secretName"], "demo-service");
    assert_eq!(volume["secret"]["defaultMode"], 0o440);
    assert_eq!(pods["securityContext"]["fsGroup"], 10001);
    let path = "/run/secrets";
    let mount = json!({"name": volume["name"], "mountPath": path, "readOnly": true});
    assert_eq!(container["volumeMounts"], json!([mount]));
    assert_eq!(container["env"], Value::Null);
    let default = format!("# - name: APP_SECRETS_DIR_PATH\n  #   value: \"{path}\"\n");
    assert!(variables(Format::Kubernetes).contains(&default));
}

/// It is started with the variables of the `ConfigMap`, and asked what the probes ask.
#[test]
fn the_probes_and_the_time_to_stop_are_right_for_the_service() {
    let spec = pods();
    let container = &spec["containers"][0];
    let port = manifest("Service")["spec"]["ports"][0]["targetPort"].clone();
    assert_eq!(port, container["ports"][0]["name"]);
    assert_eq!(container["ports"][0]["containerPort"], 8000);

    let app = App::install();
    let config = config();
    let printed = variables(Format::Kubernetes);
    for (name, _) in &config {
        assert!(printed.contains(&format!("name: {name}\n")), "{name}");
    }
    let mut vars: Vec<_> = config
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let host = app.address.ip().to_string();
    vars.retain(|(name, _)| !["APP_HOST", "APP_DRAIN_DELAY"].contains(name));
    vars.extend([("APP_HOST", &*host), ("APP_DB_URL", "sqlite::memory:")]);
    let started = app.start(app.path("run-app.sh"), &[], &vars);
    started.process().text("\"message\":\"ready\"");
    let client = Client::new(app.address);
    for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
        let get = &container[probe]["httpGet"];
        assert_eq!(get["port"], port);
        assert_eq!(client.get(get["path"].as_str().unwrap()).status, 200);
    }
    app.stop_by_sigterm(started);

    let seconds = |name: &str| {
        let (_, value) = config.iter().find(|(this, _)| this == name).unwrap();
        value.strip_suffix('s').unwrap().parse::<u64>().unwrap()
    };
    let drain = seconds("APP_DRAIN_DELAY") + seconds("APP_DRAIN_TIMEOUT");
    let grace = spec["terminationGracePeriodSeconds"].as_u64().unwrap();
    assert!(grace >= drain + 5, "{grace} s for a drain of {drain} s");
}
