//! The log level, changed for a time.

use std::fmt::Display;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::warn;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::reload::Handle;

use super::accept_errors::AcceptErrors;
use super::filter;
use super::queue::Lines;
use super::targets::LOG_LEVEL;
use crate::config::Level;

/// The log of the process. A clone shares it.
#[derive(Clone, Debug)]
pub struct Log(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    lines: Lines,
    filter: Handle<Targets, Registry>,
    changed: Mutex<Changed>,
    accept_errors: AcceptErrors,
}

/// The configured level, and a level other than that.
#[derive(Debug)]
struct Changed {
    configured: Level,
    level: Option<(Level, Instant)>,
    /// The number of changes, so that a timer reverts its own change only.
    count: u64,
}

impl Changed {
    /// Returns the level in effect.
    fn current(&self) -> &Level {
        let level = self.level.as_ref().map(|(level, _)| level);
        level.unwrap_or(&self.configured)
    }
}

impl Log {
    pub(super) fn new(
        lines: Lines,
        filter: Handle<Targets, Registry>,
        configured: Level,
        accept_errors: AcceptErrors,
    ) -> Self {
        Self(Arc::new(Shared {
            lines,
            filter,
            changed: Mutex::new(Changed {
                configured,
                level: None,
                count: 0,
            }),
            accept_errors,
        }))
    }

    /// Returns the queue of lines.
    pub(crate) fn lines(&self) -> &Lines {
        &self.0.lines
    }

    /// Returns the number of errors while connections were accepted.
    pub(crate) fn accept_errors(&self) -> u64 {
        self.0.accept_errors.count()
    }

    /// Returns the level in effect.
    pub(crate) fn level(&self) -> Level {
        let changed = self.changed();
        changed.current().clone()
    }

    /// Returns the configured level.
    pub(crate) fn configured(&self) -> Level {
        self.changed().configured.clone()
    }

    /// Changes the configured level, and logs the change. A level that was changed for a time
    /// stays until that time is over.
    ///
    /// # Errors
    ///
    /// If the subscriber is gone.
    pub(crate) fn configure(&self, level: &Level) -> io::Result<()> {
        let mut changed = self.changed();
        if changed.configured == *level {
            return Ok(());
        }
        if changed.level.is_none() {
            self.apply(level)?;
        }
        warn!(
            target: LOG_LEVEL,
            from = %changed.configured,
            to = %level,
            "log level configured"
        );
        changed.configured = level.clone();
        Ok(())
    }

    /// Returns the time left until the log level reverts to the configured one, or `None` if
    /// it was not changed.
    pub(crate) fn reverts_in(&self) -> Option<Duration> {
        let changed = self.changed();
        let level = changed.level.as_ref();
        level.map(|(_, until)| until.saturating_duration_since(Instant::now()))
    }

    /// Changes the level until `ttl` is over, and logs the change. Modules that `level` does
    /// not include keep their configured level. Nothing falls below `warn`, and libraries log
    /// `info` at most, named or not.
    ///
    /// # Errors
    ///
    /// If the subscriber is gone.
    pub(crate) fn change(
        &self,
        level: Level,
        ttl: Duration,
        client: impl Display,
    ) -> io::Result<()> {
        let until = Instant::now() + ttl;
        let mut changed = self.changed();
        let level = filter::limited(level.over(&changed.configured));
        let before = changed.current().clone();
        self.apply(&level)?;
        warn!(
            target: LOG_LEVEL,
            from = %before,
            to = %level,
            ?ttl,
            %client,
            "log level changed"
        );
        changed.count += 1;
        changed.level = Some((level, until));
        tokio::spawn(self.clone().revert(changed.count, until));
        Ok(())
    }

    async fn revert(self, count: u64, until: Instant) {
        sleep_until(until).await;
        let mut changed = self.changed();
        if changed.count != count {
            return;
        }
        let configured = &changed.configured;
        let _ = self.apply(configured);
        warn!(target: LOG_LEVEL, to = %configured, "log level reverted");
        changed.level = None;
    }

    fn apply(&self, level: &Level) -> io::Result<()> {
        let reloaded = self.0.filter.reload(filter::targets(level));
        reloaded.map_err(io::Error::other)
    }

    fn changed(&self) -> MutexGuard<'_, Changed> {
        let changed = self.0.changed.lock();
        changed.unwrap_or_else(PoisonError::into_inner)
    }
}
