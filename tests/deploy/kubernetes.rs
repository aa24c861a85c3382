//! What Kubernetes would say of the manifests that are shipped, and of the `env:`
//! that the service prints. No cluster is here: probes and grace are held against
//! the service itself.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use demo_service::cli::{Format, variables};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::app::{App, run, shipped};
use crate::client::Client;
use crate::component::component;
use crate::haproxy::address;
use crate::raw::Raw;

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

/// Validates manifests, each against the schema of its kind, and returns the report.
pub(crate) fn validate(manifest: &str) -> (bool, String) {
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
pub(crate) fn manifests() -> String {
    let dir = shipped("kubernetes");
    let kubectl = component("bin/kubectl");
    run(kubectl, &["kustomize", dir.to_str().unwrap()])
}

/// Returns the documents of a YAML text.
pub(crate) fn documents(yaml: &str) -> Vec<Value> {
    let convert = "import json, sys, yaml; \
        json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)";
    let mut python = Command::new(component("python/bin/python"))
        .args(["-c", convert])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(yaml.as_bytes()).unwrap();
    drop(stdin);
    let output = python.wait_with_output().unwrap().stdout;
    serde_json::from_slice(&output).unwrap()
}

/// The manifest of a kind.
fn manifest(kind: &str) -> Value {
    let all = documents(&manifests()).into_iter();
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
    assert_eq!(said.matches(" passed ").count(), 5, "{said}");
}

/// Or the test above would show nothing of the kinds that have no pod.
#[test]
fn a_misspelt_budget_or_policy_is_noticed() {
    for (right, wrong) in [
        (
            "maxUnavailable: 1\n  selector",
            "maxUnavailabel: 1\n  selector",
        ),
        ("namespaceSelector", "nameSpaceSelector"),
    ] {
        let manifests = manifests();
        assert_eq!(manifests.matches(right).count(), 1, "{right}: {manifests}");
        let (valid, said) = validate(&manifests.replace(right, wrong));
        assert!(!valid, "{said}");
    }
}

/// The labels of the pods.
fn labels() -> Value {
    manifest("Deployment")["spec"]["template"]["metadata"]["labels"].clone()
}

/// A budget that lets no pod go would block every drain of a node.
#[test]
fn a_drain_of_a_node_evicts_a_pod_and_leaves_enough() {
    let budget = manifest("PodDisruptionBudget")["spec"].clone();
    assert_eq!(budget["selector"]["matchLabels"], labels());
    let replicas = manifest("Deployment")["spec"]["replicas"].as_u64();
    let gone = budget["maxUnavailable"].as_u64();
    assert!(gone >= Some(1) && gone < replicas, "{budget}");
    let spread = pods()["topologySpreadConstraints"][0].clone();
    assert_eq!(spread["labelSelector"]["matchLabels"], labels());
}

#[test]
fn clients_reach_the_public_port_and_prometheus_alone_the_port_of_operators() {
    let policy = manifest("NetworkPolicy")["spec"].clone();
    assert_eq!(policy["podSelector"]["matchLabels"], labels());
    assert_eq!(policy["policyTypes"], json!(["Ingress", "Egress"]));
    let rules = policy["ingress"].as_array().unwrap();
    let of = |port: &str| {
        let ports = json!([{"port": port}]);
        rules.iter().filter(move |rule| rule["ports"] == ports)
    };
    let from: Vec<_> = of("http").map(|rule| rule["from"].clone()).collect();
    assert_eq!(from, [Value::Null], "everybody");
    let from: Vec<_> = of("admin").map(|rule| rule["from"].clone()).collect();
    let namespace = json!({"kubernetes.io/metadata.name": "monitoring"});
    assert_eq!(
        from,
        [json!([{"namespaceSelector": {"matchLabels": namespace}}])]
    );
    assert_eq!(rules.len(), 2);
    // Names of hosts, and the database.
    let ports = policy["egress"].as_array().unwrap().iter();
    let ports = ports.flat_map(|rule| rule["ports"].as_array().unwrap());
    let ports: Vec<_> = ports.map(|port| port["port"].clone()).collect();
    assert_eq!(ports, [json!(53), json!(53), json!(5432)]);
}

/// The specification of the pods.
fn pods() -> Value {
    manifest("Deployment")["spec"]["template"]["spec"].clone()
}

fn vars(config: &[(String, String)]) -> Vec<(&str, &str)> {
    let vars = config.iter();
    vars.map(|(name, value)| (&**name, &**value)).collect()
}

/// The value of a variable of the `ConfigMap`.
fn value<'c>(config: &'c [(String, String)], name: &str) -> &'c str {
    let (_, value) = config.iter().find(|(this, _)| this == name).unwrap();
    value
}

