//! The structs of all crates that read through serde.

use std::net::IpAddr;

use serde::Deserialize;

use crate::seconds::Seconds;

#[derive(Debug, Deserialize)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    pub(crate) debug: bool,
    pub(crate) log: Log,
    pub(crate) db: Db,
    pub(crate) http: Http,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Log {
    level: String,
    json: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Db {
    url: String,
    #[serde(default = "ten")]
    pool: u32,
    timeout: Seconds,
    user: Option<String>,
    password: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Http {
    workers: usize,
    keepalive: Seconds,
    #[serde(default = "sixty_four_kibibytes")]
    limit: u64,
    ratio: f64,
    proxy: Option<String>,
}

fn ten() -> u32 {
    10
}

fn sixty_four_kibibytes() -> u64 {
    65_536
}
