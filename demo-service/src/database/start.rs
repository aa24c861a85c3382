//! The start: connecting, migrating, and one statement that has to work.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::error::DatabaseError;
use super::statement::Statement;
use super::{Database, migrations};
use crate::backoff::Backoff;

/// The time in which a start waits for a host that no name server knows.
const NAME_GRACE: Duration = Duration::from_secs(2);

impl Database {
    /// Waits until the database can be used, trying again and again until `deadline`,
    /// unless the database refuses. With `migrate`, it brings the tables up to date.
    ///
    /// # Errors
    ///
    /// The last answer of the database, if there was any.
    pub async fn start(&self, deadline: Instant, migrate: bool) -> Result<(), DatabaseError> {
        let begun = Instant::now();
        let (mut backoff, mut last) = (Backoff::default(), None);
        loop {
            let err = match timeout_at(deadline, self.prepare(deadline, migrate)).await {
                Ok(Ok(())) => {
                    self.0.troubles.all_ended();
                    self.0.is_started.store(true, Ordering::Release);
                    return Ok(());
                }
                Ok(Err(err)) => err,
                // The answer before tells more.
                Err(_) => {
                    return Err(last.unwrap_or_else(|| DatabaseError::NotReached {
                        address: self.pool().target().address(),
                        variable: "APP_START_TIMEOUT",
                    }));
                }
            };
            let may_appear = err.is_unknown_host() && begun.elapsed() < NAME_GRACE;
            if err.is_refusal() && !may_appear {
                return Err(err);
            }
            self.0.troubles.failed(&err, None, Instant::now());
            let Some(pause) = backoff.pause_before(deadline) else {
                return Err(err);
            };
            last = Some(err);
            sleep(pause).await;
        }
    }

    async fn prepare(&self, deadline: Instant, migrate: bool) -> Result<(), DatabaseError> {
        let mut connection = self.connection(self.patience_to_connect()).await?;
        if migrate {
            let mut session = connection.begin()?;
            let left = deadline.saturating_duration_since(Instant::now());
            let migrated = migrations::run(&mut session, left).await;
            connection.settle(session, migrated.as_ref().err());
            migrated?;
        }
        drop(connection);
        self.ask(Statement::Count).await.map(drop)
    }
}
