//! The findings of each reader, with place, name and message.

use environ::deployment::Deployment;
use environ::{EnvConfig, Secret};

use crate::program::Files;

#[derive(Debug, EnvConfig)]
#[env(prefix = "X")]
#[expect(dead_code, reason = "only checked")]
struct Small {
    number: Option<u8>,
    text: Option<String>,
    token: Option<Secret<String>>,
    #[env(alias = "HOME_DIR")]
    home: Option<String>,
}

/// Returns the findings about the first file, beside the others.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    said_by(Small::deployment(), files)
}

fn said_by(deployment: Deployment<'_>, files: &[(&str, &str)]) -> Vec<String> {
    let dir = Files::new(files);
    let report = deployment.file(dir.dir.path().join(files[0].0)).check();
    let start = format!("{}/", dir.dir.path().display());
    let lines = report.findings().map(ToString::to_string);
    lines.map(|line| line.replace(&start, "")).collect()
}

#[test]
fn a_line_that_dialects_read_differently_has_the_programs_the_cause_and_the_remedy() {
    let text = "X_NUMBER=1 \nX_TEXT=\"a\"\nX_HOME=${X_NUMBER}\nHOME_DIR=a # b\nX_A=a\\b\nexport X_B=1\n\
        X_C= 1\nX_D='a\\b'\nX_E=1 #\t\nX_NUMBER=1\nOTHER=\"a\"\nX_F=\"a\\tb\"\nX_G=$X_NUMBER\nX_H=$X_NUMBER # c\n";
    assert_eq!(
        said(&[("a.env", text)]),
        [
            "a.env:2:8: X_TEXT: warning: docker --env-file would read another value than dotenv: docker keeps quotes, and escapes differ; remove the quotes, unless white space or `#` needs them",
            "a.env:3:8: X_HOME: warning: docker --env-file and systemd would read another value than dotenv: not all replace `$NAME` and `${NAME}`; write the value itself",
            "a.env:4:1: HOME_DIR: warning: not read, since X_HOME is set too",
            "a.env:4:10: HOME_DIR: warning: docker --env-file and systemd would read another value than dotenv: only dotenv ends the value at a comment; give the comment a line of its own",
            "a.env:5:1: X_A: warning: set, but no field reads it; remove it",
            "a.env:5:5: X_A: warning: systemd would read another value than dotenv: systemd takes a backslash for an escape; quote the value for the program in use",
            "a.env:6:8: X_B: warning: set, but no field reads it; remove it",
            "a.env:6:12: X_B: warning: docker --env-file and systemd would read another value than dotenv: only dotenv accepts `export`; remove it",
            "a.env:7:1: X_C: warning: set, but no field reads it; remove it",
            "a.env:7:6: X_C: warning: docker --env-file would read another value than dotenv: white space counts differently; remove white space around `=` and at the end",
            "a.env:8:1: X_D: warning: set, but no field reads it; remove it",
            "a.env:8:5: X_D: warning: docker --env-file would read another value than dotenv: docker keeps quotes, and escapes differ; remove the quotes, unless white space or `#` needs them",
            "a.env:9:1: X_E: warning: set, but no field reads it; remove it",
            "a.env:9:5: X_E: warning: docker --env-file and systemd would read another value than dotenv: only dotenv ends the value at a comment; give the comment a line of its own",
            "a.env:10:1: X_NUMBER: warning: set twice, first in line 1, which is not used; remove one of them",
            "a.env:12:1: X_F: warning: set, but no field reads it; remove it",
            "a.env:12:5: X_F: warning: docker --env-file and systemd would read another value than dotenv: docker keeps quotes, and escapes differ; remove the quotes, unless white space or `#` needs them",
            "a.env:13:1: X_G: warning: set, but no field reads it; remove it",
            "a.env:13:5: X_G: warning: dotenvy would read another value than dotenv: not all replace `$NAME` and `${NAME}`; write the value itself",
            "a.env:14:1: X_H: warning: set, but no field reads it; remove it",
            "a.env:14:5: X_H: warning: docker --env-file, systemd and dotenvy would read another value than dotenv: not all replace `$NAME` and `${NAME}`; write the value itself"
        ]
    );
}

