//! Switches the database to other credentials, or to another URL.

use std::fmt;
use std::mem;
use std::sync::PoisonError;

use environ::Secret;
use tokio::time::timeout;

use super::Database;
use super::error::DatabaseError;
use super::pool::Pool;
use super::session::Target;
use super::statement::Statement;

impl Database {
    /// Switches to other credentials of the same database, once they are seen to work.
    /// No request fails, because those that have a connection keep it. Returns the
    /// connections with the former credentials, to be closed.
    ///
    /// # Errors
    ///
    /// If the new credentials do not work. Then the former credentials stay in use.
    pub async fn rotate(&self, url: &Secret<String>) -> Result<Retired, DatabaseError> {
        let rotated = self.switch_to(url, false).await;
        self.0.rotations.count(&rotated);
        rotated
    }

    /// Switches to another URL as [`rotate`](Self::rotate) does, once a statement of requests
    /// is seen to work there: the URL may name another server, or another user without rights.
    ///
    /// # Errors
    ///
    /// If the URL names another kind of database, or the database does not work. Then the
    /// former URL stays in use.
    pub(crate) async fn replace(&self, url: &Secret<String>) -> Result<Retired, DatabaseError> {
        let replaced = self.switch_to(url, true).await;
        self.0.rotations.count(&replaced);
        replaced
    }

    async fn switch_to(
        &self,
        url: &Secret<String>,
        is_tried: bool,
    ) -> Result<Retired, DatabaseError> {
        let target = Target::new(url, self.0.config.query_timeout)?;
        if target.is_sqlite() != self.pool().target().is_sqlite() {
            let reason = "it names another kind of database, which needs a restart";
            return Err(DatabaseError::Url(reason.into()));
        }
        let new = self.pool().successor(target);
        let mut spare = new.connect_spare(self.patience_to_connect()).await?;
        if is_tried {
            let count = spare.session.number(self.0.texts.of(Statement::Count));
            let counted = timeout(self.0.config.query_timeout, count).await;
            let counted = counted.map_err(|_elapsed| DatabaseError::TimedOut)?;
            counted.map_err(DatabaseError::of_statement)?;
        }
        spare.close().await;
        let mut pool = self.0.pool.write().unwrap_or_else(PoisonError::into_inner);
        if pool.is_closed() {
            return Err(DatabaseError::Closed);
        }
        let old = mem::replace(&mut *pool, new.clone());
        drop(pool);
        Ok(Retired::new(old, &new))
    }
}

/// Connections with former credentials.
#[must_use = "these connections stay open until they are closed"]
pub struct Retired(Pool);

impl Retired {
    /// Retires a pool, and closes its idle connections now.
    fn new(pool: Pool, successor: &Pool) -> Self {
        pool.retire(Some(successor));
        Self(pool)
    }

    /// Returns whether no connection is left.
    #[cfg(feature = "vault")]
    pub(super) fn is_unused(&self) -> bool {
        self.0.is_unused()
    }

    /// Waits until the last connection in use is given back, and closed: until then the
    /// credentials must stay valid.
    pub async fn close(self) {
        self.0.unused().await;
    }
}

impl fmt::Debug for Retired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retired").finish_non_exhaustive()
    }
}
