//! A build without the cargo feature `vault`: no user is leased.

use environ::Secret;

use super::Database;
use super::error::DatabaseError;

/// The login of a database with leased users, which does not exist.
#[derive(Clone, Debug)]
pub(crate) enum LeasedLogin {}

impl LeasedLogin {
    pub(crate) async fn replace(
        &self,
        _database: &Database,
        _url: &Secret<String>,
    ) -> Result<(), DatabaseError> {
        match *self {}
    }
}
