//! Its derive implements `Debug` too.

#![expect(
    clippy::pedantic,
    clippy::manual_strip,
    reason = "what it expands to"
)]

use std::net::IpAddr;

use procenv::{EnvConfig, Error};

use crate::seconds::Seconds;

#[derive(EnvConfig)]
pub(crate) struct App {
    #[env(var = "APP_NAME")]
    name: String,
    #[env(var = "APP_HOST")]
    host: IpAddr,
    #[env(var = "APP_PORT")]
    port: u16,
    #[env(var = "APP_DEBUG")]
    debug: bool,
    #[env(flatten)]
    log: Log,
    #[env(flatten)]
    db: Db,
    #[env(flatten)]
    http: Http,
}

#[derive(EnvConfig)]
struct Log {
    #[env(var = "APP_LOG_LEVEL")]
    level: String,
    #[env(var = "APP_LOG_JSON")]
    json: bool,
}

#[derive(EnvConfig)]
struct Db {
    #[env(var = "APP_DB_URL")]
    url: String,
    #[env(var = "APP_DB_POOL", default = "10")]
    pool: u32,
    #[env(var = "APP_DB_TIMEOUT")]
    timeout: Seconds,
    #[env(var = "APP_DB_USER", optional)]
    user: Option<String>,
    #[env(var = "APP_DB_PASSWORD", optional)]
    password: Option<String>,
}

#[derive(EnvConfig)]
struct Http {
    #[env(var = "APP_HTTP_WORKERS")]
    workers: usize,
    #[env(var = "APP_HTTP_KEEPALIVE")]
    keepalive: Seconds,
    #[env(var = "APP_HTTP_LIMIT", default = "65536")]
    limit: u64,
    #[env(var = "APP_HTTP_RATIO")]
    ratio: f64,
    #[env(var = "APP_HTTP_PROXY", optional)]
    proxy: Option<String>,
}

pub(crate) fn load() -> Result<App, Error> {
    App::from_env()
}
