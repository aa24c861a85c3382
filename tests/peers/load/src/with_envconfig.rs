use std::net::IpAddr;

use envconfig::{Envconfig, Error};

use crate::seconds::Seconds;

#[derive(Debug, Envconfig)]
pub(crate) struct App {
    #[envconfig(from = "APP_NAME")]
    name: String,
    #[envconfig(from = "APP_HOST")]
    host: IpAddr,
    #[envconfig(from = "APP_PORT")]
    port: u16,
    #[envconfig(from = "APP_DEBUG")]
    debug: bool,
    #[envconfig(nested)]
    log: Log,
    #[envconfig(nested)]
    db: Db,
    #[envconfig(nested)]
    http: Http,
}

#[derive(Debug, Envconfig)]
struct Log {
    #[envconfig(from = "APP_LOG_LEVEL")]
    level: String,
    #[envconfig(from = "APP_LOG_JSON")]
    json: bool,
}

#[derive(Debug, Envconfig)]
struct Db {
    #[envconfig(from = "APP_DB_URL")]
    url: String,
    #[envconfig(from = "APP_DB_POOL", default = "10")]
    pool: u32,
    #[envconfig(from = "APP_DB_TIMEOUT")]
    timeout: Seconds,
    #[envconfig(from = "APP_DB_USER")]
    user: Option<String>,
    #[envconfig(from = "APP_DB_PASSWORD")]
    password: Option<String>,
}

#[derive(Debug, Envconfig)]
struct Http {
    #[envconfig(from = "APP_HTTP_WORKERS")]
    workers: usize,
    #[envconfig(from = "APP_HTTP_KEEPALIVE")]
    keepalive: Seconds,
    #[envconfig(from = "APP_HTTP_LIMIT", default = "65536")]
    limit: u64,
    #[envconfig(from = "APP_HTTP_RATIO")]
    ratio: f64,
    #[envconfig(from = "APP_HTTP_PROXY")]
    proxy: Option<String>,
}

pub(crate) fn load() -> Result<App, Error> {
    App::init_from_env()
}
