//! A build without the cargo feature `vault`: no user is leased.

use std::future::Ready;

use environ::Secret;

use super::Database;
use super::error::DatabaseError;

/// The login of a database with leased users, which does not exist.
#[derive(Clone, Debug)]
pub(crate) enum LeasedLogin {}

impl LeasedLogin {
    pub(crate) fn replace(
        &self,
        _database: &Database,
        _url: &Secret<String>,
    ) -> Ready<Result<(), DatabaseError>> {
        match *self {}
    }
}
