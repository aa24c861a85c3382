//! The secrets of AWS Secrets Manager, against a server that fails on demand.
//! A more patient one is in `deploy`.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod chain;
mod failures;
mod fake;
mod hostile;
#[path = "../hostile.rs"]
mod hostile_server;
mod ids;
#[path = "../logged.rs"]
mod logged;

use std::borrow::Cow;

use environ::secrets::SecretStore;
use environ::secrets::aws::{AwsConfig, AwsErrorKind, AwsSecrets, Client, sdk};
use environ::{EnvConfig, Secret};
use fake::FakeAws;
use sdk::config::Credentials;

const NONE: [(&str, &str); 0] = [];

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
struct Config {
    #[env(group)]
    aws: AwsConfig,
}

/// A client of that server, with credentials that it needs not find.
async fn client(server: &FakeAws) -> Client {
    client_at(&server.url()).await
}

async fn client_at(url: &str) -> Client {
    let pairs = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ENDPOINT_URL", url),
        ("AWS_TIMEOUT", "5s"),
    ];
    let client = Config::from_source(pairs).unwrap().aws.client().await;
    let credentials = Credentials::new("AKIDCANARY", "canary-key", None, None, "test");
    let config = client.config().to_builder();
    Client::from_conf(config.credentials_provider(credentials).build())
}

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

#[tokio::test]
async fn a_document_is_a_store() {
    let server = FakeAws::start();
    server.put(
        "prod/app",
        r#"{"db_url": "canary", "pin": 7, "nothing": null}"#,
    );
    let secrets = AwsSecrets::document(&client(&server).await, "prod/app").await;
    let secrets = secrets.unwrap();
    let debug = format!("{secrets:?}");
    assert!(!debug.contains("canary"), "{debug}");
    assert_eq!(secrets.name(), "prod/app in AWS Secrets Manager");
    let loaded = AppConfig::loader().source(NONE).secrets(secrets).strict();
    let loaded = loaded.load().unwrap();
    assert_eq!(loaded.config.db.url.expose(), "canary");
    assert_eq!(loaded.config.pin.unwrap().expose(), "7");
    assert!(loaded.config.nothing.is_none());
    assert_eq!(loaded.warnings, []);
    assert_eq!(
        loaded.origins.get("APP_DB_URL").unwrap().to_string(),
        "prod/app in AWS Secrets Manager"
    );
    assert_eq!(server.asked(), ["prod/app"]);
}

#[tokio::test]
async fn a_document_that_is_no_object_is_not_quoted() {
    let server = FakeAws::start();
    for text in ["canary", "\"canary\"", "[\"canary\"]", "{\"canary\": "] {
        server.put("prod/app", text);
        let err = AwsSecrets::document(&client(&server).await, "prod/app").await;
        let err = err.unwrap_err();
        assert_eq!(err.kind(), AwsErrorKind::Malformed);
        assert_eq!(
            err.to_string(),
            "cannot read the secret prod/app: it is not a JSON object; \
             store it as text; a document is a JSON object"
        );
        assert!(!format!("{err:?}").contains("canary"));
    }
}

#[test]
fn an_endpoint_that_is_reached_in_plaintext_is_told() {
    let plain = "http://secrets.example:5000";
    for (pairs, host) in [
        (&[("AWS_ENDPOINT_URL", plain)][..], Some("secrets.example")),
        (&[("AWS_ENDPOINT_URL", "https://secrets.example")], None),
        (&[("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")], None),
        (&[], None),
    ] {
        let aws = Config::from_source(pairs).unwrap().aws;
        assert_eq!(aws.plaintext_host(&NONE).as_deref(), host, "{pairs:?}");
    }
    // The variables of the SDK, where the configuration has no endpoint.
    let aws = Config::from_source(NONE).unwrap().aws;
    for (pairs, host) in [
        (&[("AWS_ENDPOINT_URL", plain)][..], Some("secrets.example")),
        (
            &[("AWS_ENDPOINT_URL_SECRETS_MANAGER", plain)],
            Some("secrets.example"),
        ),
        (
            &[
                ("AWS_ENDPOINT_URL", plain),
                (
                    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                    "https://secrets.example",
                ),
            ],
            None,
        ),
        (
            &[
                ("AWS_ENDPOINT_URL", plain),
                ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
            ],
            None,
        ),
    ] {
        assert_eq!(aws.plaintext_host(&pairs).as_deref(), host, "{pairs:?}");
    }
}

#[test]
fn the_configuration_says_what_is_wrong_with_it() {
    let problem = |name, value| {
        let err = Config::from_source([(name, value)]).unwrap_err();
        let problems = err.problems().map(ToString::to_string);
        problems.collect::<Vec<_>>().join("\n")
    };
    let shown: Vec<Cow<'_, str>> = [
        ("AWS_ENDPOINT_URL", "localhost:5000"),
        ("AWS_ENDPOINT_URL", "http://user:canary@localhost"),
        ("AWS_TIMEOUT", "0s"),
        ("AWS_CONNECT_TIMEOUT", "2h"),
    ]
    .map(|(name, value)| problem(name, value).into())
    .to_vec();
    assert_eq!(
        shown,
        [
            "AWS_ENDPOINT_URL: \"localhost:5000\" is refused: \
             it must begin with https:// or http://",
            "AWS_ENDPOINT_URL: \"http://user:***@localhost\" is refused: \
             it must not hold a user or a password",
            "AWS_TIMEOUT: \"0s\" is refused: \
             it must be more than nothing, and an hour at most",
            "AWS_CONNECT_TIMEOUT: \"2h\" is refused: \
             it must be more than nothing, and an hour at most",
        ]
    );
}
