//! Which containers are judged, and with which variables.

use crate::program::{Files, check};

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

#[test]
fn containers_of_quadlet_have_drop_ins_files_and_secrets() {
    let unit = "[Container]\nImage=demo-service\nEnvironmentFile=more.env\nEnvironment=APP_LOG_FORMAT=json\nSecret=url,type=env,target=APP_DB_URL\nStopTimeout=60\n";
    let file = "APP_LOG_FORMAT=jsno\nAPP_WORKERS=four\n";
    let drop_in = "[Container]\nEnvironment=APP_DB_MIGRATE=maybe\n";
    let files = Files::new(&[
        ("a.container", unit),
        ("a.container.d/10-a.conf", drop_in),
        ("more.env", file),
    ]);
    // `Environment=` wins over the file.
    let places = |names: &[&str]| {
        let found = files.findings(names).into_iter();
        let found = found.map(|found| (found.file, found.line, found.name));
        found.collect::<Vec<_>>()
    };
    let of = |file: &str, line, name: &str| (file.to_owned(), line, name.to_owned());
    let expected = [
        of("a.container.d/10-a.conf", 2, "APP_DB_MIGRATE"),
        of("more.env", 2, "APP_WORKERS"),
    ];
    assert_eq!(places(&["a.container"]), expected);
    assert_eq!(places(&["a.container.d/10-a.conf"]), expected);
    assert_eq!(places(&["more.env", "a.container"]), expected);

    let reset = "[Container]\nEnvironmentFile=\nEnvironment=\nEnvironment=APP_DB_URL=x\n";
    files.write("a.container.d/10-a.conf", reset.as_bytes());
    // The secret wins, so that the plain text is without effect.
    assert_eq!(places(&["a.container"]), []);
    // A drop-in replaces the command, and a variable of systemd is unknown.
    let command =
        "[Container]\nImage=demo-service\nExec=env APP_WORKERS=four app\nStopTimeout=60\n";
    files.write("a.container", command.as_bytes());
    files.write("a.container.d/10-a.conf", b"");
    assert_eq!(
        places(&["a.container"]),
        [of("a.container", 3, "APP_WORKERS")]
    );
    for replaced in [
        "Exec=",
        "Exec=env APP_WORKERS=${N} app",
        "Exec=app APP_WORKERS=four",
    ] {
        let drop_in = format!("[Container]\n{replaced}\n");
        files.write("a.container.d/10-a.conf", drop_in.as_bytes());
        assert_eq!(places(&["a.container"]), [], "{replaced}");
    }
    let from_stdin = check(
        files.dir.path(),
        &["-"],
        "[Container]\nImage=demo-service\nEnvironment=APP_PROT=1\nStopTimeout=60\n",
    );
    assert!(
        from_stdin.stdout.contains(":3:13: APP_PROT: "),
        "{from_stdin:?}"
    );
}

#[test]
fn compose_services_extend_services_of_other_files() {
    let text = "services:\n  app:\n    extends: {file: base/a.yaml, service: base}\n    environment: {APP_PORT: '80'}\n";
    let base = "services:\n  base:\n    image: demo-service\n    stop_grace_period: 1m\n    extends: {service: root}\n    env_file: b.env\n  root:\n    environment:\n      APP_LOG_LEVEL: loud\n      APP_PORT: x\n";
    let files = Files::new(&[
        ("compose.yaml", text),
        ("base/a.yaml", base),
        ("base/b.env", "APP_WORKERS=four\n"),
    ]);
    let found = files.findings(&["compose.yaml"]);
    let places: Vec<_> = found
        .iter()
        .filter(|it| it.code == "invalid")
        .map(|it| (&*it.file, it.line, &*it.name))
        .collect();
    let wanted = [
        ("base/a.yaml", 9, "APP_LOG_LEVEL"),
        ("base/b.env", 1, "APP_WORKERS"),
    ];
    assert_eq!(places, wanted, "{found:#?}");
}

#[test]
fn services_that_include_or_override_files_may_use_secrets_of_these() {
    let service = "services:\n  app:\n    image: demo-service\n    stop_grace_period: 1m\n    secrets: [x]\n    environment: {APP_PORT: '80'}\n";
    let included = format!("include: [other.yaml]\n{service}");
    assert_eq!(names(&included, &[]), [""; 0]);
    let fragment = service.replace("    image: demo-service\n", "");
    assert_eq!(names(&fragment, &[]), [""; 0]);
    assert_eq!(names(service, &[]), ["secrets"]);
}

#[test]
fn a_knative_service_is_a_pod_and_has_other_defaults() {
    let text = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n        - image: demo-service\n          env: [{name: APP_WORKERS, value: x}]\n";
    assert_eq!(names(text, &[]), ["APP_WORKERS"]);
}

