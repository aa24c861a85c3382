use std::fs;
use std::path::Path;

use rustix::process::Signal;

use crate::process::Process;
use crate::raw::Raw;

/// Goes in as a secret; must come out nowhere.
const CANARY: &str = "hunter2-canary-hunter2";

#[test]
fn a_secret_is_in_no_output() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("db_url"),
        format!("sqlite:{}/{CANARY}?mode=rwc\n", dir.path().display()),
    )
    .unwrap();
    let vars = [
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", dir.path().to_str().unwrap()),
        ("APP_DRAIN_DELAY", "0s"),
        ("APP_ADMIN_TOKEN", CANARY),
        ("APP_CHAOS", "yes"),
        ("LOG_LEVEL", "trace,sqlx=trace"),
    ];
    let mut outputs = Vec::new();

    let process = Process::start(&vars);
    let client = process.client();
    for path in [
        "/hello",
        "/visits",
        "/__heartbeat__",
        "/-/ready",
        "/-/healthy",
        "/__version__",
        "/-/chaos/delay/1",
        "/-/config",
        "/-/log-level",
        "/-/metrics",
        "/nope",
    ] {
        outputs.push(format!("{:?}", client.get(path)));
    }
    let mut connection = Raw::connect(client.address);
    for token in [CANARY, "wrong"] {
        let head = "PUT /-/log-level HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer";
        let body = "{\"level\":\"trace\"}";
        let length = body.len();
        connection.send(format!(
            "{head} {token}\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        outputs.push(format!("{:?}", connection.answer()));
    }
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    outputs.extend([ended.stdout, ended.stderr]);

    for option in ["--check", "--help", "--version"] {
        let ended = Process::run(&[option], &vars);
        assert_eq!(ended.code, Some(0));
        outputs.extend([ended.stdout, ended.stderr]);
    }
    for output in outputs {
        assert!(!output.contains(CANARY), "{output}");
    }
}

/// The report about a directory without a readable secret.
fn refused(dir: &Path) -> String {
    let path = dir.to_str().unwrap();
    let vars = [
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", path),
        ("LOG_FORMAT", "human"),
    ];
    let ended = Process::start(&vars).wait();
    assert_eq!(ended.code, Some(78));
    ended.stderr
}

#[test]
fn a_secret_that_is_missing_or_cannot_be_read_is_78_and_names_the_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().display();
    let missing = format!(
        "cannot use the database: APP_DB_URL is not set, and there is no `db_url` in {path}; \
         set one of them"
    );
    let said = refused(dir.path());
    assert!(said.contains(&missing), "{said}");

    let said = refused(&dir.path().join("none"));
    let no_directory = format!("there is no `db_url` in {path}/none, which is no directory; set");
    assert!(said.contains(&no_directory), "{said}");

    fs::create_dir(dir.path().join("db_url")).unwrap();
    let unreadable = format!(
        "APP_DB_URL  cannot be read from the files in {path}: db_url: it is not a regular file"
    );
    let said = refused(dir.path());
    assert!(said.contains(&unreadable), "{said}");
}

/// Somebody gave the token where its file is to be named.
#[test]
fn a_token_in_place_of_its_file_is_not_shown() {
    let ended = Process::run(
        &["--check", "--with-secrets"],
        &[
            ("APP_SECRETS", "vault"),
            ("APP_SECRETS_VAULT_ADDR", "http://127.0.0.1:1"),
            ("APP_SECRETS_VAULT_AUTH", "token"),
            ("APP_SECRETS_VAULT_AUTH_TOKEN_FILE", CANARY),
        ],
    );
    assert_eq!(ended.code, Some(78));
    assert_eq!(
        ended.stderr,
        "demo-service: cannot fetch the secrets (see APP_SECRETS_VAULT_*): cannot log in with \
         a file that does not exist (the path is not shown, because it may be the secret itself): \
         No such file or directory (os error 2); check the file, and who may read it\n"
    );
}

/// The report on a system without CA certificates.
fn without_roots(vars: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut all = vec![("SSL_CERT_FILE", "/dev/null"), ("APP_START_TIMEOUT", "3s")];
    all.extend(vars);
    let ended = Process::run(&["--check", "--with-secrets"], &all);
    (ended.code, ended.stderr)
}

#[test]
fn without_ca_certificates_a_store_is_asked_or_the_remedy_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    fs::write(&token, CANARY).unwrap();
    let vault = |addr| {
        without_roots(&[
            ("APP_SECRETS", "vault"),
            ("APP_SECRETS_VAULT_ADDR", addr),
            ("APP_SECRETS_VAULT_AUTH", "token"),
            ("APP_SECRETS_VAULT_AUTH_TOKEN_FILE", token.to_str().unwrap()),
        ])
    };
    let said = "demo-service: cannot fetch the secrets (see APP_SECRETS_VAULT_*): \
                cannot prepare to speak to https://127.0.0.1:1: \
                the system has no CA certificates; \
                install some, or give the Vault's own in a file (`CA_FILE`)\n";
    assert_eq!(vault("https://127.0.0.1:1"), (Some(78), said.to_owned()));

    let aws = |addr| {
        without_roots(&[
            ("APP_SECRETS", "aws"),
            ("APP_SECRETS_AWS_SECRET_ID", "prod/app"),
            ("APP_SECRETS_AWS_ENDPOINT_URL", addr),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", CANARY),
            ("AWS_SECRET_ACCESS_KEY", CANARY),
        ])
    };
    for (code, said) in [
        vault("http://127.0.0.1:1"),
        aws("http://127.0.0.1:1"),
        aws("https://127.0.0.1:1"),
    ] {
        assert_eq!(code, Some(69), "{said}");
        assert!(
            said.contains("cannot be reached: Connection refused"),
            "{said}"
        );
    }
}
