//! The facts that each format says: variables, ports, probes, times and mounts, each at its
//! place.

use environ::EnvConfig;
use environ::deployment::{Place, Probe, Workload};

use crate::asked::{Nothing, asked};
use crate::program::Files;

/// Returns the facts of each workload of the first file, with the line and the column of each.
fn facts(files: &[(&str, &str)]) -> Vec<String> {
    let dir = Files::new(files);
    let mut deployment = Nothing::deployment();
    for (name, _) in files {
        deployment = deployment.file(dir.dir.path().join(name));
    }
    let (_, found) = asked(deployment, facts_of);
    let dir = format!("{}/", dir.dir.path().display());
    let found = found.iter().flatten();
    found.map(|fact| fact.replace(&dir, "")).collect()
}

fn facts_of(workload: &Workload) -> Vec<String> {
    let at = |place: &Place| format!("{}:{}", place.line(), place.column());
    let mut facts = vec![format!("{} at {}", workload.name(), at(workload.place()))];
    for (name, text) in workload.variables() {
        facts.push(format!("{name}={text} at {}", at(workload.place_of(name))));
    }
    let unknown = workload.place_of("X_UNKNOWN");
    if unknown != workload.place() {
        facts.push(format!("X_UNKNOWN at {}", at(unknown)));
    }
    if !workload.knows_all("Y") {
        facts.push("more variables".to_owned());
    }
    let said = |is_written| if is_written { "" } else { " by default" };
    if let Some(grace) = &workload.grace {
        let (seconds, place) = (grace.value.as_secs(), at(&grace.place));
        facts.push(format!("{seconds}s at {place}{}", said(grace.is_written)));
    }
    for port in &workload.ports {
        let name = port.name.as_deref().unwrap_or("port");
        facts.push(format!("{name} {} at {}", port.number, at(&port.place)));
    }
    for probe in &workload.probes {
        facts.push(format!("probe {}", probe_of(probe)));
    }
    if let Some(probe) = &workload.scrape {
        facts.push(format!("scrape {}", probe_of(probe)));
    }
    for mount in &workload.secret_mounts {
        facts.push(format!("{} at {}", mount.value, at(&mount.place)));
    }
    if let Some(links) = &workload.service_links {
        let (is_on, place) = (links.value, at(&links.place));
        facts.push(format!(
            "links {is_on} at {place}{}",
            said(links.is_written)
        ));
    }
    facts
}

fn probe_of(probe: &Probe) -> String {
    let text = |at: &Option<environ::deployment::At<String>>| {
        let shown = at.as_ref().map(|at| {
            let said = if at.is_written { "" } else { " by default" };
            let (text, place) = (&at.value, &at.place);
            format!("{text} at {}:{}{said}", place.line(), place.column())
        });
        shown.unwrap_or_else(|| "none".to_owned())
    };
    let with = if probe.is_authorized {
        ", authorized"
    } else {
        ""
    };
    format!("{}, {}{with}", text(&probe.port), text(&probe.path))
}

#[test]
fn a_unit_of_systemd() {
    let unit = "[Unit]\nDescription=X_NONE=1\n[Service]\n# Environment=X_NONE=1\n\
        Environment=X_A=1 \"X_B=two words\" 'X_C=ü' \\\n    X_D=%p-100%% \"X_E=%T\"\n\
        \x20 Environment =   \"X_F=a\\x41\\101\\u00e9\\s|\"\nPassEnvironment=X_UNKNOWN\n\
        EnvironmentFile=/etc/more.env\nExecStart=@-/usr/bin/env \"X_H=a b\" /app X_NONE=1\n\
        TimeoutStopSec=1min 30s\nLoadCredential=token:/etc/token\n\
        UnsetEnvironment=X_U X_V=1 X_W=2\nEnvironment=X_U=1 X_V=1 X_W=1\n";
    let file = "X_G=\"g\"\nX_A=2\n";
    assert_eq!(
        facts(&[("app.service", unit), ("more.env", file)]),
        [
            "app.service at 5:1",
            "X_A=2 at 2:5",
            "X_B=two words at 5:19",
            "X_C=ü at 5:35",
            "X_D=app-100% at 6:5",
            "X_E=/tmp at 6:18",
            "X_F=aAAé | at 7:19",
            "X_G=g at 1:5",
            "X_H=a b at 10:26",
            "X_W=1 at 14:25",
            "X_UNKNOWN at 8:17",
            "90s at 11:16",
            "/run/credentials/app.service/token at 12:16"
        ]
    );
}

