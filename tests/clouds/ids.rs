//! A secret for each variable, with its id in a variable.

use std::collections::BTreeMap;

use environ::secrets::SecretStore;
use environ::{EnvConfig, Problem, Secret, Warning};

use crate::cloud_server::Mode;
use crate::store::{self, ErrorKind, Fake, Secrets, client};

#[derive(Debug, EnvConfig)]
pub(crate) struct AppConfig {
    /// No secret.
    #[env(default = 8000)]
    #[expect(dead_code, reason = "only its name is used")]
    port: u16,
    #[env(group)]
    pub(crate) db: Option<Db>,
    #[env(secret, key = "session", alias = "SESSION_KEY")]
    pub(crate) session_key: Option<Secret<String>>,
    #[env(secret, name = "API_TOKEN")]
    pub(crate) token: Option<Secret<String>>,
    #[env(group)]
    pub(crate) user: Vec<User>,
    #[env(group)]
    pub(crate) shard: BTreeMap<String, Db>,
}

#[derive(Debug, EnvConfig)]
pub(crate) struct Db {
    pub(crate) url: Secret<String>,
}

#[derive(Debug, EnvConfig)]
pub(crate) struct User {
    pub(crate) password: Secret<String>,
}

#[tokio::test]
async fn a_newer_version_of_any_secret_is_another_version() {
    let server = Fake::start();
    server.put("db", "{}");
    server.put("session", "{}");
    let pairs = [
        ("APP_DB_URL_SECRET_ID", "db"),
        ("SESSION_KEY_SECRET_ID", "session"),
    ];
    let client = client(&server).await;
    let versions = async || {
        let named = Secrets::named_by_variables::<AppConfig>(&client, &pairs).await;
        let document = Secrets::document(&client, "db").await;
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
async fn a_variable_holds_the_id_of_each_secret() {
    let server = Fake::start();
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
    let secrets = Secrets::named_by_variables::<AppConfig>(&client, &pairs).await;
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
        store::NAME
    );
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.iter().all(|text| text.contains("white space")));
}

#[tokio::test]
async fn a_secret_without_an_id_is_left_to_others() {
    let server = Fake::start();
    server.put("token", "canary");
    let pairs = [
        ("API_TOKEN_SECRET_ID", "token"),
        ("APP_DB_URL", "a value"),
        ("APP_SESSION_KEY_SECRET_ID", ""),
    ];
    let client = client(&server).await;
    let secrets = Secrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let load = AppConfig::loader().source(pairs).secrets(secrets.unwrap());
    let loaded = load.load().unwrap();
    assert_eq!(loaded.config.token.unwrap().expose(), "canary");
    assert_eq!(loaded.config.db.unwrap().url.expose(), "a value");
    assert!(loaded.config.session_key.is_none());
    // A value is not an id, and is sent nowhere.
    assert_eq!(server.ids(), ["token"]);
    let warnings: Vec<_> = loaded.warnings.iter().map(Warning::name).collect();
    // Pairs given as a source are seen by no child process.
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn without_the_store_an_id_is_no_secret() {
    let pairs = [("APP_URL_SECRET_ID", "prod-db")];
    let err = Db::loader().source(pairs).strict().load().unwrap_err();
    let problems: Vec<_> = err.problems().map(Problem::code).collect();
    assert_eq!(problems, ["missing", "unknown"]);
}

#[tokio::test]
async fn the_password_of_a_url_in_place_of_its_id_is_not_shown() {
    let server = Fake::start();
    let pairs = [("APP_DB_URL_SECRET_ID", "postgres://app:canary@db/app")];
    let client = client(&server).await;
    // An answer may name the requested secret.
    let quoting = "not allowed on resource: postgres://app:canary@db/app";
    let (status, code) = store::DENIED;
    for mode in [
        Mode::Up,
        Mode::Refusing(status, store::refusal(code, quoting)),
    ] {
        server.state().mode = mode;
        let err = Secrets::named_by_variables::<AppConfig>(&client, &pairs).await;
        let err = err.unwrap_err();
        assert!(!format!("{err} {err:?}").contains("canary"), "{err:?}");
        let failure = err.failures().next().unwrap();
        assert_eq!(failure.secret_id(), "postgres://app:***@db/app");
    }
}

#[tokio::test]
async fn all_secrets_that_cannot_be_read_are_reported_at_once() {
    let server = Fake::start();
    server.put("prod-db", "canary");
    server.put_unreadable("unreadable");
    let pairs = [
        ("APP_DB_URL_SECRET_ID", "prod-db"),
        ("APP_SESSION_KEY_SECRET_ID", "nowhere"),
        ("API_TOKEN_SECRET_ID", "unreadable"),
    ];
    let client = client(&server).await;
    let err = Secrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let err = err.unwrap_err();
    assert_eq!(
        err.to_string(),
        format!(
            "2 secrets cannot be read:
  APP_SESSION_KEY_SECRET_ID: cannot read the secret nowhere: {}
  API_TOKEN_SECRET_ID: cannot read the secret unreadable: {}",
            store::NOWHERE,
            store::UNREADABLE
        )
    );
    assert_eq!(err.kind(), ErrorKind::NotFound);
    let failures = err.failures();
    let failures: Vec<_> = failures
        .map(|one| (one.variable(), one.secret_id()))
        .collect();
    assert_eq!(
        failures,
        [
            (Some("APP_SESSION_KEY_SECRET_ID"), "nowhere"),
            (Some("API_TOKEN_SECRET_ID"), "unreadable")
        ]
    );
    assert!(!format!("{err:?}").contains("canary"));
}

#[tokio::test]
async fn eight_are_asked_for_at_a_time_with_one_login() {
    let server = Fake::start();
    server.state().mode = Mode::Gathering(8);
    let pairs: Vec<_> = (0..20)
        .map(|user| {
            let id = format!("user-{user}");
            server.put(&id, "canary");
            (format!("APP_USER_{user}_PASSWORD_SECRET_ID"), id)
        })
        .collect();
    let client = client(&server).await;
    let secrets = Secrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let load = AppConfig::loader().source(&pairs).secrets(secrets.unwrap());
    assert_eq!(load.load().unwrap().config.user.len(), 20);
    assert_eq!(server.ids().len(), 20);
    assert_eq!(server.requests().len(), 20 + store::LOGIN_REQUESTS);
    assert_eq!(server.state().busiest, 8);
}
