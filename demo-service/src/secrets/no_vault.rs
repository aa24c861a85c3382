//! A build without the cargo feature `vault`: nothing is leased. The types are empty, as the
//! compiler sees.

use std::convert::Infallible;
use std::future::Ready;
use std::iter::Empty;

use environ::Secret;
use tokio::time::Instant;

use crate::database::{Database, DatabaseError, LeasedLogin};

/// The session of a Vault, which does not exist.
#[derive(Debug)]
pub(super) enum Session {}

/// Leases, which do not exist.
#[derive(Clone, Debug)]
pub(crate) enum Leases {}

/// The status of a lease, which does not exist.
#[derive(Debug)]
pub(crate) enum Status {}

/// The URL of the database with its leased user, which does not exist.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) url: Secret<String>,
    pub(crate) leased: Option<LeasedLogin>,
}

impl Leases {
    pub(crate) fn login(&self, _url: &Secret<String>) -> Result<Login, DatabaseError> {
        match *self {}
    }

    pub(crate) fn are_valid(&self) -> bool {
        match *self {}
    }

    pub(crate) fn iter(&self) -> Empty<(&'static str, Status)> {
        match *self {}
    }

    pub(crate) fn suspect(&self) {
        match *self {}
    }

    pub(crate) fn follow(
        self,
        _database: Database,
        _login: Option<LeasedLogin>,
    ) -> Ready<Infallible> {
        match self {}
    }

    pub(super) fn revoke_by(&self, _session: Session, _exit_by: Instant) -> Ready<()> {
        match *self {}
    }
}
