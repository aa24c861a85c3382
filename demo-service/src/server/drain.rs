//! How the service stops without losing a request.

use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use crate::config::DrainConfig;
use crate::health::haproxy::Balancers;
use crate::process::exit;
use crate::process::systemd::Supervisor;
use crate::state::{AppState, Phase, Requests};
use crate::telemetry::targets::DRAIN;

/// How long the workers have to read the first request of connections that were
/// accepted, once none is accepted any more.
///
/// A worker that stops closes every connection whose request it has not read, and
/// nothing tells whether it has one: so all have this long to arrive. Without it,
/// three restarts lost 36 of 50,000 requests, and with it none of 57,000.
const QUEUE: Duration = Duration::from_millis(300);

/// How long a worker may take to drop what it was cut in. One that is stuck never does.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What is left for after the drain, of what a supervisor is told it may take.
const MARGIN: Duration = Duration::from_secs(5);

/// Why the delay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelayEnd {
    /// Every load balancer that checks has nothing here, and sends no more.
    Balancers,
    /// It was over.
    Time,
    /// There was none: whoever holds the socket keeps what comes now.
    Inherited,
    /// There was none: nobody was ever told to send anything.
    NeverReady,
}

impl DelayEnd {
    fn name(self) -> &'static str {
        match self {
            Self::Balancers => "the balancers let go",
            Self::Time => "it was over",
            Self::Inherited => "the socket is inherited",
            Self::NeverReady => "it was never ready",
        }
    }
}

/// What the drain did, and what became of the requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drained {
    /// How many were answered, of all since the start.
    pub answered: u64,
    /// How many were answered, of those since the signal.
    pub finished: u64,
    /// How many were cut, since they took longer than they may.
    pub cut: u64,
    /// How long was served on, not ready, and why no longer.
    pub delay: (Duration, DelayEnd),
    /// How long requests had that were not read yet.
    pub queue: Duration,
    /// How long the last requests took to finish.
    pub finish: Duration,
    /// What each balancer said last.
    pub balancers: String,
}

impl Drained {
    /// Logs what the drain did, in one line, and gives the exit code. `closing` is
    /// how long it took to let go of what the service holds.
    #[must_use]
    pub fn report(&self, closing: Duration) -> u8 {
        let code = if self.cut == 0 { 0 } else { exit::CUT };
        macro_rules! event {
            ($level:ident, $message:literal) => {
                $level!(
                    target: DRAIN,
                    answered = self.answered,
                    finished = self.finished,
                    cut = self.cut,
                    delay_ms = millis(self.delay.0),
                    delay_ended = self.delay.1.name(),
                    queue_ms = millis(self.queue),
                    finish_ms = millis(self.finish),
                    closing_ms = millis(closing),
                    balancers = self.balancers,
                    code,
                    $message
                )
            };
        }
        if self.cut == 0 {
            event!(info, "drained");
        } else {
            event!(
                warn,
                "drained, but requests were cut: they took longer than APP_DRAIN_TIMEOUT"
            );
        }
        code
    }
}

/// Gives how long stopping may take, all in all.
#[must_use]
pub fn at_most(config: &DrainConfig) -> Duration {
    config.delay + QUEUE + config.timeout + LAST_WORDS + MARGIN
}

/// Stops `server`:
///
/// 1. readiness says no, and every response closes its connection;
/// 2. requests are served for `delay`, or until load balancers send no more; not
///    if the socket is `inherited`, since its holder keeps what comes, nor if the
///    service was never ready;
/// 3. no connection is accepted any more, and those that were are served;
/// 4. requests in flight are finished, for `timeout` at most.
pub async fn drain(
    server: &ServerHandle,
    state: &AppState,
    config: &DrainConfig,
    inherited: bool,
    supervisor: &Supervisor,
) -> Drained {
    let DrainConfig { delay, timeout } = *config;
    let answered = state.requests.answered();
    let start = Instant::now();
    let was_ready = state.readiness.drain() == Phase::Ready;
    supervisor.stopping(at_most(config));
    let no_delay = match (inherited, was_ready) {
        (true, _) => Some(DelayEnd::Inherited),
        (false, false) => Some(DelayEnd::NeverReady),
        (false, true) => None,
    };
    let delay = if no_delay.is_some() {
        Duration::ZERO
    } else {
        delay
    };
    info!(target: DRAIN, ?delay, inherited, "draining: not ready, and still serving");
    let delay_end = match no_delay {
        Some(end) => end,
        None => wait(delay, &state.balancers).await,
    };

    let paused = Instant::now();
    server.pause().await;
    sleep(QUEUE).await;

    info!(target: DRAIN, ?timeout, "draining: finishing what is in flight");
    supervisor.status("draining: finishing what is in flight");
    let stopped = Instant::now();
    let cut = stop(server, state, timeout).await;
    let finish = stopped.elapsed();
    if cut > 0 {
        let _ = tokio::time::timeout(LAST_WORDS, all_ended(&state.requests)).await;
    }
    Drained {
        answered: state.requests.answered(),
        finished: state.requests.answered() - answered,
        cut,
        delay: (paused - start, delay_end),
        queue: stopped - paused,
        finish,
        balancers: last_words(&state.balancers),
    }
}

async fn wait(delay: Duration, balancers: &Balancers) -> DelayEnd {
    tokio::select! {
        () = balancers.let_go() => DelayEnd::Balancers,
        () = sleep(delay) => DelayEnd::Time,
    }
}

/// Gives how many requests were cut.
async fn stop(server: &ServerHandle, state: &AppState, timeout: Duration) -> u64 {
    let abandoned = state.requests.abandoned();
    let since = Instant::now();
    server.stop(true).await;
    if since.elapsed() < timeout {
        // What ended unanswered before the time was up was given up by its client.
        return 0;
    }
    let ended = state.requests.answered() + abandoned;
    state.requests.begun().saturating_sub(ended)
}

/// Waits until the workers have dropped what was cut, each on its own thread, and
/// logged it.
async fn all_ended(requests: &Requests) {
    while requests.in_flight() > 0 {
        sleep(Duration::from_millis(1)).await;
    }
}

fn last_words(balancers: &Balancers) -> String {
    let words = balancers.last_words().into_iter();
    let words: Vec<_> = words.map(|state| state.to_string()).collect();
    words.join(", ")
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
