//! The result of a later load: values that may take effect.

use std::fmt;
use std::time::Instant;

use super::state::{Loads, State};
use crate::report::{Error, Origins, Warning};

/// The result of a load after the first.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reload<'w, T> {
    /// A text changed since the last load.
    Update(Update<'w, T>),
    /// The load failed: every value stays as it is.
    ///
    /// The error has the problems of the whole config. An error that repeats is returned once,
    /// unless a load was [asked for](super::Watcher::ask).
    Refused(Error),
    /// No text differs from the last load that was applied, and the load was
    /// [asked for](super::Watcher::ask), or the load before was refused: a change was undone.
    Unchanged,
}

/// A config that was loaded after a change, before its live values take effect.
///
/// Drop it without [`apply`](Self::apply) to keep every value as it is: the watcher loads again
/// after a second, and after pauses that double up to 30 seconds for as long as you drop it.
#[must_use = "no value is replaced until the update is applied"]
pub struct Update<'w, T> {
    config: T,
    later: Loads,
    names: Vec<String>,
    warnings: Vec<Warning>,
    state: &'w mut State,
    /// The time of the look before the load, and its stamp.
    at: (Instant, u64),
}

impl<'w, T> Update<'w, T> {
    pub(super) fn new(
        state: &'w mut State,
        at: (Instant, u64),
        config: T,
        later: Loads,
        warnings: Vec<Warning>,
    ) -> Self {
        let (names, needing_restart) = state.changes(&later);
        let needing_restart: Vec<Warning> = needing_restart
            .iter()
            .map(|name| {
                let reason = if state.is_live_in_either(&later, name) {
                    "its group appeared or disappeared"
                } else {
                    "its field is not live"
                };
                let message = format!("changed, and {reason}: the new value needs a restart");
                Warning::new(name, "needs_restart", &message)
            })
            .collect();
        Self {
            config,
            warnings: warnings.into_iter().chain(needing_restart).collect(),
            later,
            names,
            state,
            at,
        }
    }

    /// Returns the config as it was loaded, apart from the values in effect: its live values are
    /// new, and the rest takes effect with a restart only.
    pub fn config(&self) -> &T {
        &self.config
    }

    /// Returns the names of the variables with a new live value.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the warnings of the load, and a warning `needs_restart` for each variable that
    /// changed since the start, and is not live.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Replaces the live values in effect, and wakes their followers.
    pub fn apply(self) -> Applied {
        let Self {
            later,
            names,
            warnings,
            state,
            at,
            ..
        } = self;
        state.apply(later, &names, at);
        Applied {
            names,
            warnings,
            origins: state.origins().clone(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Update<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update")
            .field("config", &self.config)
            .field("names", &self.names)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// An update in effect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Applied {
    /// The names of the variables with a new live value, in alphabetical order.
    pub names: Vec<String>,
    /// The warnings of the load, and about fields that are not live. Log them.
    pub warnings: Vec<Warning>,
    /// Where each value in effect came from.
    pub origins: Origins,
}