#[test]
fn references_of_kubernetes_hold_within_a_namespace() {
    for (of_map, of_pod, is_found) in [
        ("a", "a", true),
        ("a", "b", false),
        ("", "a", true),
        ("a", "", true),
        ("", "", true),
    ] {
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings, namespace: '{of_map}'}}\ndata: {{X_NUMBER: a}}\n---\n\
             apiVersion: v1\nkind: Pod\nmetadata: {{namespace: '{of_pod}'}}\nspec:\n  containers:\n    - {{name: web, envFrom: [{{configMapRef: {{name: settings}}}}]}}\n",
        );
        let wanted =
            "a.yaml:4:18: X_NUMBER: \"a\" is not a u8: it must be a whole number from 0 to 255";
        let found = said(&[("a.yaml", &text)]);
        // Without the pod, the ConfigMap is judged by itself, and its values all the same.
        assert!(found.iter().any(|line| line == wanted), "{found:?}");
        let key = text.replace(
            "envFrom: [{configMapRef: {name: settings}}]",
            "env: [{name: X_NUMBER, valueFrom: {configMapKeyRef: {name: settings, key: NONE}}}]",
        );
        let found = said(&[("a.yaml", &key)]);
        let is_said = found.iter().any(|line| line.contains("has no such key"));
        assert_eq!(is_said, is_found, "{of_map} {of_pod}: {found:?}");
    }
}

