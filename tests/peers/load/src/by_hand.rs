//! Careful code without a library.

use std::net::IpAddr;

use crate::seconds::Seconds;
use crate::variable::{Error, optional, parsed, parsed_or, text};

#[derive(Debug)]
pub(crate) struct App {
    name: String,
    host: IpAddr,
    port: u16,
    debug: bool,
    log: Log,
    db: Db,
    http: Http,
}

#[derive(Debug)]
struct Log {
    level: String,
    json: bool,
}

#[derive(Debug)]
struct Db {
    url: String,
    pool: u32,
    timeout: Seconds,
    user: Option<String>,
    password: Option<String>,
}

#[derive(Debug)]
struct Http {
    workers: usize,
    keepalive: Seconds,
    limit: u64,
    ratio: f64,
    proxy: Option<String>,
}

pub(crate) fn load() -> Result<App, Error> {
    Ok(App {
        name: text("APP_NAME")?,
        host: parsed("APP_HOST")?,
        port: parsed("APP_PORT")?,
        debug: parsed("APP_DEBUG")?,
        log: Log {
            level: text("APP_LOG_LEVEL")?,
            json: parsed("APP_LOG_JSON")?,
        },
        db: Db {
            url: text("APP_DB_URL")?,
            pool: parsed_or("APP_DB_POOL", 10)?,
            timeout: parsed("APP_DB_TIMEOUT")?,
            user: optional("APP_DB_USER")?,
            password: optional("APP_DB_PASSWORD")?,
        },
        http: Http {
            workers: parsed("APP_HTTP_WORKERS")?,
            keepalive: parsed("APP_HTTP_KEEPALIVE")?,
            limit: parsed_or("APP_HTTP_LIMIT", 65_536)?,
            ratio: parsed("APP_HTTP_RATIO")?,
            proxy: optional("APP_HTTP_PROXY")?,
        },
    })
}
