//! The URL of the database: rejected without being quoted.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;

use environ::Secret;
use percent_encoding::percent_decode_str;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::sqlite::SqliteConnectOptions;
use url::{ParseError, Url};

use super::database_files;
use super::database_parameters::{self, NOT_ENCODED};

pub(crate) const NOT_A_URL: &str = "it is not a URL";

/// An empty name is a temporary file, which SQLite deletes with the connection.
const NO_FILE: &str = "it names no file; write `sqlite:PATH`, or `sqlite::memory:` for a database \
                       that is lost on exit";

/// A database, as its URL names it.
pub(crate) enum DatabaseUrl {
    Postgres(Url),
    Sqlite(Box<Sqlite>),
}

/// A database of SQLite, as its URL names it.
#[derive(Clone)]
pub(crate) struct Sqlite {
    pub(crate) options: SqliteConnectOptions,
    /// Whether the database is in memory, and so lost on exit.
    pub(crate) is_in_memory: bool,
}

impl Sqlite {
    fn parse(url: &Url) -> sqlx::Result<Self> {
        let is_mode =
            |(name, mode): (Cow<'_, str>, Cow<'_, str>)| name == "mode" && mode == "memory";
        Ok(Self {
            options: SqliteConnectOptions::from_url(url)?,
            is_in_memory: url.path() == ":memory:" || url.query_pairs().any(is_mode),
        })
    }

    fn names_nothing(&self) -> bool {
        !self.is_in_memory && self.options.get_filename() == Path::new("")
    }
}

impl DatabaseUrl {
    /// Returns the server, if it is on another machine and need not prove itself.
    pub(crate) fn unverified(&self) -> Option<Unverified> {
        let Self::Postgres(url) = self else {
            return None;
        };
        let options = PgConnectOptions::from_url(url).ok()?;
        let host = options.get_host();
        let sslmode = match options.get_ssl_mode() {
            PgSslMode::Disable => "disable",
            PgSslMode::Allow => "allow",
            PgSslMode::Prefer => "prefer",
            PgSslMode::Require => "require",
            PgSslMode::VerifyCa | PgSslMode::VerifyFull => return None,
        };
        let is_remote = options.get_socket().is_none() && !is_local(host);
        is_remote.then(|| Unverified {
            host: host.to_owned(),
            sslmode,
        })
    }
}

/// A database server on another machine that need not prove itself.
pub(crate) struct Unverified {
    pub(crate) host: String,
    /// `sslmode` of the URL or of `PGSSLMODE`, or the default.
    pub(crate) sslmode: &'static str,
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, sslmode } = self;
        write!(
            f,
            "`sslmode={sslmode}` does not verify that the server is {host}, so that an \
             attacker on the way can take the password; write `sslmode=verify-full`, with \
             `sslrootcert` for a private authority"
        )
    }
}

/// Returns whether a host is this machine, or the directory of a socket.
fn is_local(host: &str) -> bool {
    let ip = host.trim_matches(['[', ']']).parse();
    host.is_empty()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || ip.is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Returns the reason why a URL is rejected.
pub(crate) fn check(url: &Secret<String>) -> Result<(), Cow<'static, str>> {
    parse(url).map(drop)
}

/// Parses a URL completely, so that no mistake is left for the first connection.
pub(crate) fn parse(url: &Secret<String>) -> Result<DatabaseUrl, Cow<'static, str>> {
    let text = url.expose();
    let url = Url::parse(text).map_err(|err| match err {
        _ if is_postgres(text) && is_cut_short(text) => NOT_ENCODED,
        ParseError::InvalidPort => "its port is not a number from 0 to 65535",
        ParseError::EmptyHost => {
            "it has a user and no host; write the host, or the directory of the socket with %2F \
         for each `/`"
        }
        _ => NOT_A_URL,
    })?;
    let read = match url.scheme() {
        "sqlite" => match Sqlite::parse(&url) {
            Ok(sqlite) if sqlite.names_nothing() => return Err(NO_FILE.into()),
            sqlite => sqlite.map(|sqlite| DatabaseUrl::Sqlite(Box::new(sqlite))),
        },
        "postgres" | "postgresql" => {
            if is_cut_short(text) || !is_encoded(&url) {
                return Err(NOT_ENCODED.into());
            }
            database_parameters::check(&url)?;
            database_files::check(&url)?;
            PgConnectOptions::from_url(&url).map(|_| DatabaseUrl::Postgres(url))
        }
        _ => return Err("it must begin with `postgres://` or `sqlite:`".into()),
    };
    read.map_err(|_| "a part of it is rejected by the driver".into())
}

fn is_postgres(text: &str) -> bool {
    ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

/// Returns whether a part after the host has an `@`, or a `#`, which no URL of a database
/// needs: the host is a piece of the password then. A parameter may have an `@`, unless
/// no user stands before the host.
fn is_cut_short(text: &str) -> bool {
    let (_, rest) = text.split_once("://").unwrap_or_default();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let names_no_user = !authority.contains('@') && !query.contains("user=");
    rest.contains('#') || path.contains('@') || (names_no_user && query.contains('@'))
}

/// Returns whether each `%` of the user and the password begins a letter of UTF-8.
fn is_encoded(url: &Url) -> bool {
    let parts = [url.username(), url.password().unwrap_or_default()];
    let mut parts = parts.into_iter().map(percent_decode_str);
    parts.all(|part| part.decode_utf8().is_ok())
}
