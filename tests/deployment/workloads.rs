//! Which containers are judged, and with which variables.

use crate::program::Files;

/// A container in each kind that has pods.
fn kinds() -> Vec<(&'static str, String)> {
    let spec = "{enableServiceLinks: false, terminationGracePeriodSeconds: 45, containers: [{name: demo-service, env: [{name: APP_PROT, value: x}]}]}";
    let template = format!("{{template: {{spec: {spec}}}}}");
    let mut kinds: Vec<(&str, String)> = [
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "Rollout",
    ]
    .map(|kind| (kind, format!("spec: {template}")))
    .to_vec();
    kinds.push(("Pod", format!("spec: {spec}")));
    kinds.push((
        "CronJob",
        format!("spec: {{jobTemplate: {{spec: {template}}}}}"),
    ));
    kinds.push(("PodTemplate", format!("template: {{spec: {spec}}}")));
    kinds
}

#[test]
fn every_kind_with_a_pod_is_read() {
    for (kind, spec) in kinds() {
        let text = format!("apiVersion: x/v1\nkind: {kind}\n{spec}\n");
        let list = format!(
            "apiVersion: v1\nkind: List\nitems: [{{apiVersion: v1, kind: {kind}, {spec}}}]"
        );
        for text in [text, list] {
            let files = Files::new(&[("a.yaml", &text)]);
            let found = files.findings(&["a.yaml"]);
            assert_eq!(found.len(), 1, "{kind}: {found:?}");
            assert_eq!(found[0].name, "APP_PROT", "{kind}");
        }
    }
}

fn pod(containers: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nspec:\n  enableServiceLinks: false\n  terminationGracePeriodSeconds: 45\n{containers}"
    )
}

fn names(text: &str, arguments: &[&str]) -> Vec<String> {
    let files = Files::new(&[("a.yaml", text)]);
    let mut all = arguments.to_vec();
    all.push("a.yaml");
    files
        .findings(&all)
        .into_iter()
        .map(|finding| finding.name)
        .collect()
}

#[test]
fn containers_of_this_program_are_judged_and_others_are_not() {
    let text = pod(
        "  initContainers:\n    - {name: migrate, image: 'r:5/x/demo-service@sha256:0', env: [{name: APP_A, value: x}]}\n  containers:\n    - {name: web, image: 'demo-service:1', env: [{name: APP_B, value: x}]}\n    - {name: sidecar, image: envoy, env: [{name: APP_C, value: x}]}\n",
    );
    assert_eq!(names(&text, &[]), ["APP_A", "APP_B"]);
    assert_eq!(names(&text, &["--container", "sidecar"]), ["APP_C"]);
    let renamed = text.replace("demo-service", "shop");
    assert_eq!(names(&renamed, &[]), ["APP_A", "APP_B", "APP_C"]);
}

#[test]
fn a_text_that_is_elsewhere_counts_as_set() {
    let env = |entry: &str| {
        pod(&format!(
            "  containers:\n    - name: demo-service\n      env:\n        - {{name: APP_SECRETS, value: vault}}\n        - {{name: APP_SECRETS_VAULT_AUTH, value: token}}\n        - {{name: APP_SECRETS_VAULT_AUTH_TOKEN_FILE, value: /t}}\n{entry}"
        ))
    };
    let missing = ["APP_SECRETS_VAULT_ADDR"];
    assert_eq!(names(&env(""), &[]), missing);
    for from in [
        "secretKeyRef: {name: x, key: y}",
        "configMapKeyRef: {name: x, key: y, optional: true}",
        "fieldRef: {fieldPath: status.hostIP}",
    ] {
        let entry = format!("        - {{name: APP_SECRETS_VAULT_ADDR, valueFrom: {{{from}}}}}\n");
        assert_eq!(names(&env(&entry), &[]), [""; 0], "{from}");
    }
    for from in ["configMapRef: {name: x}", "secretRef: {name: x}"] {
        let entry = format!("      envFrom: [{{{from}}}]\n");
        assert_eq!(names(&env(&entry), &[]), [""; 0], "{from}");
    }
    let unknown = "        - {name: APP_SECRETS_VAULT_ADDR, value: $(A)}\n";
    let known = "        - {name: A, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}\n";
    assert_eq!(names(&env(&format!("{known}{unknown}")), &[]), [""; 0]);
}