#[test]
fn mistakes_of_manifests() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {X_A: 1, X_TEXT: a, X_TEXT: b}\n---\n\
        apiVersion: v1\nkind: ConfigMap\nmetadata: {name: unused}\ndata: {KEY: a}\n---\n\
        apiVersion: v1\nkind: Secret\nmetadata: {name: tokens}\ndata: {X_B: '!', X_C: YQ==}\nstringData: {X_D: 1}\n---\n\
        apiVersion: v1\nkind: Pod\nspec:\n  terminationGracePeriodSecond: 1\n  containers:\n    - name: web\n      imag: x\n\
        \x20     envFrom:\n        - {configMapRef: {name: settings}}\n        - {configMapRef: {name: unusde}}\n        - {secretRef: {name: tokens}}\n\
        \x20       - {configMapReff: {name: a}}\n        - {prefix: X_}\n        - {secretRef: {}}\n        - {prefix: X, configMapRef: {name: settings}}\n\
        \x20       - {prefix: X_, configMapRef: {name: elsewhere}}\n        - {prefix: Y, configMapRef: {name: elsewhere}}\n\
        \x20     env:\n        - {value: a}\n        - {name: X_NUMBER, valu: a}\n        - {name: X_NUMBER, value: [a]}\n        - {name: X_TEXT, value: a, valueFrom: {}}\n\
        \x20       - {name: X_E, valueFrom: {secretKeyReff: {name: a, key: b}}}\n        - {name: X_F, valueFrom: {secretKeyRef: {name: a}}}\n\
        \x20       - {name: X_G, valueFrom: {configMapKeyRef: {key: a}}}\n        - {name: X_H, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}\n\
        \x20       - {name: X_HOME, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['a']\"}}}\n        - {name: X_I, valueFrom: {resourceFieldRef: {resource: limits.disk}}}\n\
        \x20       - {name: X_J, valueFrom: {resourceFieldRef: {resource: requests.hugepages-2Mi}}}\n        - {name: X_K, valueFrom: {resourceFieldRef: {resource: limit.cpu}}}\n\
        \x20       - {name: X_L, valueFrom: {configMapKeyRef: {name: settings, key: NONE}}}\n        - {name: X_M, valueFrom: {configMapKeyRef: {name: settings, key: NONE, optional: true}}}\n\
        \x20       - {name: X_N, valueFrom: {secretKeyRef: {name: tokens, key: X_B}}}\n        - {name: X_O, value: yes}\n        - {name: X_P, value: '$(NONE) $$'}\n        - {name: X_Q, value: a, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}\n";
    assert_eq!(
        said(&[("a.yaml", text)]),
        [
            "a.yaml:4:8: X_A: warning: set, but no field reads it; remove it",
            "a.yaml:4:13: X_A: Kubernetes rejects a number or a boolean here, because each value is text, and yes, no, on and off are booleans too; put it in quotes",
            "a.yaml:4:27: X_TEXT: the key is twice in the map; remove one of them",
            "a.yaml:14:8: X_B: warning: set, but no field reads it; remove it",
            "a.yaml:14:13: X_B: the text below `data` is not base64 of a text; encode it, or move it to `stringData`",
            "a.yaml:14:18: X_C: warning: set, but no field reads it; remove it",
            "a.yaml:15:14: X_D: warning: set, but no field reads it; remove it",
            "a.yaml:15:19: X_D: Kubernetes rejects a number or a boolean here, because each value is text, and yes, no, on and off are booleans too; put it in quotes",
            "a.yaml:20:3: terminationGracePeriodSecond: Kubernetes rejects the key, or drops it; write `terminationGracePeriodSeconds`",
            "a.yaml:23:7: imag: Kubernetes rejects the key, or drops it; write `image`",
            "a.yaml:26:33: configMapRef: no file has a ConfigMap unusde; is unused meant?",
            "a.yaml:28:12: configMapReff: a source that Kubernetes does not know; write `configMapRef` or `secretRef`",
            "a.yaml:29:11: envFrom: the entry has no source; write `configMapRef` or `secretRef`",
            "a.yaml:30:23: secretRef: the reference needs a name; add `name`",
            "a.yaml:31:20: prefix: warning: nothing stands between the prefix and a key, as in XX_A; write X_",
            "a.yaml:33:20: prefix: warning: nothing stands between the prefix and a key, as in YKEY; write Y_",
            "a.yaml:35:11: env: a variable without a name; add `name`",
            "a.yaml:36:28: X_NUMBER: the entry has a key that Kubernetes does not know; write `value` or `valueFrom`",
            "a.yaml:37:18: X_NUMBER: warning: set twice, first in line 36, which is not used; remove one of them",
            "a.yaml:37:35: X_NUMBER: Kubernetes rejects a list or a map here; write one text in quotes",
            "a.yaml:38:18: X_TEXT: `value` and `valueFrom` contradict each other; remove one of them",
            "a.yaml:38:47: X_TEXT: `valueFrom` has no source; write `secretKeyRef` or `configMapKeyRef`",
            "a.yaml:39:18: X_E: warning: set, but no field reads it; remove it",
            "a.yaml:39:35: X_E: a source that Kubernetes does not know; write `secretKeyRef`, `configMapKeyRef`, `fieldRef` or `resourceFieldRef`",
            "a.yaml:40:18: X_F: warning: set, but no field reads it; remove it",
            "a.yaml:40:49: X_F: the reference needs `name` and `key`; add both",
            "a.yaml:41:18: X_G: warning: set, but no field reads it; remove it",
            "a.yaml:41:52: X_G: the reference needs `name` and `key`; add both",
            "a.yaml:42:18: X_H: warning: set, but no field reads it; remove it",
            "a.yaml:42:57: X_H: Kubernetes rejects the field; write one of metadata.name, metadata.namespace, metadata.uid, spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs, or metadata.labels['...']",
            "a.yaml:44:18: X_I: warning: set, but no field reads it; remove it",
            "a.yaml:44:64: X_I: Kubernetes rejects the resource; write one of limits.cpu, limits.memory, limits.ephemeral-storage, requests.cpu, requests.memory, requests.ephemeral-storage",
            "a.yaml:45:18: X_J: warning: set, but no field reads it; remove it",
            "a.yaml:46:18: X_K: warning: set, but no field reads it; remove it",
            "a.yaml:46:64: X_K: Kubernetes rejects the resource; write one of limits.cpu, limits.memory, limits.ephemeral-storage, requests.cpu, requests.memory, requests.ephemeral-storage",
            "a.yaml:47:18: X_L: warning: set, but no field reads it; remove it",
            "a.yaml:47:74: X_L: the ConfigMap in line 3 of a.yaml has no such key, so the container does not start; add the key, or correct it",
            "a.yaml:48:18: X_M: warning: set, but no field reads it; remove it",
            "a.yaml:49:18: X_N: warning: set, but no field reads it; remove it",
            "a.yaml:50:18: X_O: warning: set, but no field reads it; remove it",
            "a.yaml:50:30: X_O: Kubernetes rejects a number or a boolean here, because each value is text, and yes, no, on and off are booleans too; put it in quotes",
            "a.yaml:51:18: X_P: warning: set, but no field reads it; remove it",
            "a.yaml:51:30: X_P: warning: Kubernetes turns `$$` into one `$`; write four for two, or one if one is meant",
            "a.yaml:52:18: X_Q: `value` and `valueFrom` contradict each other; remove one of them",
            "a.yaml:52:18: X_Q: warning: set, but no field reads it; remove it"
        ]
    );
}