#[test]
fn a_unit_that_says_little_has_the_defaults_of_systemd() {
    let unit = "[Unit]\n[Service]\nEnvironmentFile=-/none/x.env\nTimeoutStopSec=soon\n";
    assert_eq!(
        facts(&[("app@1.service", unit)]),
        [
            "app@1.service at 3:1",
            "more variables",
            "90s at 3:1 by default"
        ]
    );
    let endless = "[Service]\nTimeoutSec=0\nEnvironment=X_A=%i X_B=%n\n";
    assert_eq!(
        facts(&[("app@1.service", endless)]),
        [
            "app@1.service at 2:1",
            "X_A=1 at 3:13",
            "X_B=app@1.service at 3:20",
            "18446744073709551615s at 2:12"
        ]
    );
}

/// A kustomization beside a manifest is read if it lists the manifest.
#[test]
fn a_kustomization_that_lists_the_manifest_has_its_generators() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    \
        envFrom: [{configMapRef: {name: map}}]\n";
    let generator = "configMapGenerator: [{name: map, literals: [X_A=1]}]\n";
    for (resources, is_read) in [
        ("pod.yaml", true),
        ("./other.yaml, pod.yaml", true),
        ("other.yaml", false),
    ] {
        let kustomization = format!("resources: [{resources}]\n{generator}");
        let dir = Files::new(&[
            ("pod.yaml", pod),
            ("other.yaml", pod),
            ("kustomization.yaml", &kustomization),
        ]);
        let deployment = Nothing::deployment().file(dir.dir.path().join("pod.yaml"));
        let variables = |workload: &Workload| workload.variables().clone();
        let (_, found) = asked(deployment, variables);
        let found = found.iter().any(|variables| variables.contains_key("X_A"));
        assert_eq!(found, is_read, "{resources}");
    }
}

