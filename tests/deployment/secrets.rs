//! No text of a secret is in a finding, for any mistake in the secret.

use crate::program::Files;

/// A canary for each place, since a part of it would be as bad.
const CANARY: &str = "canary7f3a9";

#[test]
fn no_secret_is_in_any_finding() {
    let encoded = "Y2FuYXJ5N2YzYTk=";
    let manifest = |env: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{PORT: {encoded}, APP_LOG_FORMAT: {encoded}}}\nstringData:\n  URL: postgres://me:{CANARY}@db/x\n  bad: 12{CANARY}\n---\n\
             apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: demo-service\n      envFrom: [{{secretRef: {{name: s}}}}]\n      env:\n{env}"
        )
    };
    let from = |name: &str, key: &str| {
        format!(
            "        - name: {name}\n          valueFrom: {{secretKeyRef: {{name: s, key: {key}}}}}\n"
        )
    };
    let literal = |name: &str, text: &str| format!("        - {{name: {name}, value: {text}}}\n");
    let url = format!("postgres://me:{CANARY}@db/x?x={CANARY}");
    let odd = format!("'{CANARY}$(X) $$ '");
    for (name, text) in [
        ("a.yaml", manifest(&from("APP_PORT", "PORT"))),
        ("a.yaml", manifest(&from("APP_TRUSTED_PROXIES", "URL"))),
        ("a.yaml", manifest(&from("APP_ADMIN_LISTEN", "bad"))),
        (
            "a.yaml",
            manifest(&(from("X", "PORT") + &literal("APP_PORT", "$(X)"))),
        ),
        ("a.yaml", manifest(&literal("APP_DB_URL", &url))),
        ("a.yaml", manifest(&literal("APP_ADMIN_TOKEN", &odd))),
        ("a.yaml", manifest(&literal("APP_DB_URL_FILE", &odd))),
        (
            "c.yaml",
            format!(
                "services:\n  app:\n    environment:\n      - {url}\n      - APP_DB_URL={url}$\n      - APP_ADMIN_TOKEN=\"{CANARY}\"\n"
            ),
        ),
        (
            "c.yaml",
            format!("services:\n  app:\n    environment:\n      APP_ADMIN_TOKEN: pa${CANARY}\n"),
        ),
        (
            "c.yaml",
            format!(
                "services:\n  app:\n    environment:\n      APP_ADMIN_TOKEN: {{{CANARY}: x}}\n"
            ),
        ),
        (
            "c.yaml",
            format!("services:\n  app:\n    environment:\n      APP_ADMIN_TOKEN: \"{CANARY}\n"),
        ),
        (
            ".env",
            format!("APP_ADMIN_TOKEN='{CANARY} # x'\n{CANARY}\nAPP_DB_URL=\"{url}\n"),
        ),
        (".env", format!("export APP_ADMIN_TOKEN=\"{CANARY}\"$X\n")),
        (
            "a.service",
            format!("[Service]\nEnvironment=APP_ADMIN_TOKEN={CANARY} {CANARY} %{CANARY}\n"),
        ),
        (
            "a.service",
            format!("[Service]\nSetCredential=db_url:{CANARY}\nEnvironment=\"APP_DB_URL={url}\n"),
        ),
        (
            "Dockerfile",
            format!("FROM x\nENV APP_ADMIN_TOKEN={CANARY} {CANARY}\nENV APP_DB_URL {url}\n"),
        ),
        ("Procfile", format!("web: APP_ADMIN_TOKEN={CANARY} ./x\n")),
        (
            "app.json",
            format!("{{\"env\": {{\"APP_ADMIN_TOKEN\": \"{CANARY}\"}}}}"),
        ),
        (
            "kustomization.yaml",
            format!(
                "configMapGenerator: [{{name: x, literals: [APP_ADMIN_TOKEN={CANARY}, {CANARY}]}}]"
            ),
        ),
        (
            "kustomization.yaml",
            format!(
                "secretGenerator: [{{name: x, literals: [APP_PORT={CANARY}]}}]\nconfigMapGenerator: [{{name: x, literals: [APP_PORT=8]}}]"
            ),
        ),
    ] {
        let files = Files::new(&[(name, &text)]);
        for format in ["text", "json", "github", "sarif"] {
            let checked = files.check(&["--strict", "--format", format, name]);
            assert!(!checked.stdout.contains(CANARY), "{text}: {checked:?}");
            assert!(!checked.stderr.contains(CANARY), "{text}: {checked:?}");
            assert!(
                checked.code == Some(78) || checked.code == Some(0),
                "{text}: {checked:?}"
            );
        }
    }
}

#[test]
fn a_wrong_text_from_a_secret_is_named_without_the_text() {
    let text = "apiVersion: v1\nkind: List\nitems:\n\
        - {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {format: jsno}}\n\
        - apiVersion: v1\n  kind: Pod\n  spec:\n    enableServiceLinks: false\n    terminationGracePeriodSeconds: 45\n    containers:\n      - name: demo-service\n        env:\n          - name: APP_LOG_FORMAT\n            valueFrom: {secretKeyRef: {name: s, key: format}}\n";
    let files = Files::new(&[("a.yaml", text)]);
    let checked = files.check(&["a.yaml"]);
    assert_eq!(
        checked.stdout,
        "a.yaml:4:76: APP_LOG_FORMAT: the text in the Secret is refused, and not shown; it must \
         be one of: human, json, mozlog\n"
    );
}
