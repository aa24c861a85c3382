use std::net::IpAddr;

use clap::{ArgAction, Args, Error, Parser};

use crate::seconds::Seconds;

#[derive(Debug, Parser)]
pub(crate) struct App {
    #[arg(long, env = "APP_NAME")]
    name: String,
    #[arg(long, env = "APP_HOST")]
    host: IpAddr,
    #[arg(long, env = "APP_PORT")]
    port: u16,
    #[arg(long, env = "APP_DEBUG", action = ArgAction::Set)]
    debug: bool,
    #[command(flatten)]
    log: Log,
    #[command(flatten)]
    db: Db,
    #[command(flatten)]
    http: Http,
}

#[derive(Debug, Args)]
struct Log {
    #[arg(long, env = "APP_LOG_LEVEL")]
    level: String,
    #[arg(long, env = "APP_LOG_JSON", action = ArgAction::Set)]
    json: bool,
}

#[derive(Debug, Args)]
struct Db {
    #[arg(long, env = "APP_DB_URL")]
    url: String,
    #[arg(long, env = "APP_DB_POOL", default_value_t = 10)]
    pool: u32,
    #[arg(long, env = "APP_DB_TIMEOUT")]
    timeout: Seconds,
    #[arg(long, env = "APP_DB_USER")]
    user: Option<String>,
    #[arg(long, env = "APP_DB_PASSWORD")]
    password: Option<String>,
}

#[derive(Debug, Args)]
struct Http {
    #[arg(long, env = "APP_HTTP_WORKERS")]
    workers: usize,
    #[arg(long, env = "APP_HTTP_KEEPALIVE")]
    keepalive: Seconds,
    #[arg(long, env = "APP_HTTP_LIMIT", default_value_t = 65_536)]
    limit: u64,
    #[arg(long, env = "APP_HTTP_RATIO")]
    ratio: f64,
    #[arg(long, env = "APP_HTTP_PROXY")]
    proxy: Option<String>,
}

pub(crate) fn load() -> Result<App, Error> {
    App::try_parse_from(["app"])
}