#[test]
fn a_name_near_the_name_of_an_unused_object_is_a_mistake() {
    let text = |name: &str, reference: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings-b}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings-a}}\n---\n\
             apiVersion: v1\nkind: Secret\nmetadata: {{name: settings-s}}\n---\napiVersion: v1\nkind: Pod\nspec:\n  initContainers: [{{name: a, image: x}}]\n  volumes: [{reference}]\n\
             \x20 containers:\n    - {{name: web, env: [{{name: X_NUMBER, valueFrom: {{configMapKeyRef: {{name: {name}, key: a}}}}}}]}}\n",
        )
    };
    let near = |name: &str, reference: &str| {
        let found = said(&[("a.yaml", &text(name, reference))]);
        let found = found.into_iter().filter(|line| line.contains(" meant?"));
        found.collect::<Vec<_>>()
    };
    assert_eq!(
        near("settings-c", ""),
        ["a.yaml:19:78: X_NUMBER: no file has a ConfigMap settings-c; is settings-b meant?"]
    );
    // The first in the file.
    assert_eq!(
        near("settings-c", "{configMap: {name: settings-a}}"),
        ["a.yaml:19:78: X_NUMBER: no file has a ConfigMap settings-c; is settings-b meant?"]
    );
    assert_eq!(
        near("settings-c", "{configMap: {name: settings-b}}"),
        ["a.yaml:19:78: X_NUMBER: no file has a ConfigMap settings-c; is settings-a meant?"]
    );
    let projected = "{projected: {sources: [{configMap: {name: settings-a}}, {configMap: {name: settings-b}}]}}";
    assert_eq!(near("settings-c", projected), [""; 0]);
    assert_eq!(near("elsewhere", ""), [""; 0]);
}

#[test]
fn a_container_is_alone_in_its_pod_whatever_stands_beside_the_pod() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {KEY: a}\n---\n\
        apiVersion: v1\nkind: Pod\nspec: {containers: [{name: web, ports: [{containerPort: 1}], env: [{name: KEY}, {name: KEY}]}]}\n---\n\
        apiVersion: v1\nkind: Pod\nspec: {containers: [{name: one, env: [{name: KEY}, {name: KEY}]}, {name: two}]}\n";
    assert_eq!(
        said(&[("a.yaml", text)]),
        [
            "a.yaml:8:88: KEY: warning: set twice, first in line 8, which is not used; remove one of them"
        ]
    );
}

#[test]
fn mistakes_of_kustomizations() {
    let text = "resources: [none.yaml, pod.yaml, https://x/a.yaml]\nconfigMapGenerator:\n  - name: a\n    literals: [X_NUMBER=1, X_NUMBER=2, X_TEXT, 'X_HOME=\"a\"', X_A: 1]\n\
        \x20   envs: [none.env]\n    files: [none.txt, X_B=none/b]\n  - {literals: [X_C=1]}\n";
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      envFrom: [{configMapRef: {name: a}}]\n      env: [{name: X_D, valueFrom: {configMapKeyRef: {name: a, key: NONE}}}]\n";
    assert_eq!(
        said(&[("kustomization.yaml", text), ("pod.yaml", pod)]),
        [
            "kustomization.yaml:1:13: resources: kustomize finds no file none.yaml; check the path",
            "kustomization.yaml:4:28: X_NUMBER: kustomize rejects a key that is there twice, first in line 4; remove one of them",
            "kustomization.yaml:4:40: literals: a literal of kustomize without `=`; write NAME=value",
            "kustomization.yaml:4:62: literals: a literal of kustomize without `=`; write NAME=value",
            "kustomization.yaml:5:12: envs: the file cannot be read: No such file or directory (os error 2); check the path",
            "kustomization.yaml:6:13: files: kustomize finds no file none.txt; check the path",
            "kustomization.yaml:6:23: X_B: warning: set, but no field reads it; remove it",
            "kustomization.yaml:6:23: files: kustomize finds no file none/b; check the path",
            "pod.yaml:7:20: X_D: warning: set, but no field reads it; remove it"
        ]
    );
    // Without the file, nothing is known to be missing.
    let known = text.replace("    envs: [none.env]\n", "");
    assert_eq!(
        said(&[("kustomization.yaml", &known), ("pod.yaml", pod)]),
        [
            "kustomization.yaml:1:13: resources: kustomize finds no file none.yaml; check the path",
            "kustomization.yaml:4:28: X_NUMBER: kustomize rejects a key that is there twice, first in line 4; remove one of them",
            "kustomization.yaml:4:40: literals: a literal of kustomize without `=`; write NAME=value",
            "kustomization.yaml:4:62: literals: a literal of kustomize without `=`; write NAME=value",
            "kustomization.yaml:5:13: files: kustomize finds no file none.txt; check the path",
            "kustomization.yaml:5:23: X_B: warning: set, but no field reads it; remove it",
            "kustomization.yaml:5:23: files: kustomize finds no file none/b; check the path",
            "pod.yaml:7:20: X_D: warning: set, but no field reads it; remove it",
            "pod.yaml:7:69: X_D: the ConfigMap in line 3 of kustomization.yaml has no such key, so the container does not start; add the key, or correct it"
        ]
    );
}

