//! The log level, changed for a time.

use std::fmt::Display;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::{enabled, warn};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::reload::Handle;

use super::accept_errors::AcceptErrors;
use super::filter;
use super::queue::Lines;
use crate::config::Level;

/// The log of the process. A clone shares it.
#[derive(Clone, Debug)]
pub struct Log(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    lines: Lines,
    filter: Handle<Targets, Registry>,
    configured: Level,
    changed: Mutex<Changed>,
    accept_errors: AcceptErrors,
}

/// A level other than the configured one.
#[derive(Debug, Default)]
struct Changed {
    level: Option<(Level, Instant)>,
    /// The number of changes, so that a timer reverts its own change only.
    count: u64,
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
            configured,
            changed: Mutex::default(),
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
        let level = changed.level.as_ref().map(|(level, _)| level);
        level.unwrap_or(&self.0.configured).clone()
    }

    /// Returns the configured level.
    pub(crate) fn configured(&self) -> &Level {
        &self.0.configured
    }

    /// Returns the time left until the log level reverts to the configured one, or `None` if
    /// it was not changed.
    pub(crate) fn reverts_in(&self) -> Option<Duration> {
        let changed = self.changed();
        let level = changed.level.as_ref();
        level.map(|(_, until)| until.saturating_duration_since(Instant::now()))
    }

    /// Changes the level until `ttl` is over, and logs the change. Libraries log `info` at
    /// most, named or not.
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
        let level = filter::capped(level);
        let until = Instant::now() + ttl;
        let mut changed = self.changed();
        let before = changed.level.as_ref().map(|(level, _)| level);
        let before = before.unwrap_or(&self.0.configured).clone();
        self.apply(&level, || {
            warn!(from = %before, to = %level, ?ttl, %client, "log level changed");
        })?;
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
        let configured = &self.0.configured;
        let _ = self.apply(configured, || warn!(to = %configured, "log level reverted"));
        changed.level = None;
    }

    /// Logs the change before a level that hides it, or after a level that hid it.
    fn apply(&self, level: &Level, tell: impl Fn()) -> io::Result<()> {
        let is_heard = enabled!(tracing::Level::WARN);
        if is_heard {
            tell();
        }
        let reloaded = self.0.filter.reload(filter::targets(level));
        reloaded.map_err(io::Error::other)?;
        if !is_heard {
            tell();
        }
        Ok(())
    }

    fn changed(&self) -> MutexGuard<'_, Changed> {
        let changed = self.0.changed.lock();
        changed.unwrap_or_else(PoisonError::into_inner)
    }
}
