//! Mistakes that the environment shows without a request: a check finds each for which the start
//! fails.

use std::fs;
use std::path::Path;

use crate::fake_gcp::KEY;
use crate::process::Process;

/// A server that no test reaches.
const NOWHERE: &str = "http://127.0.0.1:1";
const CIPHERTEXT: &str = "CiQA";
/// The path may be a secret by mistake, and is not always shown.
const NO_FILE: &str = ": No such file or directory (os error 2); check the ";

type Vars<'a> = Vec<(&'static str, &'a str)>;

/// Asserts that a check, `doctor`, a check with the secrets and the start end with 78 and this
/// reason.
fn refused(vars: &[(&str, &str)], reason: &str) {
    let all = [&[("APP_START_TIMEOUT", "3s")], vars].concat();
    for arguments in [
        &["--check"][..],
        &["doctor"],
        &["--check", "--with-secrets"],
        &[],
    ] {
        let ended = Process::run(arguments, &all);
        assert_eq!(ended.code, Some(78), "{arguments:?} {vars:?}: {ended:?}");
        assert!(
            ended.stderr.contains(reason),
            "{arguments:?} {reason}: {ended:?}"
        );
        assert!(!ended.stderr.contains("canary"), "{ended:?}");
    }
}

fn file(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn google<'a>(vars: &[(&'static str, &'a str)]) -> Vars<'a> {
    let own = [
        ("APP_SECRETS", "gcp"),
        ("APP_SECRETS_GCP_ENDPOINT_URL", NOWHERE),
        ("APP_SECRETS_GCP_KMS_ENDPOINT_URL", NOWHERE),
    ];
    [&own, vars].concat()
}

#[test]
fn a_secret_with_two_sources_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let url = file(dir.path(), "url", "sqlite::memory:");
    for (other, text) in [
        ("APP_DB_URL", "sqlite::memory:"),
        ("APP_DB_URL_FILE", &*url),
        ("APP_DB_URL_KMS_FILE", "/dev/null"),
        ("APP_DB_URL_SECRET_ID", "db-url"),
    ] {
        let vars = google(&[
            ("APP_SECRETS_GCP_KMS_KEY", KEY),
            ("APP_DB_URL_KMS", CIPHERTEXT),
            (other, text),
        ]);
        let reason = format!(
            "(see APP_SECRETS_GCP_*): APP_DB_URL_KMS: cannot read the secret: {other} is set, \
             too; remove one of them\n"
        );
        refused(&vars, &reason);
    }
}

#[test]
fn a_ciphertext_that_cannot_be_sent_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let text = file(dir.path(), "text", "postgres://app:canary@db/app");
    let (key, kms) = ("APP_SECRETS_GCP_KMS_KEY", "APP_DB_URL_KMS");
    for (vars, reason) in [
        (
            vec![(key, KEY), (kms, "canary!")],
            "the ciphertext is not base64; encrypt the secret with `gcloud kms encrypt`",
        ),
        (
            vec![(key, KEY), ("APP_DB_URL_KMS_FILE", &*text)],
            "APP_DB_URL_KMS_FILE: cannot decrypt the secret with",
        ),
        (
            vec![(key, KEY), ("APP_ADMIN_TOKEN_KMS_FILE", "/nope")],
            NO_FILE,
        ),
        (
            vec![(kms, CIPHERTEXT)],
            "APP_DB_URL_KMS: cannot decrypt the secret: no key is named; name the key",
        ),
    ] {
        refused(&google(&vars), reason);
    }
}

#[test]
fn a_name_of_a_secret_that_cannot_be_one_is_refused() {
    let no_name = "cannot read the secret db url: it is not the name of a secret";
    let own = ("APP_DB_URL_SECRET_ID", "db url");
    refused(&google(&[own]), no_name);
    refused(&google(&[("APP_SECRETS_GCP_SECRET_ID", "db url")]), no_name);
    let project = [
        ("APP_DB_URL_SECRET_ID", "db-url"),
        ("GOOGLE_CLOUD_PROJECT", "my project"),
    ];
    refused(&google(&project), "the project is unknown");
    for id in [own, ("APP_SECRETS_AZURE_SECRET_ID", "db url")] {
        refused(&azure(&[id]), no_name);
    }
}

fn azure<'a>(vars: &[(&'static str, &'a str)]) -> Vars<'a> {
    let own = [
        ("APP_SECRETS", "azure"),
        ("APP_SECRETS_AZURE_VAULT_URL", NOWHERE),
    ];
    [&own, vars].concat()
}

#[test]
fn an_identity_that_cannot_log_in_is_refused() {
    let id = ("APP_DB_URL_SECRET_ID", "db-url");
    let application = [
        id,
        ("AZURE_TENANT_ID", "contoso.example"),
        ("AZURE_CLIENT_ID", "app"),
    ];
    let nowhere = ("AZURE_FEDERATED_TOKEN_FILE", "/nope");
    for (vars, reason) in [
        (
            vec![id, ("AZURE_CLIENT_SECRET", "canary")],
            "credentials need a tenant and a client id",
        ),
        ([&application[..], &[nowhere]].concat(), NO_FILE),
        (
            vec![
                id,
                ("IDENTITY_ENDPOINT", "x"),
                ("IDENTITY_HEADER", "canary"),
            ],
            "IDENTITY_ENDPOINT is not a URL",
        ),
        (
            vec![id, ("APP_SECRETS_AZURE_CA_FILE", "/dev/null/ca")],
            "cannot create a client of Azure Key Vault: cannot use /dev/null/ca: ",
        ),
    ] {
        refused(&azure(&vars), reason);
    }
    let aws = [("APP_SECRETS", "aws"), id, ("AWS_CONFIG_FILE", "/dev/zero")];
    refused(
        &aws,
        "cannot use /dev/zero (AWS_CONFIG_FILE): it is not a regular file",
    );
}

