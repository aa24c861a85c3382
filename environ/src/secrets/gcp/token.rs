//! Tokens that allow requests, for as long as they are valid.

use std::time::Duration;

use tokio::time::Instant;

use crate::redact::Secret;

/// The scope of Google's own clients. The roles of the identity limit it.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// A token that is about to expire may do so on its way.
const MARGIN: Duration = Duration::from_secs(60);

/// The longest time that a token is kept: Google's own limit.
const MAX_LIFETIME: Duration = Duration::from_secs(12 * 3_600);

/// A token for requests.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: Secret<String>,
    expires: Instant,
}

impl Token {
    pub(super) fn new(text: Secret<String>, lifetime: Duration) -> Self {
        let expires = Instant::now() + lifetime.min(MAX_LIFETIME);
        Self { text, expires }
    }

    /// Returns whether the token is valid for a minute at least.
    pub(super) fn is_valid(&self) -> bool {
        self.expires.saturating_duration_since(Instant::now()) > MARGIN
    }
}
