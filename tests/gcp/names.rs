use std::collections::BTreeMap;

use environ::secrets::SecretStore;
use environ::secrets::gcp::{GcpErrorKind, GcpSecrets};
use environ::{EnvConfig, Secret, Warning};
use serde_json::json;

use crate::client;
use crate::fake::{FakeGcp, Mode, crc32c};

#[derive(Debug, EnvConfig)]
struct AppConfig {
    #[env(group)]
    db: Option<Db>,
    #[env(secret, key = "session", alias = "SESSION_KEY")]
    session_key: Option<Secret<String>>,
    #[env(secret, name = "API_TOKEN")]
    token: Option<Secret<String>>,
    #[env(group)]
    user: Vec<User>,
    #[env(group)]
    shard: BTreeMap<String, Db>,
}

#[derive(Debug, EnvConfig)]
struct Db {
    url: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct User {
    password: Secret<String>,
}

#[tokio::test]
async fn a_newer_version_of_any_secret_is_another_version() {
    let server = FakeGcp::start();
    server.put("db", "{}");
    server.put("session", "{}");
    let pairs = [
        ("APP_DB_URL_SECRET_ID", "db"),
        ("SESSION_KEY_SECRET_ID", "session"),
    ];
    let client = client(&server).await;
    let versions = async || {
        let named = GcpSecrets::named_by_variables::<AppConfig>(&client, &pairs).await;
        let document = GcpSecrets::document(&client, "db").await;
        [named, document].map(|secrets| secrets.unwrap().version(&()).unwrap())
    };
    let before = versions().await;
    assert_eq!(versions().await, before);
    server.put("session", "{}");
    let after = versions().await;
    assert_ne!(after[0], before[0]);
    assert_eq!(after[1], before[1]);
}

#[tokio::test]
async fn a_variable_holds_the_name_of_each_secret() {
    let server = FakeGcp::start();
    for id in ["prod-db", "session", "token", "first", "second", "shard"] {
        server.put(id, &format!("canary of {id}\n"));
    }
    let pairs = [
        ("APP_DB_URL_SECRET_ID", "prod-db"),
        ("SESSION_KEY_SECRET_ID", "session"),
        ("API_TOKEN_SECRET_ID", "token"),
        ("APP_USER_0_PASSWORD_SECRET_ID", "first"),
        ("APP_USER_1_PASSWORD_SECRET_ID", "second"),
        ("APP_SHARD_WEST_URL_SECRET_ID", "shard"),
    ];
    let client = client(&server).await;
    let secrets = GcpSecrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let load = AppConfig::loader().source(pairs).secrets(secrets.unwrap());
    let loaded = load.strict().deny_env_secrets().load().unwrap();
    let config = loaded.config;
    assert_eq!(config.db.unwrap().url.expose(), "canary of prod-db\n");
    assert_eq!(config.session_key.unwrap().expose(), "canary of session\n");
    assert_eq!(config.token.unwrap().expose(), "canary of token\n");
    let users = config.user.iter().map(|user| user.password.expose());
    assert_eq!(
        users.collect::<Vec<_>>(),
        ["canary of first\n", "canary of second\n"]
    );
    assert_eq!(config.shard["west"].url.expose(), "canary of shard\n");
    assert_eq!(
        loaded.origins.get("APP_DB_URL").unwrap().to_string(),
        "Google Secret Manager"
    );
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.iter().all(|text| text.contains("white space")));
}