#[test]
fn mistakes_of_compose_files() {
    let text = "services:\n  web:\n    enviroment: {}\n    environment: X_NUMBER=1\n    stop_grace_period: 1m 5\n    build: .\n    command: env X_NUMBER=1 app\n    secrets: [a, {source: b}]\n    configs: [c]\n\
        \x20 list:\n    environment: [X_NUMBER=1, X_NUMBER=2, X_TEXT: a, X_A=$B$, X_HOME=a$bc, 'X_C=${']\n\
        \x20 map:\n    environment: {X_NUMBER: [1], X_TEXT: yes, X_HOME: 2024-01-01, X_A: 010, X_B: 0, X_C: -1, X_D: 1.0, X_E: 1e3, X_F: 1234567890123456, X_G: 123456789012345, X_H: ~}\n\
        \x20 null:\n    environment:\n    env_file: [none.env, {path: optional.env, required: false}, {path: '$NONE'}, {path: a.env, format: row}]\n\
        \x20 extends:\n    extends: wbe\n    environment: {X_NUMBER: 1}\n  other:\n    extends: {file: none.yaml, service: a}\n    environment: {X_NUMBER: 1}\n\
        \x20 third:\n    extends: {file: base.yaml, service: none}\n    environment: {X_NUMBER: 1}\n  fourth:\n    extends: {file: wrong.yaml, service: none}\n    environment: {X_NUMBER: 1}\n\
        secrets: {a: {}}\n";
    let files = [
        ("compose.yaml", text),
        ("a.env", "X_NUMBER=$a\nX_TEXT=\"x\n"),
        ("base.yaml", "services: {base: {}}\n"),
        ("wrong.yaml", "services: [\n"),
    ];
    assert_eq!(
        said(&files),
        [
            "a.env:1:10: X_NUMBER: warning: Compose takes a `$` and the letters after it for a variable; write `$$` for `$`, or `${NAME}` for a variable",
            "a.env:2:1: the quotes do not end, so that Compose starts nothing; close quotes",
            "compose.yaml:3:5: enviroment: Compose rejects the key; write `environment`",
            "compose.yaml:4:18: environment: Compose rejects a text here; write a map, or a list of NAME=value",
            "compose.yaml:5:24: stop_grace_period: Compose rejects a time without a unit; write 45s",
            "compose.yaml:8:27: secrets: Compose rejects b, which the file does not define; add it to the `secrets` of the file",
            "compose.yaml:9:15: configs: Compose rejects c, which the file does not define; add it to the `configs` of the file",
            "compose.yaml:11:31: X_NUMBER: warning: set twice, first in line 11, which is not used; remove one of them",
            "compose.yaml:11:43: X_TEXT: Compose rejects a map in a list; write NAME=value",
            "compose.yaml:11:54: X_A: warning: set, but no field reads it; remove it",
            "compose.yaml:11:54: X_A: warning: some versions of Compose reject a `$` that begins no variable; write `$$` for `$`",
            "compose.yaml:11:63: X_HOME: warning: Compose takes a `$` and the letters after it for a variable; write `$$` for `$`, or `${NAME}` for a variable",
            "compose.yaml:11:76: X_C: Compose rejects a `$` that begins no variable; write `$$` for `$`",
            "compose.yaml:11:76: X_C: warning: set, but no field reads it; remove it",
            "compose.yaml:13:29: X_NUMBER: Compose rejects a list or a map here; write one text in quotes",
            "compose.yaml:13:42: X_TEXT: a YAML boolean, which some versions of Compose reject and others write as true or false; put it in quotes",
            "compose.yaml:13:55: X_HOME: a YAML date, which Compose rejects, or writes in another way; put it in quotes",
            "compose.yaml:13:67: X_A: warning: set, but no field reads it; remove it",
            "compose.yaml:13:72: X_A: a YAML number, which Compose writes in another way, such as 8 for 010; put it in quotes",
            "compose.yaml:13:77: X_B: warning: set, but no field reads it; remove it",
            "compose.yaml:13:85: X_C: warning: set, but no field reads it; remove it",
            "compose.yaml:13:94: X_D: warning: set, but no field reads it; remove it",
            "compose.yaml:13:99: X_D: a YAML number, which Compose writes in another way, such as 8 for 010; put it in quotes",
            "compose.yaml:13:104: X_E: warning: set, but no field reads it; remove it",
            "compose.yaml:13:109: X_E: a YAML number, which Compose writes in another way, such as 8 for 010; put it in quotes",
            "compose.yaml:13:114: X_F: warning: set, but no field reads it; remove it",
            "compose.yaml:13:119: X_F: a YAML number, which Compose writes in another way, such as 8 for 010; put it in quotes",
            "compose.yaml:13:137: X_G: warning: set, but no field reads it; remove it",
            "compose.yaml:13:159: X_H: warning: set, but no field reads it; remove it",
            "compose.yaml:16:16: env_file: warning: the file cannot be read: No such file or directory (os error 2); check the path; without it Compose starts nothing, and its variables are not judged",
            "compose.yaml:16:104: env_file: Compose knows no such format of a file; write `raw`, or remove `format`",
            "compose.yaml:18:14: extends: the file defines no service wbe; is web meant?",
            "compose.yaml:21:21: extends: warning: the file cannot be read: No such file or directory (os error 2); check the path; without it Compose starts nothing",
            "compose.yaml:24:41: extends: the file defines no service none; correct the name",
            "compose.yaml:27:21: extends: warning: the file is malformed YAML; without it Compose starts nothing"
        ]
    );
}

