//! The URL of the database: rejected without being quoted.

use environ::Secret;
use sqlx::ConnectOptions;
use sqlx::any::AnyConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

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

/// Says what is wrong with a URL.
pub(crate) fn check(url: &Secret<String>) -> Result<(), &'static str> {
    parse(url).map(drop)
}

/// Reads a URL, to the end: a connection is not the place to learn of a mistake.
pub(crate) fn parse(url: &Secret<String>) -> Result<AnyConnectOptions, &'static str> {
    let options: AnyConnectOptions = url.expose().parse().map_err(|_| NOT_A_URL)?;
    let url = &options.database_url;
    let read = match url.scheme() {
        "sqlite" => SqliteConnectOptions::from_url(url).map(drop),
        "postgres" | "postgresql" => {
            let mut parameters = url.query_pairs();
            if !parameters.all(|(name, _)| is_known(&name)) {
                return Err("it has a parameter that PostgreSQL's do not include");
            }
            PgConnectOptions::from_url(url).map(drop)
        }
        _ => return Err("it must begin with `postgres://` or `sqlite:`"),
    };
    match read {
        Ok(()) => Ok(options.disable_statement_logging()),
        Err(_) => Err("a part of it is not what the driver takes"),
    }
}

fn is_known(parameter: &str) -> bool {
    POSTGRES.contains(&parameter) || (parameter.starts_with("options[") && parameter.ends_with(']'))
}