#[test]
fn credentials_of_google_that_cannot_be_used_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let no_json = file(dir.path(), "no.json", "canary");
    let no_type = file(dir.path(), "type.json", r#"{"type": "canary"}"#);
    let federated = r#"{"type": "external_account", "audience": "a", "subject_token_type": "t",
        "token_url": "https://sts.example/token", "project_id": "my-project",
        "credential_source": {"file": "/nope"}}"#;
    let federated = file(dir.path(), "federated.json", federated);
    for (path, reason) in [
        (&*no_json, "it is not JSON"),
        (&*no_type, "its `type` is none of"),
        (&*federated, NO_FILE),
    ] {
        let vars = [
            ("APP_DB_URL_SECRET_ID", "db-url"),
            ("GOOGLE_APPLICATION_CREDENTIALS", path),
        ];
        refused(&google(&vars), reason);
    }
}

#[test]
fn a_file_of_a_vault_that_cannot_be_used_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (token, empty) = (
        file(dir.path(), "token", "canary"),
        file(dir.path(), "empty", "\n"),
    );
    for (token, certificates, reason) in [
        ("/nope", "", NO_FILE),
        (&*empty, "", "there is no token, which is one word"),
        (&*token, "/nope", NO_FILE),
        (&*token, &*token, "there is no certificate in "),
    ] {
        let vars = [
            ("APP_SECRETS", "vault"),
            ("APP_SECRETS_VAULT_ADDR", NOWHERE),
            ("APP_SECRETS_VAULT_AUTH", "token"),
            ("APP_SECRETS_VAULT_AUTH_TOKEN_FILE", token),
            ("APP_SECRETS_VAULT_CA_FILE", certificates),
        ];
        refused(&vars, reason);
    }
}

#[test]
fn an_empty_secret_id_and_a_path_without_a_name_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (secret_id, empty) = (
        file(dir.path(), "secret_id", "canary"),
        file(dir.path(), "empty", " \n"),
    );
    let vars = |mount, secret_id| {
        [
            ("APP_SECRETS", "vault"),
            ("APP_SECRETS_VAULT_ADDR", NOWHERE),
            ("APP_SECRETS_VAULT_AUTH", "approle"),
            ("APP_SECRETS_VAULT_AUTH_APPROLE_ROLE_ID", "app"),
            ("APP_SECRETS_VAULT_AUTH_APPROLE_MOUNT", mount),
            ("APP_SECRETS_VAULT_AUTH_APPROLE_SECRET_ID_FILE", secret_id),
        ]
    };
    let reason = format!("cannot log in with {empty}: it is empty; check the file");
    refused(&vars("approle", &empty), &reason);
    for mount in ["/approle", "approle/", "../approle"] {
        let ended = Process::run(&["--check", "--with-secrets"], &vars(mount, &secret_id));
        let expected = format!(
            "demo-service: cannot fetch the secrets (see APP_SECRETS_VAULT_*): cannot log in at \
             auth/{mount}: a part of the path is empty, `.` or `..`; write mounts, paths and roles \
             without `/` at their begin and end; check the mounts, the roles and the paths\n"
        );
        assert_eq!((ended.code, ended.stderr), (Some(78), expected));
    }
    let ended = Process::run(
        &["--check", "--with-secrets"],
        &vars("app#role", &secret_id),
    );
    let reason = "the path has `?`, `#` or a control character; write %3F and %23; ";
    assert_eq!(ended.code, Some(78));
    assert!(ended.stderr.contains(reason), "{}", ended.stderr);
}

/// A document, a directory and a Vault may hold the URL.
#[test]
fn a_store_without_a_place_of_the_url_is_refused() {
    let region = ("APP_SECRETS_AWS_REGION", "eu-central-1");
    for (vars, store) in [
        (vec![("APP_SECRETS", "aws"), region], "AWS"),
        (azure(&[]), "Azure Key Vault"),
        (google(&[]), "Google Secret Manager"),
    ] {
        let reason = format!(
            "cannot use the database: APP_DB_URL is not set, and there is no `db_url` in {store}, \
             of which APP_DB_URL_SECRET_ID has the id; set one of them\n"
        );
        refused(&vars, &reason);
        let set = [&vars[..], &[("APP_DB_URL", "sqlite::memory:")]].concat();
        assert_eq!(Process::run(&["--check"], &set).code, Some(0), "{set:?}");
    }
    let document = google(&[("APP_SECRETS_GCP_SECRET_ID", "app-name")]);
    assert_eq!(Process::run(&["--check"], &document).code, Some(0));
}