#[test]
fn texts_of_files_are_values_of_a_generator() {
    let pod = pod(
        "  containers:\n    - name: demo-service\n      envFrom: [{configMapRef: {name: a}}, {secretRef: {name: b}}]\n",
    );
    let kustomization = "resources: [a.yaml]\nconfigMapGenerator: [{name: a, files: [APP_LOG_LEVEL=level, APP_MAX_BODY, APP_ENV=binary]}]\nsecretGenerator: [{name: b, files: [APP_ADMIN_TOKEN=token]}]\n";
    let files = Files::new(&[
        ("a.yaml", &pod),
        ("kustomization.yaml", kustomization),
        ("level", "loud\n"),
        ("APP_MAX_BODY", "1024"),
        ("token", "short"),
    ]);
    files.write("binary", b"\0");
    let found = files.findings(&["kustomization.yaml"]);
    let places: Vec<_> = found.iter().map(|it| (&*it.file, &*it.name)).collect();
    let wanted = [("level", "APP_LOG_LEVEL"), ("token", "APP_ADMIN_TOKEN")];
    assert_eq!(places, wanted, "{found:#?}");
    assert!(found.iter().all(|it| !it.message.contains("short")));
}

#[test]
fn a_stage_sees_the_arguments_that_it_declares() {
    let dockerfile = |stage: &str| {
        format!(
            "ARG PORT=80a\nARG LEVEL=loud\nFROM debian\n{stage}\nENTRYPOINT [\"demo-service\"]\n"
        )
    };
    let found = |stage: &str| {
        let files = Files::new(&[("Dockerfile", &dockerfile(stage))]);
        let found = files.findings(&["Dockerfile"]).into_iter();
        found
            .map(|it| (it.name, it.code, it.message))
            .collect::<Vec<_>>()
    };
    let unseen = found("ENV APP_PORT=${PORT}");
    assert_eq!(unseen.len(), 1, "{unseen:?}");
    assert_eq!((&*unseen[0].0, &*unseen[0].1), ("APP_PORT", "changed"));
    assert!(unseen[0].2.contains("repeat `ARG`"), "{unseen:?}");
    let seen = found("ARG PORT\nENV APP_PORT=${PORT}");
    assert_eq!((&*seen[0].0, &*seen[0].1), ("APP_PORT", "invalid"));
    for stage in [
        "ARG LEVEL=info\nENV APP_LOG_LEVEL=$LEVEL",
        "ENV APP_LOG_LEVEL=${OTHER:-${LEVEL}}",
        "ENV APP_LOG_LEVEL $OTHER",
        "ENV A=x\nENV APP_LOG_LEVEL=${A:+info}",
        "ENV OTHER=$PORT",
    ] {
        assert_eq!(found(stage), [], "{stage}");
    }
}

/// A Dockerfile and a Procfile hold defaults, to which the deployment adds the secrets.
#[test]
fn a_whole_environment_alone_is_refused_for_its_fake_secrets() {
    let container =
        pod("  containers:\n    - name: demo-service\n      env: [{name: APP_ENV, value: prod}]\n");
    let whole = [
        ("pod.yaml", &*container),
        (
            "compose.yaml",
            "services:\n  demo-service:\n    stop_grace_period: 45s\n    environment: {APP_ENV: prod}\n",
        ),
        (
            "demo-service.service",
            "[Service]\nEnvironment=APP_ENV=prod\nTimeoutStopSec=45s\n",
        ),
        (
            "demo-service.container",
            "[Container]\nImage=demo-service\nEnvironment=APP_ENV=prod\nStopTimeout=45\n",
        ),
        ("prod.env", "APP_ENV=prod\n"),
    ];
    let part = [
        ("Dockerfile", "FROM debian\nENV APP_ENV=prod\n"),
        ("Procfile", "web: APP_ENV=prod exec ./run-app.sh\n"),
    ];
    let files = Files::new(&[&whole[..], &part].concat());
    for (file, _) in whole {
        let found = files.findings(&[file]);
        let found: Vec<_> = found
            .iter()
            .map(|it| (&*it.name, &*it.code, &*it.severity))
            .collect();
        assert_eq!(found, [("APP_*", "constraint", "error")], "{file}");
    }
    for (file, _) in part {
        assert_eq!(files.findings(&[file]), [], "{file}");
    }
}

#[test]
fn an_instance_of_a_template_unit_is_not_known() {
    let unit = "[Service]\nEnvironment=APP_ENV=%i APP_WORKERS=%i \"APP_LOG_FORMAT=%p\"\nTimeoutStopSec=45s\n";
    let files = Files::new(&[("json@.service", unit), ("json@4.service", unit)]);
    assert_eq!(files.findings(&["json@.service"]), []);
    assert_eq!(files.findings(&["json@4.service"]), []);
}

#[test]
fn a_variable_is_unset_after_all_lines_if_it_has_the_value() {
    let unit = "[Service]\nUnsetEnvironment=APP_PORT \"APP_WORKERS=x\" APP_LOG_FORMAT=json\nEnvironment=APP_PORT=x APP_WORKERS=x APP_LOG_FORMAT=jsno\nTimeoutStopSec=45s\n";
    assert_eq!(unit_names(unit), ["APP_LOG_FORMAT"]);
    let reset = unit.replace(
        "Environment=APP_PORT=x",
        "UnsetEnvironment=\nEnvironment=APP_PORT=x",
    );
    assert_eq!(
        unit_names(&reset),
        ["APP_PORT", "APP_WORKERS", "APP_LOG_FORMAT"]
    );
}

fn unit_names(unit: &str) -> Vec<String> {
    let files = Files::new(&[("a.service", unit)]);
    let found = files.findings(&["a.service"]).into_iter();
    found.map(|it| it.name).collect()
}
