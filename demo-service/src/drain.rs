//! How the service stops without losing a request.

use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use crate::config::DrainConfig;
use crate::state::{AppState, Phase};

/// How long the workers have for connections that were accepted and not yet
/// served. A client that connects now is not served: balancers have had the delay
/// to learn that.
const QUEUE: Duration = Duration::from_millis(300);

/// What became of the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// How many were answered, of all since the start.
    pub answered: u64,
    /// How many were cut, since they took longer than they may.
    pub cut: u64,
}

/// Stops `server`:
///
/// 1. readiness says no, and every response closes its connection;
/// 2. requests are served for `delay`, until load balancers send no more;
/// 3. no connection is accepted any more, and those that were are served;
/// 4. requests in flight are finished, for `timeout` at most.
pub async fn drain(server: &ServerHandle, state: &AppState, config: &DrainConfig) -> Drained {
    let DrainConfig { delay, timeout } = config;
    state.readiness.enter(Phase::Draining);
    info!(?delay, "draining: not ready, and still serving");
    sleep(*delay).await;

    server.pause().await;
    sleep(QUEUE).await;

    info!(?timeout, "draining: finishing what is in flight");
    let abandoned = state.requests.abandoned();
    let since = Instant::now();
    server.stop(true).await;

    let answered = state.requests.answered();
    let unanswered = state.requests.begun().saturating_sub(answered + abandoned);
    // What ended unanswered before the time was up was given up by its client.
    let in_time = since.elapsed() < *timeout;
    let cut = if in_time { 0 } else { unanswered };
    let drained = Drained { answered, cut };
    match drained {
        Drained { answered, cut: 0 } => info!(answered, "drained"),
        Drained { answered, cut } => warn!(answered, cut, "drained, but requests were cut"),
    }
    drained
}
