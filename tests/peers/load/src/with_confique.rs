use std::net::IpAddr;

use confique::{Config, Error};

use crate::seconds::Seconds;

#[derive(Debug, Config)]
pub(crate) struct App {
    #[config(env = "APP_NAME")]
    name: String,
    #[config(env = "APP_HOST")]
    host: IpAddr,
    #[config(env = "APP_PORT")]
    port: u16,
    #[config(env = "APP_DEBUG")]
    debug: bool,
    #[config(nested)]
    log: Log,
    #[config(nested)]
    db: Db,
    #[config(nested)]
    http: Http,
}

#[derive(Debug, Config)]
pub(crate) struct Log {
    #[config(env = "APP_LOG_LEVEL")]
    level: String,
    #[config(env = "APP_LOG_JSON")]
    json: bool,
}

#[derive(Debug, Config)]
pub(crate) struct Db {
    #[config(env = "APP_DB_URL")]
    url: String,
    #[config(env = "APP_DB_POOL", default = 10)]
    pool: u32,
    #[config(env = "APP_DB_TIMEOUT")]
    timeout: Seconds,
    #[config(env = "APP_DB_USER")]
    user: Option<String>,
    #[config(env = "APP_DB_PASSWORD")]
    password: Option<String>,
}

#[derive(Debug, Config)]
pub(crate) struct Http {
    #[config(env = "APP_HTTP_WORKERS")]
    workers: usize,
    #[config(env = "APP_HTTP_KEEPALIVE")]
    keepalive: Seconds,
    #[config(env = "APP_HTTP_LIMIT", default = 65_536)]
    limit: u64,
    #[config(env = "APP_HTTP_RATIO")]
    ratio: f64,
    #[config(env = "APP_HTTP_PROXY")]
    proxy: Option<String>,
}

pub(crate) fn load() -> Result<App, Error> {
    App::builder().env().load()
}
