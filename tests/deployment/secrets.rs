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

#[test]
fn a_ciphertext_beside_another_source_of_the_secret_is_an_error() {
    let key = "projects/p/locations/global/keyRings/r/cryptoKeys/k";
    let store = format!("APP_SECRETS=gcp\nAPP_SECRETS_GCP_KMS_KEY={key}\n");
    let check = |lines: &str| {
        let files = Files::new(&[(".env", &format!("{store}{lines}"))]);
        let checked = files.check(&[".env"]);
        (checked.code, checked.stdout)
    };
    for (other, text) in [
        ("APP_DB_URL_KMS_FILE", "/x"),
        ("APP_DB_URL_SECRET_ID", "db-url"),
        ("APP_DB_URL", "sqlite::memory:"),
        ("APP_DB_URL_FILE", "/x"),
    ] {
        let (code, found) = check(&format!("{other}={text}\nAPP_DB_URL_KMS=CiQA\n"));
        let line = format!(".env:4:16: APP_DB_URL_KMS: {other} is set, too; remove one of them\n");
        assert!(found.contains(&line), "{other}: {found}");
        assert_eq!(code, Some(78), "{other}: {found}");
    }
    for one in [
        "APP_DB_URL_KMS=CiQA\nAPP_ADMIN_TOKEN_SECRET_ID=token\n",
        "APP_DB_URL_KMS_FILE=/x\nAPP_DB_URL_SECRET_ID=\n",
        // An id beside a value is a warning of the load.
        "APP_DB_URL=sqlite::memory:\nAPP_DB_URL_SECRET_ID=db-url\n",
    ] {
        let (_, found) = check(one);
        assert!(!found.contains("remove one of them"), "{one}: {found}");
    }
}
