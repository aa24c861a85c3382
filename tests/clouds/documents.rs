//! One secret that is a JSON object of all secrets.

use std::time::{Duration, Instant};

use environ::secrets::SecretStore;
use environ::{EnvConfig, Secret};

use crate::cloud_server::Mode;
use crate::logged::Logged;
use crate::store::{self, Client, Error, ErrorKind, Fake, Secrets, client};

#[derive(Debug, EnvConfig)]
struct AppConfig {
    #[env(group)]
    db: Db,
    #[env(secret)]
    pin: Option<Secret<String>>,
    #[env(secret)]
    nothing: Option<Secret<String>>,
}

#[derive(Debug, EnvConfig)]
struct Db {
    url: Secret<String>,
}

async fn refused(client: &Client) -> Error {
    let fetched = Secrets::document(client, "app-name").await;
    fetched.unwrap_err()
}

#[tokio::test]
async fn a_document_is_a_store() {
    let server = Fake::start();
    server.put(
        "app-name",
        r#"{"db_url": "canary", "pin": 7, "nothing": null}"#,
    );
    let client = client(&server).await;
    let secrets = Secrets::document(&client, "app-name").await.unwrap();
    let debug = format!("{client:?} {secrets:?}");
    let ty = std::any::type_name::<Client>().rsplit("::").next();
    assert!(debug.starts_with(ty.unwrap()), "{debug}");
    assert!(
        !debug.contains("canary") && !debug.contains(store::TOKEN),
        "{debug}"
    );
    let name = format!("app-name in {}", store::NAME);
    assert_eq!(secrets.name(), name);
    let nothing: [(&str, &str); 0] = [];
    let loaded = AppConfig::loader()
        .source(nothing)
        .secrets(secrets)
        .strict();
    let loaded = loaded.load().unwrap();
    assert_eq!(loaded.config.db.url.expose(), "canary");
    assert_eq!(loaded.config.pin.unwrap().expose(), "7");
    assert!(loaded.config.nothing.is_none());
    assert_eq!(loaded.warnings, []);
    assert_eq!(loaded.origins.get("APP_DB_URL").unwrap().to_string(), name);
    assert_eq!(server.ids(), ["app-name"]);
}

#[tokio::test]
async fn a_key_that_was_meant_is_told() {
    let server = Fake::start();
    server.put("app-name", r#"{"db-url": "canary", "other": "canary"}"#);
    let secrets = Secrets::document(&client(&server).await, "app-name").await;
    let loader = AppConfig::loader().source(()).secrets(secrets.unwrap());
    assert_eq!(
        loader.load().unwrap_err().to_string(),
        format!(
            "1 problem with the environment:\n  \
             APP_DB_URL  not set, and no db_url in app-name in {}\n              \
             db-url is there; is it meant?",
            store::NAME
        )
    );
}

#[tokio::test]
async fn a_document_reads_no_variable() {
    let server = Fake::start();
    server.put("app-name", r#"{"db_url": "canary"}"#);
    let secrets = Secrets::document(&client(&server).await, "app-name").await;
    let loader = AppConfig::loader()
        .source([("APP_UNREAD", "x")])
        .secrets(secrets.unwrap());
    let err = loader.strict().load().unwrap_err();
    let problems: Vec<_> = err.problems().map(|it| (it.name(), it.code())).collect();
    assert_eq!(problems, [("APP_UNREAD", "unknown")]);
}

#[tokio::test]
async fn a_document_that_is_no_object_is_not_quoted() {
    let server = Fake::start();
    for text in ["canary", "\"canary\"", "[\"canary\"]", "{\"canary\": "] {
        server.put("app-name", text);
        let err = refused(&client(&server).await).await;
        assert_eq!(err.kind(), ErrorKind::Malformed);
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret app-name: it is not a JSON object; {}",
                store::MALFORMED
            )
        );
        assert!(!format!("{err:?}").contains("canary"));
    }
}

/// The secret itself may be nested, or begin with a byte order mark.
#[tokio::test]
async fn a_document_that_is_no_json_object_is_malformed() {
    let server = Fake::start();
    for text in [
        format!("{{\"x\": {}", "[".repeat(500_000)),
        "\u{feff}{}".to_owned(),
    ] {
        server.put("app-name", &text);
        let err = refused(&client(&server).await).await;
        assert_eq!(err.kind(), ErrorKind::Malformed);
    }
}

#[tokio::test]
async fn another_program_at_the_address_is_told_apart() {
    let server = Fake::start();
    server.state().mode = Mode::Garbage;
    assert_eq!(
        refused(&client(&server).await).await.to_string(),
        format!("cannot read the secret app-name: {}", store::GARBAGE)
    );
}

#[tokio::test]
async fn an_outage_ends_and_the_same_client_goes_on() {
    let server = Fake::start();
    server.put("app-name", "{}");
    let client = store::client_with_timeout(&server, Duration::from_millis(300)).await;
    Secrets::document(&client, "app-name").await.unwrap();
    server.state().mode = Mode::Hanging;
    let start = Instant::now();
    let err = refused(&client).await;
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!(err.kind(), ErrorKind::Unreachable);
    server.state().mode = Mode::Up;
    Secrets::document(&client, "app-name").await.unwrap();
}

#[tokio::test]
async fn nothing_that_is_secret_is_logged_at_any_level() {
    let logged = Logged::from_now_on();
    let server = Fake::start();
    let client = client(&server).await;
    server.put("app-name", r#"{"db_url": "canary"}"#);
    Secrets::document(&client, "app-name").await.unwrap();
    let (status, code) = store::LOGIN_REFUSED;
    server.state().mode = Mode::Refusing(status, store::refusal(code, "canary"));
    refused(&client).await;
    let lines = logged.text();
    assert!(!lines.to_lowercase().contains("canary"), "{lines}");
}
