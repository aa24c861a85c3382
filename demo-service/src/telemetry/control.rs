//! What can be changed of a log that is being written.

use std::fmt::Display;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::{enabled, warn};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::reload::Handle;

use super::{Level, Lines};

/// The log of the process. A clone is the same one.
#[derive(Clone, Debug)]
pub struct Log(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    lines: Lines,
    filter: Handle<Targets, Registry>,
    configured: Level,
    changed: Mutex<Changed>,
}

/// A level that is not the configured one.
#[derive(Debug, Default)]
struct Changed {
    level: Option<(Level, Instant)>,
    /// How many changes there were: a timer reverts its own alone.
    count: u64,
}

impl Log {
    pub(super) fn new(lines: Lines, filter: Handle<Targets, Registry>, configured: Level) -> Self {
        Self(Arc::new(Shared {
            lines,
            filter,
            configured,
            changed: Mutex::default(),
        }))
    }

    /// Gives the lines on their way out.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        &self.0.lines
    }

    /// Gives the level in effect.
    #[must_use]
    pub fn level(&self) -> Level {
        let changed = self.changed();
        let level = changed.level.as_ref().map(|(level, _)| level);
        level.unwrap_or(&self.0.configured).clone()
    }

    /// Gives the level that was configured.
    #[must_use]
    pub fn configured(&self) -> &Level {
        &self.0.configured
    }

    /// Gives how long the level in effect has until the configured one is back.
    #[must_use]
    pub fn reverts_in(&self) -> Option<Duration> {
        let changed = self.changed();
        let level = changed.level.as_ref();
        level.map(|(_, until)| until.saturating_duration_since(Instant::now()))
    }

    /// Changes the level for some time, and says so in the log. Nothing below
    /// `info` is written of libraries, even of those that are named.
    ///
    /// # Errors
    ///
    /// If nothing is logged any more.
    pub fn change(&self, level: Level, ttl: Duration, client: impl Display) -> io::Result<()> {
        let level = level.capped();
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

    /// A log that will be silent tells before, and one that was tells after.
    fn apply(&self, level: &Level, tell: impl Fn()) -> io::Result<()> {
        let is_heard = enabled!(tracing::Level::WARN);
        if is_heard {
            tell();
        }
        let reloaded = self.0.filter.reload(level.targets());
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
