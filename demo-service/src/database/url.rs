//! URLs of databases: what is wrong with one, without quoting it.

use std::borrow::Cow;

use environ::Secret;
use environ::secrets::vault::Credentials;
use sqlx::ConnectOptions;
use sqlx::any::AnyConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::DatabaseError;

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

const NO_URL: &str = "it is not a URL";

/// Says what is wrong with a URL.
pub(crate) fn check(url: &Secret<String>) -> Result<(), &'static str> {
    parse(url).map(drop)
}

/// Reads a URL, to the end: a connection is not the place to learn of a mistake.
pub(super) fn parse(url: &Secret<String>) -> Result<AnyConnectOptions, &'static str> {
    let options: AnyConnectOptions = url.expose().parse().map_err(|_| NO_URL)?;
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

/// Puts a user and its password into a URL, where none must be named otherwise.
pub(crate) fn with_login(
    url: &Secret<String>,
    login: &Credentials,
) -> Result<Secret<String>, DatabaseError> {
    let parsed: AnyConnectOptions = url
        .expose()
        .parse()
        .map_err(|_| DatabaseError::Url(NO_URL))?;
    let mut url = parsed.database_url;
    let names_one = |(name, _): (Cow<'_, str>, _)| matches!(&*name, "user" | "password");
    if url.query_pairs().any(names_one) {
        let reason = "it names a user in a parameter, which the one that is lent cannot replace";
        return Err(DatabaseError::Url(reason));
    }
    let set = url.set_username(&login.username);
    let set = set.and_then(|()| url.set_password(Some(login.password.expose())));
    set.map_err(|()| DatabaseError::Url("it has no host, so no user can be lent for it"))?;
    Ok(Secret::new(url.into()))
}

fn is_known(parameter: &str) -> bool {
    POSTGRES.contains(&parameter) || (parameter.starts_with("options[") && parameter.ends_with(']'))
}

pub(super) fn is_sqlite(options: &AnyConnectOptions) -> bool {
    options.database_url.scheme() == "sqlite"
}