#[test]
fn mistakes_of_units() {
    let text = "Environment=X_NUMBER=1\n[Unit]\nEnvironmentFile=/a\n[Service]\nEnviroment=X_NUMBER=1\nEnvironment=X_NUMBER=1 2 X_TEXT=a b\nEnvironment=X-A=1 3\n\
        Environment=X_B=%x X_C=1\nEnvironment=X_D=1 \"X_E=\nEnvironment=X_HOME=a\\q\nEnvironmentFile=a.env\nSetCredential=a:b\nTimeoutStopSec=1\nEnvironmentFile=-/none\n";
    assert_eq!(
        said(&[("a.service", text)]),
        [
            "a.service:1:1: Environment: systemd ignores it outside of [Service]; move it there",
            "a.service:3:1: EnvironmentFile: systemd ignores it outside of [Service]; move it there",
            "a.service:5:1: Enviroment: systemd ignores the key; write `Environment`",
            "a.service:6:24: X_NUMBER: systemd ignores a word without `=`, and ends the value before it; put the whole assignment in quotes",
            "a.service:6:35: X_TEXT: systemd ignores a word without `=`, and ends the value before it; put the whole assignment in quotes",
            "a.service:7:13: X-A: systemd ignores a name that is not of letters, digits and `_`; write NAME=value",
            "a.service:7:19: X-A: systemd ignores a word without `=`, and ends the value before it; put the whole assignment in quotes",
            "a.service:8:13: X_B: systemd ignores the variable, because `%` begins no specifier; write `%%` for `%`",
            "a.service:8:20: X_C: warning: set, but no field reads it; remove it",
            "a.service:9:13: X_D: warning: set, but no field reads it; remove it",
            "a.service:9:13: X_D: systemd ignores the rest of the line, because a quote is not closed or a backslash begins no escape; close it, or write `\\\\` for `\\`",
            "a.service:10:13: Environment: systemd ignores the rest of the line, because a quote is not closed or a backslash begins no escape; close it, or write `\\\\` for `\\`",
            "a.service:11:17: EnvironmentFile: systemd ignores a path that is not absolute; write it from `/` on",
            "a.service:12:15: SetCredential: a secret in plain text, which everybody who can read the unit sees; name a file in LoadCredential="
        ]
    );
}

#[test]
fn mistakes_of_containers_of_quadlet() {
    let text = "[Container]\nImage=x\nEnviroment=X_NUMBER=1\nEnvironment=X_NUMBER=1 X_A=%x \"X_B=\nEnvironmentFile=-a.env\nStopTimeout=1min\n[Service]\nEnvironment=X_TEXT=1 \"X_C=a b\"\n";
    assert_eq!(
        said(&[("a.container", text)]),
        [
            "a.container:3:1: Enviroment: Podman rejects the file; write `Environment`",
            "a.container:4:13: Environment: Podman ignores the line or reads another text, because a quote is not closed or a backslash begins no escape; close it, or write `\\\\` for `\\`",
            "a.container:4:24: X_A: systemd rejects the command of the container, because `%` begins no specifier; write `%%` for `%`",
            "a.container:5:17: EnvironmentFile: Podman has no optional files, and finds no file with `-` in its name; remove the `-`",
            "a.container:6:13: StopTimeout: Podman ignores everything but whole seconds; write 45, for example",
            "a.container:8:13: X_TEXT: warning: the container does not get a variable of another section; move it to [Container]",
            "a.container:8:22: X_C: warning: the container does not get a variable of another section; move it to [Container]"
        ]
    );
}

