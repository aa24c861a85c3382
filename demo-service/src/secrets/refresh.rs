//! Fetches the secrets of a remote store again: at an interval, on demand, and when the database
//! refuses the password that the secrets have.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use environ::secrets::{Newest, SecretStore};
use environ::watch::Refresh;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::error::SecretsError;
use super::fetches::Fetches;

/// A store that has not answered by then counts as away, however long its own timeout is.
const FETCH_TIMEOUT: Duration = Duration::from_secs(30);

/// The pause before a fetch that a refused login asks for. It doubles up to the interval.
const MIN_PAUSE: Duration = Duration::from_secs(1);

type Fetching = Pin<Box<dyn Future<Output = Result<(), SecretsError>> + Send>>;

/// A store of any kind.
pub(super) type BoxedStore = Box<dyn SecretStore + Send + Sync>;

/// Fetches the secrets of a remote store again, and replaces the snapshot of their store.
pub(crate) struct Refetch {
    fetch: Box<dyn Fn() -> Fetching + Send + Sync>,
    fetches: Fetches,
    asked: UnboundedReceiver<Reply>,
    ask: UnboundedSender<Reply>,
}

/// Receives the result of a fetch.
type Reply = mpsc::Sender<Result<(), String>>;

impl Refetch {
    /// Makes a store of a first snapshot, which `fetch` fetches again.
    pub(super) fn new<S, F>(
        name: &'static str,
        snapshot: S,
        fetch: impl Fn() -> F + Send + Sync + 'static,
    ) -> (BoxedStore, Self)
    where
        S: SecretStore + Send + Sync + 'static,
        F: Future<Output = Result<S, SecretsError>> + Send + 'static,
    {
        let store = Newest::new(snapshot);
        let newest = store.clone();
        let fetch = move || -> Fetching {
            let (fetched, newest) = (fetch(), newest.clone());
            Box::pin(async move {
                newest.replace(fetched.await?);
                Ok(())
            })
        };
        let (ask, asked) = unbounded_channel();
        let refetch = Self {
            fetch: Box::new(fetch),
            fetches: Fetches::new(name),
            asked,
            ask,
        };
        (Box::new(store), refetch)
    }

    /// Returns the fetches, which stay up to date.
    pub(super) fn fetches(&self) -> Fetches {
        self.fetches.clone()
    }

    /// Returns a handle that asks for a fetch.
    pub(crate) fn on_demand(&self) -> OnDemand {
        OnDemand {
            ask: self.ask.clone(),
            fetches: self.fetches.clone(),
        }
    }

    /// Fetches at `interval`, after each request, and when the database has refused a login:
    /// the password may be replaced already.
    ///
    /// After a failure the snapshot stays as it is. The next fetch comes after a second, and
    /// after pauses that double up to the interval.
    pub(crate) async fn run(
        self,
        interval: Duration,
        mut login_refusals: watch::Receiver<u64>,
    ) -> Infallible {
        let Self {
            fetch,
            fetches,
            mut asked,
            ask: _ask,
        } = self;
        let mut schedule = Refresh::new(interval, Instant::now());
        let mut pause = MIN_PAUSE;
        let mut not_before = Instant::now() + pause;
        loop {
            let suspected = async {
                if login_refusals.changed().await.is_err() {
                    pending::<()>().await;
                }
                sleep(not_before.saturating_duration_since(Instant::now())).await;
            };
            let reply = tokio::select! {
                () = sleep(schedule.next_wait(Instant::now())) => {
                    pause = MIN_PAUSE;
                    None
                }
                Some(reply) = asked.recv() => Some(reply),
                () = suspected => {
                    pause = (pause * 2).min(interval);
                    None
                }
            };
            let fetched = match timeout(FETCH_TIMEOUT, fetch()).await {
                Ok(fetched) => fetched,
                Err(_elapsed) => Err(SecretsError::Unanswered(FETCH_TIMEOUT)),
            };
            let now = Instant::now();
            match &fetched {
                Ok(()) => schedule.fetched(now),
                Err(_) => schedule.failed(now),
            }
            not_before = now + pause;
            note(&fetches, &fetched);
            if let Some(reply) = reply {
                let _ = reply.send(fetched.map_err(|err| err.to_string()));
            }
        }
    }
}

/// Logs each change between success and failure, and between failures.
fn note(fetches: &Fetches, last: &Result<(), SecretsError>) {
    let secret = fetches.name;
    match last {
        Ok(()) if fetches.succeed() => info!(secret, "the secrets can be fetched again"),
        Err(err) if fetches.fail(err) => warn!(
            secret,
            error = %err,
            "the secrets cannot be fetched: the former values stay in effect"
        ),
        Ok(()) | Err(_) => {}
    }
}

/// Asks for a fetch. A clone asks the same store.
#[derive(Clone, Debug)]
pub(crate) struct OnDemand {
    ask: UnboundedSender<Reply>,
    fetches: Fetches,
}

impl OnDemand {
    /// Fetches now, and blocks the thread until the end of the fetch. Returns `None` if the
    /// service stops meanwhile.
    pub(crate) fn fetch(&self) -> Option<Result<(), String>> {
        let (reply, answer) = mpsc::channel();
        self.ask.send(reply).ok()?;
        answer.recv().ok()
    }

    /// Returns whether the last fetch failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.fetches.is_failing()
    }
}
