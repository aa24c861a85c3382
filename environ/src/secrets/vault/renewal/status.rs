//! The health of a lease, as metrics and pages show it.

use std::time::{Duration, Instant};

use tokio::time;

use crate::secrets::vault::client::VaultError;

/// Whether a leased value is good.
///
/// A release may add a health, so that a `match` needs `_`:
///
/// ```compile_fail,E0004
/// use environ::secrets::vault::Health;
///
/// fn is_good(health: Health) -> bool {
///     match health {
///         Health::Fresh | Health::Stale => true,
///         Health::Expired => false,
///     }
/// }
/// ```
///
/// ```
/// use environ::secrets::vault::Health;
///
/// fn is_good(health: Health) -> bool {
///     match health {
///         Health::Fresh | Health::Stale => true,
///         Health::Expired | _ => false,
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Health {
    /// The value is good, and the last request to the Vault succeeded.
    Fresh,
    /// The value is good, but the last request to the Vault failed.
    Stale,
    /// The value has expired.
    Expired,
}

impl Health {
    /// All values, from good to bad.
    pub const ALL: &'static [Self] = &[Self::Fresh, Self::Stale, Self::Expired];

    pub(crate) fn at(now: time::Instant, expires: Option<time::Instant>, stale: bool) -> Self {
        if expires.is_some_and(|expires| expires <= now) {
            Self::Expired
        } else if stale {
            Self::Stale
        } else {
            Self::Fresh
        }
    }

    /// Returns the health as one word, for metrics and pages. A word keeps its meaning in
    /// later releases, which may add words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Expired => "expired",
        }
    }
}

/// The state of a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Whether the current value is good.
    pub health: Health,
    /// When the current value was obtained.
    pub obtained: Instant,
    /// When the current value expires, unless it is renewed; `None` if it never
    /// expires.
    pub expires: Option<Instant>,
    /// Why the last request failed; `None` if it succeeded.
    pub failure: Option<VaultError>,
    /// Number of requests to the Vault since the first value was obtained.
    pub answers: Answers,
}

/// Number of requests to a Vault about a lease, by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answers {
    /// The value is still good, and its lease may be longer.
    pub renewed: u64,
    /// The value was replaced.
    pub replaced: u64,
    /// The Vault refused, or did not answer.
    pub failed: u64,
}

impl Status {
    /// Returns the time left, zero if the value has expired; `None` if the value
    /// never expires.
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        // The clock of tokio, which tests control.
        let expires = time::Instant::from_std(self.expires?);
        Some(expires.saturating_duration_since(time::Instant::now()))
    }
}
