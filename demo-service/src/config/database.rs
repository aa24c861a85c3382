//! The database and its pool.

use std::time::Duration;

use environ::{EnvConfig, Invalid, Live, Secret};

use super::database_url::{self, DatabaseUrl, Unverified};
use super::rules::{at_most_a_day, more_than_nothing};

/// The database.
#[derive(Clone, Debug, EnvConfig)]
#[env(validate = usable_url)]
pub struct DatabaseConfig {
    /// URL of the database, `postgres://` or `sqlite:`, unless a secret has it.
    ///
    /// Without a URL, visits are kept in memory.
    #[env(
        live,
        example = "postgres://app:password@db.internal/app?sslmode=verify-full"
    )]
    pub url: Live<Option<Secret<String>>>,
    /// Migration of the tables at the start; the role needs the right to create tables.
    ///
    /// `demo-service migrate` does the same.
    #[env(default = true)]
    pub migrate: bool,
    /// Maximum of open connections to the database.
    #[env(default = 10, range = 1..=1000)]
    pub max_connections: u32,
    /// Time that a request waits for a free connection to the database.
    #[env(default = "2s", validate = more_than_nothing, validate = at_most_a_day)]
    pub acquire_timeout: Duration,
    /// Time for an answer of the database; PostgreSQL cancels a longer statement.
    #[env(default = "5s", validate = more_than_nothing, validate = at_most_a_day)]
    pub query_timeout: Duration,
    /// Time for a try to connect, at the start and with new credentials.
    #[env(default = "5s", validate = more_than_nothing, validate = at_most_a_day)]
    pub connect_timeout: Duration,
}

impl DatabaseConfig {
    /// Returns whether the database is a server, and not a file or memory.
    pub(crate) fn is_server(&self) -> bool {
        matches!(self.parsed(), Some(DatabaseUrl::Postgres(_)))
    }

    /// Returns the server, if it is on another machine and need not prove itself.
    pub(crate) fn unverified(&self) -> Option<Unverified> {
        self.parsed()?.unverified()
    }

    /// Returns whether the URL names a database in memory.
    pub(crate) fn is_in_memory(&self) -> bool {
        matches!(self.parsed(), Some(DatabaseUrl::Sqlite(sqlite)) if sqlite.is_in_memory)
    }

    fn parsed(&self) -> Option<DatabaseUrl> {
        let url = self.url.get();
        database_url::parse(Option::as_ref(&url)?).ok()
    }
}

/// The reason is shown although it may have the name of a parameter, because no such name
/// is a part of a password: see [`database_url::check`].
fn usable_url(config: &DatabaseConfig) -> Result<(), Invalid> {
    let url = config.url.get();
    let checked = Option::as_ref(&url).map_or(Ok(()), database_url::check);
    checked.map_err(|reason| Invalid::vouched(format_args!("APP_DB_URL: {reason}")))
}