#[test]
fn an_empty_value_resets_the_lines_before() {
    for (lines, expected) in [
        ("EnvironmentFile=/none/x.env", &["more variables"][..]),
        ("EnvironmentFile=/none/x.env\nEnvironmentFile=", &[]),
        ("Environment=X_A=1", &["X_A=1 at 2:13"]),
        ("Environment=X_A=1\nEnvironment=", &[]),
        ("Environment=X_A=1\nUnsetEnvironment=X_A", &[]),
        (
            "Environment=X_A=1\nUnsetEnvironment=X_A\nUnsetEnvironment=",
            &["X_A=1 at 2:13"],
        ),
    ] {
        let found = facts(&[("app.service", &format!("[Service]\n{lines}\n"))]);
        let found: Vec<&String> = found[1..]
            .iter()
            .filter(|fact| !fact.starts_with("90s"))
            .collect();
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn a_container_of_quadlet() {
    let unit = "[Container]\nImage=x\nEnvironment=X_A=1 \"X_B=%p $$1\" X_UNKNOWN=${Y}\n\
        Secret=a\nSecret=b,target=/etc/b\nSecret=c,type=mount,target=cc\n\
        Secret=url,type=env,target=X_SECRET\nPublishPort=127.0.0.1:80:8000-8001/tcp\n\
        ExposeHostPort=9000\nHealthCmd=curl http://localhost:8000/-/ready\nStopTimeout=60\n\
        Entrypoint=[\"env\", \"X_E=1\"]\nExec=X_F=%N app X_NONE=1\nNotify=true\n\
        EnvironmentFile=/etc/more.env\n";
    let file = "X_G=g\nX_A=2\n";
    assert_eq!(
        facts(&[("app.container", unit), ("more.env", file)]),
        [
            "app.container at 2:1",
            "NOTIFY_SOCKET=/run/notify/notify.sock at 14:8",
            "X_A=1 at 3:13",
            "X_B=app $1 at 3:19",
            "X_E=1 at 12:12",
            "X_F=app at 13:6",
            "X_G=g at 1:5",
            "X_UNKNOWN at 3:32",
            "60s at 11:13",
            "port 8000 at 8:13",
            "port 8001 at 8:13",
            "port 9000 at 9:16",
            "probe 8000 at 10:11, /-/ready at 10:11",
            "/run/secrets/a at 4:8",
            "/etc/b at 5:8",
            "/run/secrets/cc at 6:8"
        ]
    );
}

#[test]
fn a_container_of_quadlet_may_get_more_variables_by_its_options() {
    for (line, is_more) in [
        ("PodmanArgs=--env-host", true),
        ("PodmanArgs=--rm -e X_A", true),
        ("PodmanArgs=--rm\nPodmanArgs=--env=A", true),
        ("PodmanArgs=--env=A\nPodmanArgs=--rm", true),
        ("PodmanArgs=--rm -env", false),
        ("EnvironmentHost=yes", true),
        ("EnvironmentHost=TRUE\nEnvironmentHost=no", true),
        ("EnvironmentHost=no", false),
        ("EnvironmentFile=/none/x.env", true),
        ("EnvironmentFile=/none/x.env\nEnvironmentFile=", false),
    ] {
        let found = facts(&[("a.container", &format!("[Container]\n{line}\n"))]);
        let is_found = found.iter().any(|fact| fact == "more variables");
        assert_eq!(is_found, is_more, "{line}: {found:?}");
    }
}

#[test]
fn the_shorter_time_of_podman_and_systemd_counts() {
    for (container, service, wanted) in [
        ("", "", "10s at 2:1 by default"),
        ("StopTimeout=60", "", "60s at 2:13"),
        ("StopTimeout=60", "TimeoutStopSec=45", "45s at 4:16"),
        ("StopTimeout=60", "TimeoutSec=45", "45s at 4:12"),
        ("StopTimeout=60", "TimeoutStopSec=60", "60s at 2:13"),
        ("StopTimeout=60", "TimeoutStopSec=0", "60s at 2:13"),
        ("StopTimeout=60", "TimeoutStopSec=90", "60s at 2:13"),
        ("StopTimeout=1min", "", "10s at 2:1 by default"),
    ] {
        let line = if container.is_empty() {
            "Image=x"
        } else {
            container
        };
        let unit = format!("[Container]\n{line}\n[Service]\n{service}\n");
        let found = facts(&[("a.container", &unit)]);
        assert_eq!(found[1..], [wanted], "{unit}");
    }
}

#[test]
fn a_service_of_compose() {
    let text = "services:\n  web:\n    image: x\n    stop_grace_period: 1m30s\n    ports:\n\
        \x20     - \"127.0.0.1:80:8000/tcp\"\n      - 9000-9002:9100-9101\n      - {target: 7000, published: 70}\n\
        \x20     - \"${PORT}:6000\"\n      - a:b\n    expose: [5000]\n    healthcheck:\n\
        \x20     test: [CMD, curl, -H, 'Authorization: x', 'http://localhost:8000/a?b']\n\
        \x20   secrets: [one, {source: two}, {source: three, target: /etc/3}, {source: four, target: 4}]\n\
        \x20   environment:\n      X_A: ${ONE:-d}${TWO}\n      X_B: \"${ONE-d}\"\n      X_UNKNOWN:\n\
        \x20     X_C: 12\n    entrypoint: env \"X_D=a b\" app X_NONE=1\n\
        \x20 list:\n    environment: [X_A=1, \"X_B=a=b\", X_UNKNOWN]\n    healthcheck:\n\
        \x20     test: wget http://web/ping\n    entrypoint: [/usr/bin/env]\n    command: [X_D=1, app]\n\
        \x20 file:\n    env_file: [{path: ./a.env, format: raw}, b.env]\n";
    let files = [
        ("compose.yaml", text),
        (".env", "ONE=\nTWO=2\n"),
        ("a.env", "X_A='1'\nX_B=$ONE\n"),
        ("b.env", "X_B: $TWO\n  X_C = 'c'\n"),
    ];
    assert_eq!(
        facts(&files),
        [
            "web at 2:3",
            "X_A=d2 at 16:12",
            "X_B= at 17:12",
            "X_C=12 at 19:12",
            "X_D=a b at 20:17",
            "X_UNKNOWN at 18:16",
            "90s at 4:24",
            "port 8000 at 6:9",
            "port 9100 at 7:9",
            "port 9101 at 7:9",
            "port 7000 at 8:18",
            "port 5000 at 11:14",
            "probe 8000 at 13:49, /a at 13:49",
            "/run/secrets/one at 14:15",
            "/run/secrets/two at 14:29",
            "/etc/3 at 14:59",
            "/run/secrets/4 at 14:91",
            "list at 21:3",
            "X_A=1 at 22:19",
            "X_B=a=b at 22:26",
            "X_D=1 at 26:15",
            "X_UNKNOWN at 22:37",
            "10s at 21:3 by default",
            "probe none, /ping at 24:13",
            "file at 27:3",
            "X_A='1' at 1:5",
            "X_B=2 at 1:6",
            "X_C=c at 2:9",
            "10s at 27:3 by default",
            ".env at 1:1",
            "ONE= at 1:5",
            "TWO=2 at 2:5"
        ]
    );
}

#[test]
fn a_pod_of_kubernetes() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: a\n  annotations:\n\
        \x20   prometheus.io/scrape: 'true'\n    prometheus.io/port: '9000'\nspec:\n\
        \x20 terminationGracePeriodSeconds: 45\n  enableServiceLinks: false\n  volumes:\n    - {name: s, secret: {}}\n\
        \x20   - {name: p, projected: {sources: [{configMap: {}}, {secret: {}}]}}\n\
        \x20   - {name: c, csi: {driver: secrets-store.csi.k8s.io}}\n\
        \x20   - {name: o, csi: {driver: other}}\n    - {name: e, emptyDir: {}}\n\
        \x20 initContainers:\n    - name: first\n      env: [{name: X_A, value: '1'}]\n      ports: [{containerPort: 1}]\n\
        \x20   - name: side\n      restartPolicy: Always\n      env: [{name: X_A, value: '1'}]\n\
        \x20 containers:\n    - name: web\n      args: [X_D=1, app]\n      command: [env]\n      env:\n\
        \x20       - {name: X_A, value: '1'}\n        - {name: X_B, value: '$(X_A)-$(NONE)'}\n\
        \x20       - {name: X_C}\n        - {name: X_N, value: null}\n        - {name: X_UNKNOWN, valueFrom: {fieldRef: {fieldPath: metadata.name}}}\n\
        \x20     ports:\n        - {containerPort: 8000, name: http}\n        - {containerPort: 9000}\n        - {containerPort: x}\n\
        \x20     livenessProbe: {httpGet: {path: /a, port: http}}\n\
        \x20     readinessProbe: {httpGet: {port: 9000, httpHeaders: [{name: AUTHORIZATION, value: x}]}}\n\
        \x20     startupProbe: {exec: {command: [x]}}\n\
        \x20     volumeMounts: [{name: s, mountPath: /s}, {name: p, mountPath: /p}, {name: c, mountPath: /c}, {name: o, mountPath: /o}, {name: e, mountPath: /e}]\n\
        \x20   - name: last\n      env: [{name: X_A, value: '1'}]\n      ports: [{containerPort: 9001}]\n";
    assert_eq!(
        facts(&[("pod.yaml", text)]),
        [
            "first at 18:13",
            "X_A=1 at 19:32",
            "links false at 10:23",
            "side at 21:13",
            "X_A=1 at 23:32",
            "45s at 9:34",
            "links false at 10:23",
            "web at 25:13",
            "X_A=1 at 29:30",
            "X_B=1-$(NONE) at 30:30",
            "X_C= at 31:18",
            "X_D=1 at 26:14",
            "X_N= at 32:30",
            "X_UNKNOWN at 33:40",
            "45s at 9:34",
            "http 8000 at 35:27",
            "port 9000 at 36:27",
            "probe 9000 at 39:40, none, authorized",
            "probe http at 38:49, /a at 38:39",
            "scrape 9000 at 7:25, /metrics at 6:27 by default",
            "/s at 41:43",
            "/p at 41:69",
            "/c at 41:95",
            "links false at 10:23",
            "last at 42:13",
            "X_A=1 at 43:32",
            "45s at 9:34",
            "port 9001 at 44:31",
            "links false at 10:23"
        ]
    );
}

#[test]
fn the_services_of_a_namespace() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: my-db, namespace: a}\n\
        spec: {ports: [{port: 5432, name: sql-1}, {port: 53, protocol: UDP}]}\n---\n\
        apiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: b}\n\
        spec: {ports: [{port: 1}]}\n---\n\
        apiVersion: v1\nkind: Pod\nmetadata: {namespace: a}\nspec:\n\
        \x20 containers:\n    - {name: web, env: [{name: X_A, value: '$(MY_DB_PORT)'}]}\n";
    assert_eq!(
        facts(&[("pod.yaml", text)]),
        [
            "web at 16:14",
            "MY_DB_PORT=tcp://10.0.0.1:5432 at 3:18",
            "MY_DB_PORT_53_UDP=udp://10.0.0.1:53 at 3:18",
            "MY_DB_PORT_53_UDP_ADDR=10.0.0.1 at 3:18",
            "MY_DB_PORT_53_UDP_PORT=53 at 3:18",
            "MY_DB_PORT_53_UDP_PROTO=udp at 3:18",
            "MY_DB_PORT_5432_TCP=tcp://10.0.0.1:5432 at 3:18",
            "MY_DB_PORT_5432_TCP_ADDR=10.0.0.1 at 3:18",
            "MY_DB_PORT_5432_TCP_PORT=5432 at 3:18",
            "MY_DB_PORT_5432_TCP_PROTO=tcp at 3:18",
            "MY_DB_SERVICE_HOST=10.0.0.1 at 3:18",
            "MY_DB_SERVICE_PORT=5432 at 3:18",
            "MY_DB_SERVICE_PORT_SQL_1=5432 at 3:18",
            "X_A=tcp://10.0.0.1:5432 at 16:44",
            "30s at 16:14 by default",
            "links true at 16:14 by default",
        ]
    );
}

