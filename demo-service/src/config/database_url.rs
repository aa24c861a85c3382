//! The URL of the database: rejected without being quoted.

use std::borrow::Cow;

use environ::Secret;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use url::Url;

/// Parameters that the driver knows. It logs those it does not know, with their
/// values.
const POSTGRES: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

pub(crate) const NOT_A_URL: &str = "it is not a URL";

/// A database, as its URL names it.
pub(crate) enum DatabaseUrl {
    Postgres(Url),
    Sqlite(Box<SqliteConnectOptions>),
}

/// Returns the reason why a URL is rejected.
pub(crate) fn check(url: &Secret<String>) -> Result<(), Cow<'static, str>> {
    parse(url).map(drop)
}

/// Parses a URL completely, so that no mistake is left for the first connection.
pub(crate) fn parse(url: &Secret<String>) -> Result<DatabaseUrl, Cow<'static, str>> {
    let url = Url::parse(url.expose()).map_err(|_| NOT_A_URL)?;
    let read = match url.scheme() {
        "sqlite" => SqliteConnectOptions::from_url(&url)
            .map(|options| DatabaseUrl::Sqlite(Box::new(options))),
        "postgres" | "postgresql" => {
            let mut parameters = url.query_pairs();
            if !parameters.all(|(name, _)| is_known(&name)) {
                return Err("it has a parameter that PostgreSQL's do not include".into());
            }
            PgConnectOptions::from_url(&url).map(|_| DatabaseUrl::Postgres(url))
        }
        _ => return Err("it must begin with `postgres://` or `sqlite:`".into()),
    };
    read.map_err(|_| "a part of it is not what the driver takes".into())
}

fn is_known(parameter: &str) -> bool {
    POSTGRES.contains(&parameter) || (parameter.starts_with("options[") && parameter.ends_with(']'))
}
