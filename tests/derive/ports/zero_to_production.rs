//! The newsletter of "Zero to Production in Rust": groups joined by `__`, as the crate
//! `config` does, below the defaults of an environment.

use std::net::IpAddr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use super::{assert_whole, clean, with};
use crate::problems;

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP", delimiter = "__")]
pub(super) struct Settings {
    #[env(default = "local")]
    environment: Environment,
    #[env(group)]
    application: Application,
    #[env(group)]
    database: Database,
    #[env(group)]
    email_client: EmailClient,
    #[env(example = "redis://127.0.0.1:6379")]
    redis_uri: Secret<String>,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Environment {
    Local,
    Production,
}

#[derive(Debug, EnvConfig)]
struct Application {
    #[env(default = 8000)]
    port: u16,
    #[env(default = "127.0.0.1")]
    host: IpAddr,
    #[env(default_from = "http://{host}")]
    base_url: String,
    #[env(len = 64.., example = "super-long-and-secret-random-key-needed-to-verify-message-integrity")]
    hmac_secret: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct Database {
    #[env(default = "postgres")]
    username: String,
    password: Secret<String>,
    #[env(default = 5432)]
    port: u16,
    #[env(default = "127.0.0.1")]
    host: String,
    #[env(default = "newsletter")]
    database_name: String,
    #[env(default = false)]
    require_ssl: bool,
    #[env(skip, default_fn = url(host, port, database_name))]
    url: String,
}

#[derive(Debug, EnvConfig)]
struct EmailClient {
    #[env(default = "localhost")]
    base_url: String,
    #[env(default = "test@gmail.com", validate = is_address)]
    sender_email: String,
    authorization_token: Secret<String>,
    #[env(unit = "ms", default = 10_000, range = "1ms"..)]
    timeout_milliseconds: Duration,
}

fn url(host: &str, port: &u16, name: &str) -> String {
    format!("postgres://{host}:{port}/{name}")
}

fn is_address(text: &str) -> Result<(), &'static str> {
    match text.split_once('@') {
        Some((name, host)) if !name.is_empty() && !host.is_empty() => Ok(()),
        _ => Err("it must be a mail address"),
    }
}

const SAMPLE: &[(&str, &str)] = &[
    ("APP_ENVIRONMENT", "production"),
    ("APP_APPLICATION__HOST", "0.0.0.0"),
    ("APP_APPLICATION__BASE_URL", "https://news.example.com"),
    (
        "APP_APPLICATION__HMAC_SECRET",
        "super-long-and-secret-random-key-needed-to-verify-message-integrity",
    ),
    ("APP_DATABASE__USERNAME", "app"),
    ("APP_DATABASE__PASSWORD", "hunter2"),
    ("APP_DATABASE__HOST", "db.internal"),
    ("APP_DATABASE__PORT", "25060"),
    ("APP_DATABASE__DATABASE_NAME", "news"),
    ("APP_DATABASE__REQUIRE_SSL", "true"),
    ("APP_EMAIL_CLIENT__AUTHORIZATION_TOKEN", "token"),
    ("APP_EMAIL_CLIENT__TIMEOUT_MILLISECONDS", "2500"),
    ("APP_REDIS_URI", "redis://cache:6379"),
];

#[test]
fn the_sample_is_loaded() {
    let settings = clean::<Settings>(SAMPLE);
    assert_whole(&settings, include_str!("values/zero_to_production.txt"));
    assert_eq!(settings.database.password.expose(), "hunter2");
    assert_eq!(settings.email_client.authorization_token.expose(), "token");
    assert_eq!(settings.redis_uri.expose(), "redis://cache:6379");
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = with(
        SAMPLE,
        &[
            ("APP_ENVIRONMENT", "prod"),
            ("APP_APPLICATION__HMAC_SECRET", "short"),
            ("APP_APPLICATION__PORT", "http"),
            ("APP_DATABASE__PASSWORD", ""),
            ("APP_DATABASE_PASSWORD", "hunter2"),
            ("APP_EMAIL_CLIENT__SENDER_EMAIL", "newsletter"),
            ("APP_EMAIL_CLIENT__TIMEOUT_MILLISECONDS", "0"),
        ],
    );
    assert_eq!(
        problems::<Settings>(&pairs),
        "  APP_ENVIRONMENT                         \"prod\" is not one of: local, production\n  \
         APP_APPLICATION__PORT                   \"http\" is not a u16: it must be a whole number from 0 to 65535\n  \
         APP_APPLICATION__HMAC_SECRET            the secret is refused: it must have at least 64 characters\n  \
         APP_DATABASE__PASSWORD                  set to nothing, which counts as not set\n                                          \
         APP_DATABASE_PASSWORD is set but not read; is it meant?\n  \
         APP_EMAIL_CLIENT__SENDER_EMAIL          \"newsletter\" is refused: it must be a mail address\n  \
         APP_EMAIL_CLIENT__TIMEOUT_MILLISECONDS  \"0\" is refused: it must be at least 1ms"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Settings>();
}
