//! A crate may know `environ` by another name alone.

extern crate environ as configuration;

/// Hides the name of the crate.
mod environ {}

use configuration::{EnvConfig, EnvValue, Secret};

#[derive(EnvConfig)]
#[env(crate = configuration)]
struct AppConfig {
    #[env(default = "json")]
    format: Format,
    #[env(range = 1..)]
    workers: u8,
    token: Secret<String>,
}

#[derive(EnvValue)]
#[env(crate = configuration)]
enum Format {
    Human,
    Json,
}

fn main() {
    let cfg = AppConfig::from_source([("APP_WORKERS", "2"), ("APP_TOKEN", "x")]).unwrap();
    assert!(matches!(cfg.format, Format::Json));
    assert_eq!((cfg.workers, &**cfg.token.expose()), (2, "x"));
    assert!(!matches!(Format::Human, Format::Json));
}