#[test]
fn mistakes_of_images_processes_and_apps() {
    let dockerfile = "ARG A=1\nFROM x AS base\nENV X_NUMBER=a X_TEXT=b c\nENV X_HOME=$A X_A\nFROM x\nENV X_NUMBER=b\nFROM base\nENV X_A ${A}\nEXPOSE 1\n";
    assert_eq!(
        said(&[("Dockerfile", dockerfile)]),
        [
            "Dockerfile:3:5: X_NUMBER: \"a\" is not a u8: it must be a whole number from 0 to 255",
            "Dockerfile:3:25: ENV: docker rejects a word without `=`; put the value in quotes",
            "Dockerfile:4:5: X_HOME: warning: an ARG before FROM is empty in the stage; repeat `ARG` after FROM",
            "Dockerfile:4:15: ENV: docker rejects a word without `=`; put the value in quotes",
            "Dockerfile:8:5: X_A: warning: an ARG before FROM is empty in the stage; repeat `ARG` after FROM",
            "Dockerfile:8:5: X_A: warning: set, but no field reads it; remove it"
        ]
    );
    assert_eq!(
        said(&[("Procfile", "web: X_NUMBER=a app\n")]),
        ["Procfile:1:6: X_NUMBER: \"a\" is not a u8: it must be a whole number from 0 to 255"]
    );
    let app = "{\"name\": \"a\", \"env\": {\"X_NUMBER\": 1, \"X_TEXT\": {\"valeu\": \"a\"}, \"X_HOME\": {\"value\": true}, \"X_HOME\": \"b\", \"X_TOKEN\": {\"value\": \"abc\"}}}\n";
    assert_eq!(
        said(&[("app.json", app)]),
        [
            "app.json:1:35: X_NUMBER: app.json wants a text here; put it in quotes",
            "app.json:1:49: X_TEXT: app.json has no such key; write `value`",
            "app.json:1:74: X_HOME: app.json wants a text here; put it in quotes",
            "app.json:1:91: X_HOME: the key is twice in the object, and the last counts; remove one of them",
            "app.json:1:127: X_TOKEN: a secret in plain text, for everybody who has this file; remove the value, and set it in the platform"
        ]
    );
}

#[test]
fn names_that_another_type_reads_are_no_mistakes() {
    let text = "X_A=1\nX_B_FILE=/b\nX_C=1\nX_C_FILE=/c\nX_D_FILE=/d\nx_a=1\nX_NUMBER_FILE=/n\nx-number=1\nhome_dir=1\nX.E=1\n X_F =1\nOTHER=1\n";
    let known = Small::deployment().known(["X_A", "X_B", "X_C*"]);
    assert_eq!(
        said_by(known, &[("docker.env", text)]),
        [
            "docker.env:5:1: X_D_FILE: warning: set, but no field reads it; remove it",
            "docker.env:6:1: x_a: no field reads a name in this spelling; write X_A",
            "docker.env:7:1: X_NUMBER_FILE: warning: set, but X_NUMBER takes no file; set X_NUMBER to the text of the file",
            "docker.env:8:1: x-number: no field reads a name in this spelling; write X_NUMBER",
            "docker.env:9:1: home_dir: warning: no field reads a name in this spelling; write HOME_DIR",
            "docker.env:10:1: X.E: no field reads a name in this spelling; write X_E",
            "docker.env:11:1: docker accepts no white space before `=`, and no `export`; write NAME=value"
        ]
    );
}

#[test]
fn a_unit_is_of_the_program_if_its_file_names_the_program_or_it_is_asked_for() {
    let said = |deployment: Deployment<'_>, name: &str| {
        said_by(
            deployment,
            &[(
                name,
                "[Service]\nEnvironmentFile=a.env\nExecStart=/bin/app\n",
            )],
        )
    };
    let none = "no container of this program among web.service; name it with --container, or leave the file out";
    let relative = "web.service:2:17: EnvironmentFile: systemd ignores a path that is not absolute; write it from `/` on";
    assert_eq!(said(Small::deployment(), "web.service"), [relative]);
    assert_eq!(
        said(Small::deployment().program("app"), "web.service"),
        [relative]
    );
    assert_eq!(
        said(Small::deployment().program("web"), "web.service"),
        [relative]
    );
    let other = Small::deployment().program("shop");
    assert_eq!(
        said(other, "web.service"),
        [format!("web.service:1:1: {none}")]
    );
    let wanted = Small::deployment().program("shop").container("web.service");
    assert_eq!(said(wanted, "web.service"), [relative]);
    let unwanted = Small::deployment().program("shop").container("a.service");
    assert_eq!(
        said(unwanted, "web.service"),
        [format!("web.service:1:1: {none}")]
    );
}