#[test]
fn an_image_of_a_dockerfile() {
    let text = "# escape=`\nARG GLOBAL=g\nFROM debian AS base\nENV X_BASE=1\nEXPOSE 1\nCMD [\"env\", \"X_NONE=1\"]\n\
        FROM base AS unused\nENV X_NONE=1\n\
        FROM --platform=x base\nARG GLOBAL\nARG LOCAL=\"a b\"\n\
        ENV X_A=1 `\n  # a comment`\n  X_B=\"two ${LOCAL} `\"q`\" `a\" X_C='$LOCAL `x' X_D=a`\\ b\n\
        ENV X_E ${GLOBAL}/${NONE:-d} \"q\" \n\
        ENV X_F=${X_A:+set}${X_NONE:-unset}${X_BASE}$ X_UNKNOWN=$PATH\n\
        RUN <<EOF cat\nENV X_NONE=1\nEOF\nCOPY <<-\"A\" <<B /x\nENV X_NONE=1\n\tA\nENV X_NONE=1\nB\n\
        EXPOSE 8000/tcp  9000 x\n\
        HEALTHCHECK CMD curl http://localhost:8000/a\n\
        ENTRYPOINT env  X_G=1 app\nCMD [\"X_NONE=1\"]\n";
    assert_eq!(
        facts(&[("Dockerfile", text)]),
        [
            "image at 1:1",
            "X_A=1 at 12:5",
            "X_B=two a b \"q\" `a at 14:3",
            "X_BASE=1 at 4:5",
            "X_C=$LOCAL `x at 14:31",
            "X_D=a\\ at 14:47",
            "X_E=g/d q at 15:5",
            "X_F=setunset1$ at 16:5",
            "X_G=1 at 27:17",
            "X_UNKNOWN at 16:47",
            "port 8000 at 25:8",
            "port 9000 at 25:18",
            "probe 8000 at 26:13, /a at 26:13"
        ]
    );
    let words = "FROM x\nENTRYPOINT [\"/usr/bin/env\"]\nCMD [\"X_A=1\", \"X_B=$HOME\", \"app\"]\n";
    assert_eq!(
        facts(&[("Dockerfile", words)]),
        ["image at 1:1", "X_A=1 at 2:12"]
    );
    let reset = "FROM x\nCMD [\"env\", \"X_NONE=1\"]\nENTRYPOINT [\"/usr/bin/env\"]\n";
    assert_eq!(facts(&[("Dockerfile", reset)]), ["image at 1:1"]);
    let command = "FROM x\nCMD   X_A=é X_B=1 exec app\n";
    assert_eq!(
        facts(&[("Dockerfile", command)]),
        ["image at 1:1", "X_A=é at 2:7", "X_B=1 at 2:13"]
    );
}

