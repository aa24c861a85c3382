use std::env;
use std::net::IpAddr;

use conf::{Conf, Error};

use crate::seconds::Seconds;

#[derive(Debug, Conf)]
#[conf(env_prefix = "APP_")]
pub(crate) struct App {
    #[arg(env)]
    name: String,
    #[arg(env)]
    host: IpAddr,
    #[arg(env)]
    port: u16,
    #[arg(parameter, env)]
    debug: bool,
    #[conf(flatten, env_prefix = "LOG_")]
    log: Log,
    #[conf(flatten, env_prefix = "DB_")]
    db: Db,
    #[conf(flatten, env_prefix = "HTTP_")]
    http: Http,
}

#[derive(Debug, Conf)]
struct Log {
    #[arg(env)]
    level: String,
    #[arg(parameter, env)]
    json: bool,
}

#[derive(Debug, Conf)]
struct Db {
    #[arg(env)]
    url: String,
    #[arg(env, default_value = "10")]
    pool: u32,
    #[arg(env)]
    timeout: Seconds,
    #[arg(env)]
    user: Option<String>,
    #[arg(env)]
    password: Option<String>,
}

#[derive(Debug, Conf)]
struct Http {
    #[arg(env)]
    workers: usize,
    #[arg(env)]
    keepalive: Seconds,
    #[arg(env, default_value = "65536")]
    limit: u64,
    #[arg(env)]
    ratio: f64,
    #[arg(env)]
    proxy: Option<String>,
}

pub(crate) fn load() -> Result<App, Error> {
    App::try_parse_from(["app"], env::vars_os())
}
