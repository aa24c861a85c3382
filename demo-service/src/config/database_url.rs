//! The URL of the database: rejected without being quoted.

use std::borrow::Cow;

use environ::Secret;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use url::Url;

use super::database_parameters;

pub(crate) const NOT_A_URL: &str = "it is not a URL";

/// The user or the password is not encoded. An at sign in the text would look like the
/// end of a password, and have all before it masked.
pub(super) const CUT_SHORT: &str = "its user or password has a `#`, `/`, `?` or `%`, which have a \
                                    meaning in a URL; write them as %23 %2F %3F %25, and an at \
                                    sign as %40";

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
    let text = url.expose();
    let url = Url::parse(text).map_err(|_| NOT_A_URL)?;
    let read = match url.scheme() {
        "sqlite" => SqliteConnectOptions::from_url(&url)
            .map(|options| DatabaseUrl::Sqlite(Box::new(options))),
        "postgres" | "postgresql" => {
            database_parameters::check(&url)?;
            PgConnectOptions::from_url(&url).map(|_| DatabaseUrl::Postgres(url))
        }
        _ => return Err("it must begin with `postgres://` or `sqlite:`".into()),
    };
    read.map_err(|_| "a part of it is not what the driver takes".into())
}
