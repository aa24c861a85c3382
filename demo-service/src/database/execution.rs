//! One statement of a request, from a connection to the end at the server.

use std::future::pending;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

use super::Database;
use super::error::DatabaseError;
use super::statement::Statement;
use crate::otel::client_span;

/// The time that the server's own limit has to come back as an error.
const GRACE: Duration = Duration::from_secs(1);

/// The pause between two looks at a statement that overran its limit.
const OVERRUN_PAUSE: Duration = Duration::from_secs(2);

impl Database {
    /// Executes a statement, and notes the trouble that it meets.
    pub(super) async fn ask(&self, statement: Statement) -> Result<i64, DatabaseError> {
        let begun = Instant::now();
        let (reply, answer) = oneshot::channel();
        self.0.runtime.spawn(self.clone().execute(statement, reply));
        // A task that ends without an answer may have sent the statement.
        let lost = || DatabaseError::Lost(sqlx::Error::WorkerCrashed);
        let answer = async { answer.await.unwrap_or_else(|_| Err(lost())) };
        let system = self.0.texts.system();
        let answer = client_span(statement.name(), system, statement.text(), answer).await;
        match &answer {
            Ok(_) => self.0.troubles.answered(statement, begun),
            Err(err) => self.0.troubles.failed(err, Some(statement), begun),
        }
        answer
    }

    /// Executes a statement in a task of its own, which goes on when the request is
    /// dropped: no connection is left in the middle of an answer.
    async fn execute(
        self,
        statement: Statement,
        reply: oneshot::Sender<Result<i64, DatabaseError>>,
    ) {
        let begun = match self.connection(self.patience()).await {
            Ok(mut connection) => connection.begin().map(|session| (connection, session)),
            Err(err) => Err(err),
        };
        let (mut connection, mut session) = match begun {
            Ok(begun) => begun,
            Err(err) => {
                let _ = reply.send(Err(err));
                return;
            }
        };
        let text = self.0.texts.of(statement);
        let mut asked = Box::pin(async move {
            let answer = session.number(text).await;
            (answer.map_err(DatabaseError::of_statement), session)
        });
        let limit = self.0.config.query_timeout + GRACE;
        if let Ok((answer, session)) = timeout(limit, &mut asked).await {
            connection.settle(session, answer.as_ref().err());
            drop(connection);
            let _ = reply.send(answer);
            return;
        }
        let _ = reply.send(Err(DatabaseError::TimedOut));
        // Its place stays taken while the server executes the statement. Otherwise the
        // pool would connect again, and again, until the server has no backend left.
        connection.leave_behind();
        tokio::select! {
            (answer, session) = &mut asked => connection.settle(session, answer.as_ref().err()),
            () = self.overrun_ends(statement) => {}
        }
    }

    /// Waits until the server executes no statement beyond its limit: then the
    /// connection of such a statement is dead.
    async fn overrun_ends(&self, statement: Statement) {
        let pool = self.pool();
        if pool.target().is_sqlite() {
            return pending().await;
        }
        loop {
            sleep(OVERRUN_PAUSE).await;
            // If the database is unavailable, no request needs the place.
            let Ok(mut spare) = self.pool().connect_spare(self.patience_to_connect()).await else {
                continue;
            };
            let counted = spare.session.number(self.0.texts.overrunning(statement));
            match timeout(self.0.config.query_timeout, counted).await {
                Ok(Ok(1..)) | Err(_) => {}
                // A server without the view has no say.
                Ok(_) => return,
            }
        }
    }
}