#[test]
fn every_variable_is_one_of_the_service() {
    let printed = variables(Format::Kubernetes);
    for (name, _) in config() {
        assert!(printed.contains(&format!("name: {name}\n")), "{name}");
    }
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

/// It is started with the variables of the `ConfigMap` and the key of the Secret as
/// a file, and asked what the probes ask, while clients have taken all connections.
#[test]
fn the_probes_are_answered_where_they_ask_whatever_clients_do() {
    let app = App::install();
    let secrets = app.path("secrets");
    let how = fs::read_to_string(shipped("kubernetes/kustomization.yaml")).unwrap();
    let (_, key) = how.split_once("--from-literal=").unwrap();
    fs::create_dir(&secrets).unwrap();
    let (key, _) = key.split_once('=').unwrap();
    let secret = secrets.join(key);
    let url = format!("sqlite:{}?mode=rwc", app.path("visits.db").display());
    fs::write(&secret, url).unwrap();
    // The `defaultMode` of the volume.
    fs::set_permissions(&secret, Permissions::from_mode(0o440)).unwrap();

    let config = config();
    let mut vars = vars(&config);
    let operators = address();
    let admin = operators.to_string();
    let here = [
        ("APP_ADMIN_LISTEN", &*admin),
        ("APP_SECRETS_DIR_PATH", secrets.to_str().unwrap()),
        ("APP_MAX_CONNECTIONS", "2"),
        ("APP_CHAOS", "off"),
    ];
    vars.retain(|(name, _)| !["APP_HOST", "APP_DRAIN_DELAY"].contains(name));
    vars.extend(here);
    let started = app.start(app.path("run-app.sh"), &[], &vars);
    started.process().text("\"message\":\"ready\"");
    let clients = [(); 2].map(|()| {
        let mut client = Raw::connect(app.address);
        assert_eq!(client.request("GET", "/hello").answer().status, 200);
        client
    });

    let container = &pods()["containers"][0];
    let ports = json!([
        {"name": "http", "containerPort": 8000},
        {"name": "admin", "containerPort": 8001},
    ]);
    assert_eq!(container["ports"], ports);
    assert_eq!(
        manifest("Service")["spec"]["ports"][0]["targetPort"],
        "http"
    );
    assert_eq!(value(&config, "APP_ADMIN_LISTEN"), "[::]:8001");
    let client = Client::new(operators);
    for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
        let get = &container[probe]["httpGet"];
        assert_eq!(get["port"], "admin");
        assert_eq!(client.get(get["path"].as_str().unwrap()).status, 200);
    }
    let scraped = &manifest("Deployment")["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(scraped["prometheus.io/port"], "8001");
    let metrics = scraped["prometheus.io/path"].as_str().unwrap();
    assert_eq!(client.get(metrics).status, 200);
    drop(clients);

    started.process().signal(Signal::TERM);
    let ended = started.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.stdout.contains("\"WARN\""), "{}", ended.stdout);
}

#[test]
fn the_time_to_stop_is_enough_and_so_is_the_memory() {
    let (config, pods) = (config(), pods());
    let seconds = |name| {
        let value = value(&config, name).strip_suffix('s').unwrap();
        value.parse::<u64>().unwrap()
    };
    let stop = seconds("APP_STOP_TIMEOUT");
    let grace = pods["terminationGracePeriodSeconds"].as_u64().unwrap();
    assert!(grace >= stop, "{grace} s for a stop of {stop} s");
    assert!(stop >= seconds("APP_DRAIN_DELAY") + 25, "{stop} s");

    let limit = &pods["containers"][0]["resources"]["limits"]["memory"];
    let limit = limit.as_str().and_then(|limit| limit.strip_suffix("Mi"));
    let limit = limit.unwrap().parse::<u64>().unwrap() * 1024;
    let connections = value(&config, "APP_MAX_CONNECTIONS");
    // The measured maximum of each in KiB, as in the manifest.
    let needed = 12 * 1024 + connections.parse::<u64>().unwrap() * 140;
    assert!(limit >= needed, "{limit} KiB, and {needed} may be needed");
}