#[tokio::test]
async fn a_secret_without_a_name_is_left_to_others() {
    let server = FakeGcp::start();
    server.put("token", "canary");
    let pairs = [
        ("API_TOKEN_SECRET_ID", "token"),
        ("APP_DB_URL", "a value"),
        ("APP_SESSION_KEY_SECRET_ID", ""),
    ];
    let client = client(&server).await;
    let secrets = GcpSecrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let load = AppConfig::loader().source(pairs).secrets(secrets.unwrap());
    let loaded = load.load().unwrap();
    assert_eq!(loaded.config.token.unwrap().expose(), "canary");
    assert_eq!(loaded.config.db.unwrap().url.expose(), "a value");
    assert!(loaded.config.session_key.is_none());
    // A value is not a name, and is sent nowhere.
    let asked = server.asked();
    let secrets: Vec<_> = asked
        .iter()
        .filter(|line| line.starts_with("GET /v1/"))
        .collect();
    assert_eq!(secrets.len(), 1, "{asked:?}");
    assert!(secrets[0].ends_with("/secrets/token/versions/latest:access"));
    let warnings: Vec<_> = loaded.warnings.iter().map(Warning::name).collect();
    // Pairs given as a source are seen by no child process.
    assert_eq!(warnings, [""; 0]);
}

#[tokio::test]
async fn the_password_of_a_url_in_place_of_its_name_is_neither_sent_nor_shown() {
    let server = FakeGcp::start();
    let pairs = [("APP_DB_URL_SECRET_ID", "postgres://app:canary@db/app")];
    let client = client(&server).await;
    let err = GcpSecrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let err = err.unwrap_err();
    assert!(!format!("{err} {err:?}").contains("canary"), "{err:?}");
    assert_eq!(
        err.to_string(),
        "APP_DB_URL_SECRET_ID: cannot read the secret postgres://app:***@db/app: \
         it is not the name of a secret; check the name, the version and the project"
    );
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test]
async fn all_secrets_that_cannot_be_read_are_reported_at_once() {
    let server = FakeGcp::start();
    server.put("prod-db", "canary");
    let bytes = [0xff, 0xfe];
    let checksum = crc32c(&bytes);
    server.put_as("bytes", json!({"data": "//4=", "dataCrc32c": checksum}));
    let pairs = [
        ("APP_DB_URL_SECRET_ID", "prod-db"),
        ("APP_SESSION_KEY_SECRET_ID", "nowhere"),
        ("API_TOKEN_SECRET_ID", "bytes"),
    ];
    let client = client(&server).await;
    let err = GcpSecrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let err = err.unwrap_err();
    assert_eq!(
        err.to_string(),
        "2 secrets cannot be read:
  APP_SESSION_KEY_SECRET_ID: cannot read the secret nowhere: it is not there \
         (404, NOT_FOUND: Secret [projects/12/secrets/nowhere] not found.); \
         check the name, the version and the project
  API_TOKEN_SECRET_ID: cannot read the secret bytes: it holds bytes, not text; \
         store it as text; a document is a JSON object"
    );
    assert_eq!(err.kind(), GcpErrorKind::NotFound);
    let failures = err.failures();
    let failures: Vec<_> = failures
        .map(|one| (one.variable(), one.secret_id()))
        .collect();
    assert_eq!(
        failures,
        [
            (Some("APP_SESSION_KEY_SECRET_ID"), "nowhere"),
            (Some("API_TOKEN_SECRET_ID"), "bytes")
        ]
    );
    assert!(!format!("{err:?}").contains("canary"));
}

#[tokio::test]
async fn eight_are_asked_for_at_a_time_with_one_login() {
    let server = FakeGcp::start();
    server.state().mode = Mode::Gathering(8);
    let pairs: Vec<_> = (0..20)
        .map(|user| {
            let id = format!("user-{user}");
            server.put(&id, "canary");
            (format!("APP_USER_{user}_PASSWORD_SECRET_ID"), id)
        })
        .collect();
    let client = client(&server).await;
    let secrets = GcpSecrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let load = AppConfig::loader().source(&pairs).secrets(secrets.unwrap());
    assert_eq!(load.load().unwrap().config.user.len(), 20);
    // The project, a token, and the secrets.
    assert_eq!(server.asked().len(), 22);
    assert_eq!(server.state().busiest, 8);
}