#[test]
fn variables_come_in_the_order_of_kubernetes() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {PORT: '1', LOG_FORMAT: jsno}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {LOG_FORMAT: json, WORKERS: x}\n---\n".to_owned()
        + &pod("  containers:\n    - name: demo-service\n      envFrom: [{prefix: APP_, configMapRef: {name: a}}, {prefix: APP_, configMapRef: {name: b}}]\n      env: [{name: APP_WORKERS, value: '4'}, {name: APP_DB_MAX_CONNECTIONS, value: '$(APP_WORKERS)$(APP_PORT)'}, {name: APP_DB_QUERY_TIMEOUT, value: '$(APP_WORKERS)s'}]\n");
    assert_eq!(names(&text, &[]), [""; 0]);
}

#[test]
fn a_service_of_the_namespace_sets_variables_unless_links_are_off() {
    let service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: app}\nspec: {ports: [{port: 80}]}\n---\n";
    let text = service.to_owned() + &pod("  containers: [{name: demo-service}]\n");
    assert_eq!(names(&text, &[]), [""; 0]);
    let on = text.replace("enableServiceLinks: false", "enableServiceLinks: true");
    assert_eq!(names(&on, &[]), ["APP_PORT", "enableServiceLinks"]);
    let headless = on.replace("{ports:", "{clusterIP: None, ports:");
    assert_eq!(names(&headless, &[]), ["enableServiceLinks"]);
}

#[test]
fn a_config_map_is_judged_without_a_container() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  APP_PORT: x\n  APP_SECRETS: vault\n  APP_LOG_FROMAT: json\n";
    assert_eq!(names(text, &[]), ["APP_PORT", "APP_LOG_FROMAT"]);
}

#[test]
fn compose_services_extend_each_other_and_read_files() {
    let text = "services:\n  base:\n    image: demo-service\n    stop_grace_period: 1m\n    env_file: [a.env, {path: none.env, required: false}]\n  app:\n    extends: base\n    stop_grace_period: 1m\n    environment:\n      APP_LOG_FORMAT: json\n";
    let files = Files::new(&[
        ("compose.yaml", text),
        ("a.env", "APP_LOG_FORMAT=jsno\nAPP_PORT=$PORT\n"),
        (".env", "PORT=x\n"),
    ]);
    let found = files.findings(&["compose.yaml", "a.env"]);
    let places: Vec<_> = found
        .iter()
        .map(|it| (&*it.file, it.line, &*it.name))
        .collect();
    assert_eq!(
        places,
        [("a.env", 1, "APP_LOG_FORMAT"), ("a.env", 2, "APP_PORT")],
        "{found:#?}"
    );
}

#[test]
fn the_last_drop_in_wins_and_an_empty_line_resets() {
    let unit = "[Service]\nEnvironment=APP_PORT=x\n";
    let reset = "[Service]\nEnvironment=\nEnvironment=APP_LOG_FORMAT=jsno\n";
    let files = Files::new(&[
        ("a.service", unit),
        ("a.service.d/10-a.conf", reset),
        (
            "a.service.d/20-b.conf",
            "[Service]\nEnvironment=APP_LOG_FORMAT=json\nUnsetEnvironment=APP_HOST\nPassEnvironment=APP_WORKERS\n",
        ),
    ]);
    assert_eq!(files.findings(&["a.service"]), []);
    assert_eq!(files.findings(&["a.service.d/10-a.conf"]), []);
    files.write("a.service.d/20-b.conf", b"");
    assert_eq!(
        files.findings(&["a.service"])[0].file,
        "a.service.d/10-a.conf"
    );
}