#[test]
fn files_with_nothing_to_judge_are_left_out_or_are_mistakes() {
    let left = [
        ("notes.txt", "a\n"),
        ("chart.yaml", "a: '{{ x }}'\n"),
        ("empty.yaml", "a: b\n"),
        ("values.yaml", "env: {X_NUMBER: a}\n"),
        ("package.json", "{\"name\": \"a\"}\n"),
        (
            "many.yaml",
            "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f}]}\n",
        ),
    ];
    let files = Files::new(&[&left[..], &[("good.env", "X_NUMBER=1\n")]].concat());
    let said = |deployment: Deployment<'static>, names: &[&str]| {
        let paths = names.iter().map(|name| files.dir.path().join(name));
        let report = paths.fold(deployment, Deployment::file).check();
        let start = format!("{}/", files.dir.path().display());
        let found = report
            .findings()
            .map(|it| it.to_string().replace(&start, ""));
        found.collect::<Vec<_>>()
    };
    let alone: Vec<_> = left
        .iter()
        .flat_map(|(name, _)| said(Small::deployment(), &[name]))
        .collect();
    assert_eq!(
        alone,
        [
            "notes.txt:1:1: the name is of no known format; name a .yaml, .json, .service, .container or .env file, a Dockerfile or a Procfile",
            "chart.yaml:1:1: it starts no program; a template must be rendered first, as `helm template` does, and piped into `-`",
            "empty.yaml:1:1: it starts no program and sets no variable of this one; leave it out",
            "values.yaml:1:1: it starts no program and sets no variable of this one; leave it out",
            "package.json:1:1: it starts no program and sets no variable of this one; leave it out",
            "many.yaml:1:1: no container of this program among a, b, c, d, e; name it with --container, or leave the file out"
        ]
    );
    let all: Vec<&str> = left
        .iter()
        .map(|(name, _)| *name)
        .chain(["good.env"])
        .collect();
    assert_eq!(
        said(Small::deployment(), &all),
        [
            "chart.yaml:1:1: note: it starts no program; a template must be rendered first, as `helm template` does, and piped into `-`",
            "empty.yaml:1:1: note: it starts no program and sets no variable of this one; leave it out",
            "many.yaml:1:1: warning: no container of this program among a, b, c, d, e; name it with --container, or leave the file out",
            "notes.txt:1:1: note: the name is of no known format; name a .yaml, .json, .service, .container or .env file, a Dockerfile or a Procfile",
            "package.json:1:1: note: it starts no program and sets no variable of this one; leave it out",
            "values.yaml:1:1: note: it starts no program and sets no variable of this one; leave it out"
        ]
    );
    let named = Small::deployment().container("good");
    assert_eq!(
        said(named, &all),
        [
            "chart.yaml:1:1: note: it starts no program; a template must be rendered first, as `helm template` does, and piped into `-`",
            "empty.yaml:1:1: note: it starts no program and sets no variable of this one; leave it out",
            "many.yaml:1:1: note: no container of this program among a, b, c, d, e; name it with --container, or leave the file out",
            "notes.txt:1:1: note: the name is of no known format; name a .yaml, .json, .service, .container or .env file, a Dockerfile or a Procfile",
            "package.json:1:1: note: it starts no program and sets no variable of this one; leave it out",
            "values.yaml:1:1: note: it starts no program and sets no variable of this one; leave it out"
        ]
    );
}

#[derive(Debug, EnvConfig)]
#[env(prefix = "X", one_of(cache, disk))]
#[expect(dead_code, reason = "only checked")]
struct Switched {
    #[env(group, switch = "ON")]
    cache: Option<Cache>,
    disk: Option<String>,
    #[env(requires(cache))]
    ttl: Option<u8>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only checked")]
struct Cache {
    #[env(default = 1)]
    size: u8,
}

#[test]
fn a_rule_that_a_switch_breaks_is_a_mistake_unless_the_switch_is_unknown() {
    let manifest = |switch: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  enableServiceLinks: false\n  \
             containers:\n  - name: x\n    image: x\n    env:\n    - {{name: X_TTL, value: \"1\"}}\n    \
             - {{name: X_CACHE_ON, {switch}}}\n"
        )
    };
    let said = |switch| said_by(Switched::deployment(), &[("a.yaml", &manifest(switch))]);
    assert_eq!(
        said("value: \"no\""),
        [
            "a.yaml:11:33: X_CACHE_ON: switched off; required because X_TTL is set; \
          set exactly one of: X_CACHE_ON, X_DISK; switch it on"
        ]
    );
    assert_eq!(
        said("value: \"yse\""),
        ["a.yaml:11:33: X_CACHE_ON: \"yse\" is not one of: true, false, yes, no, on, off, 1, 0"]
    );
    for switch in [
        "value: \"yes\"",
        "valueFrom: {configMapKeyRef: {name: elsewhere, key: on}}",
    ] {
        assert_eq!(said(switch), [""; 0]);
    }
}
