use std::net::IpAddr;

use environ::{EnvConfig, Error};

use crate::seconds::Seconds;

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub(crate) struct App {
    name: String,
    host: IpAddr,
    port: u16,
    debug: bool,
    #[env(group)]
    log: Log,
    #[env(group)]
    db: Db,
    #[env(group)]
    http: Http,
}

#[derive(Debug, EnvConfig)]
struct Log {
    level: String,
    json: bool,
}

#[derive(Debug, EnvConfig)]
struct Db {
    url: String,
    #[env(default = 10)]
    pool: u32,
    timeout: Seconds,
    user: Option<String>,
    password: Option<String>,
}

#[derive(Debug, EnvConfig)]
struct Http {
    workers: usize,
    keepalive: Seconds,
    #[env(default = 65_536)]
    limit: u64,
    ratio: f64,
    proxy: Option<String>,
}

pub(crate) fn load() -> Result<App, Error> {
    App::from_env()
}