#[test]
fn the_processes_of_a_procfile() {
    let text = "# a: X_A=1\nweb: X_A='é b' X_B=$PORT exec app X_NONE=1 # http://x:80/a\nnot a name: X_A=1\n\
        : X_A=1\nmy-worker_2:env X_A=1 X_C=\"2\" curl -H authorization http://localhost:8000\n";
    assert_eq!(
        facts(&[("Procfile", text)]),
        [
            "web at 2:1",
            "X_A=é b at 2:6",
            "probe 80 at 2:1, /a at 2:1",
            "my-worker_2 at 5:1",
            "X_A=1 at 5:17",
            "X_C=2 at 5:23",
            "probe 8000 at 5:1, none, authorized"
        ]
    );
}

#[test]
fn the_environments_of_an_app_json() {
    let text = "{\"name\": \"shop\", \"env\": {\n  \"X_A\": \"1\",\n  \"X_B\": {\"value\": \"2\", \"required\": false},\n\
        \x20 \"X_NONE\": {\"required\": false},\n  \"X_UNKNOWN\": {\"description\": \"it is asked for\"}},\n\
        \"environments\": {\"test\": {\"env\": {\"X_B\": {\"value\": \"3\"}, \"X_UNKNOWN\": {\"generator\": \"secret\", \"required\": false}}}, \"review\": {}}}\n";
    assert_eq!(
        facts(&[("app.json", text)]),
        [
            "shop at 1:18",
            "X_A=1 at 2:10",
            "X_B=2 at 3:20",
            "X_UNKNOWN at 5:3",
            "test at 6:27",
            "X_A=1 at 2:10",
            "X_B=3 at 6:52",
            "X_UNKNOWN at 6:58"
        ]
    );
}
