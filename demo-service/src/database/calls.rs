//! Calls of the driver, each of which ends in an error at worst.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use super::relay::Relay;
use super::said::Hidden;

/// The number of calls in which the driver panicked. A clone counts the same calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Panics(Arc<AtomicU64>);

impl Panics {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The calls of one connection.
pub(super) struct Calls {
    hidden: Hidden,
    panics: Panics,
    /// Counts the bytes of each answer.
    relay: Relay,
}

impl Calls {
    /// Connects to the server of `options`, and returns the options for the driver.
    pub(super) async fn to_server(
        options: PgConnectOptions,
        panics: &Panics,
    ) -> sqlx::Result<(Self, PgConnectOptions)> {
        let hidden = Hidden::of_login(&options.to_url_lossy());
        let (relay, options) = Relay::connect(options).await?;
        let panics = panics.clone();
        let calls = Self {
            hidden,
            panics,
            relay,
        };
        Ok((calls, options))
    }

    /// Creates the calls of a database without a server.
    pub(super) fn to_file(panics: &Panics) -> Self {
        Self {
            hidden: Hidden::default(),
            panics: panics.clone(),
            relay: Relay::default(),
        }
    }

    /// Runs a call. The driver panics at some messages that no server sends in good health: the
    /// panic is logged as each is, counted, and an error of the database.
    ///
    /// The call is boxed, because futures of the driver are large.
    pub(super) fn call<'a, T: 'a>(
        &'a self,
        call: impl Future<Output = sqlx::Result<T>> + Send + 'a,
    ) -> impl Future<Output = sqlx::Result<T>> + Send + 'a {
        let call = AssertUnwindSafe(call.boxed()).catch_unwind();
        async move {
            self.relay.begin();
            let Ok(answer) = call.await else {
                self.panics.0.fetch_add(1, Ordering::Relaxed);
                let text = "the driver panicked at a message of the server".to_owned();
                return Err(sqlx::Error::Protocol(text));
            };
            answer.map_err(|err| match err {
                sqlx::Error::Io(err) => self.relay.take_failure().unwrap_or(err).into(),
                err => self.hidden.filter(err),
            })
        }
    }
}
