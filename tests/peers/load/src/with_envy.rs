//! It has no groups: a pass for each.

use std::net::IpAddr;

use envy::{Error, prefixed};
use serde::Deserialize;

use crate::shared::{App, Db, Http, Log};

#[derive(Deserialize)]
struct Own {
    name: String,
    host: IpAddr,
    port: u16,
    debug: bool,
}

pub(crate) fn load() -> Result<App, Error> {
    let own: Own = prefixed("APP_").from_env()?;
    let log: Log = prefixed("APP_LOG_").from_env()?;
    let db: Db = prefixed("APP_DB_").from_env()?;
    let http: Http = prefixed("APP_HTTP_").from_env()?;
    Ok(App {
        name: own.name,
        host: own.host,
        port: own.port,
        debug: own.debug,
        log,
        db,
        http,
    })
}
