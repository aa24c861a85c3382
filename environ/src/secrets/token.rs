//! Tokens that allow requests to a cloud, for as long as they are valid.

use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::redact::Secret;

/// A token that is about to expire may do so on its way.
const MARGIN: Duration = Duration::from_secs(60);

/// The longest time that a token is kept. Google gives none for longer; a machine at Azure does.
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
    fn is_valid(&self) -> bool {
        self.expires.saturating_duration_since(Instant::now()) > MARGIN
    }
}

/// The current token of a client, if it has one.
#[derive(Default)]
pub(super) struct CurrentToken(Mutex<Option<Token>>);

impl CurrentToken {
    /// Returns a token that is valid, from `login` if need be. Requests at the same time share
    /// one login.
    pub(super) async fn or_login<E>(
        &self,
        login: impl Future<Output = Result<Token, E>>,
    ) -> Result<Secret<String>, E> {
        let mut token = self.0.lock().await;
        match &*token {
            Some(token) if token.is_valid() => Ok(token.text.clone()),
            _ => Ok(token.insert(login.await?).text.clone()),
        }
    }

    /// Forgets a token that was refused, so that the next request logs in again.
    pub(super) async fn forget(&self, refused: &Secret<String>) {
        let mut token = self.0.lock().await;
        let is_refused = |token: &Token| token.text.expose() == refused.expose();
        if token.as_ref().is_some_and(is_refused) {
            *token = None;
        }
    }
}
