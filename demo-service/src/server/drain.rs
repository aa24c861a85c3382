//! Stopping without losing a request.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use super::close::{all_closed, close_listener};
use crate::config::DrainConfig;
use crate::connections::{Activity, Closed};
use crate::health::Phase;
use crate::health::load_balancers::LoadBalancers;
use crate::in_flight::Requests;
use crate::process::exit;
use crate::process::systemd::Supervisor;
use crate::state::AppState;
use crate::telemetry::targets::DRAIN;

/// Once no connection is accepted, connected clients have this time to send a request.
///
/// Idle connections are closed then, and the service cannot tell whether a request is on its
/// way. Without this time, three restarts lost 36 of 50,000 requests, and with it none of
/// 57,000.
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_millis(300);

/// A worker has this time to drop the requests that were cut. A stuck worker never does.
const DROP_TIMEOUT: Duration = Duration::from_millis(500);

/// The time for closing the listener and for everything after the drain, in the time that the
/// supervisor is told.
const MARGIN: Duration = Duration::from_secs(5);

/// The reason why the delay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DelayEnd {
    /// Every load balancer that checks has no request here and sends no more.
    LoadBalancers,
    /// The time was up.
    Elapsed,
    /// There was no delay: the holder of the socket keeps new connections.
    Inherited,
    /// There was no delay: no load balancer was ever told to send requests.
    NeverReady,
}

impl DelayEnd {
    fn name(self) -> &'static str {
        match self {
            Self::LoadBalancers => "the balancers let go",
            Self::Elapsed => "it was over",
            Self::Inherited => "the socket is inherited",
            Self::NeverReady => "it was never ready",
        }
    }
}

/// The report of a drain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drained {
    /// Requests answered since the start.
    answered: u64,
    /// Requests answered since the signal.
    finished: u64,
    /// Requests cut because they took longer than the timeout.
    cut: u64,
    /// Answers lost because their clients did not read them.
    unread: u64,
    /// The length of the delay, and the reason why it ended.
    delay: (Duration, DelayEnd),
    /// The time for requests that were not read yet.
    queue: Duration,
    /// The time that the last requests took.
    finish: Duration,
    /// The last state of each load balancer.
    load_balancers: String,
}

impl Drained {
    /// Logs the drain as one event, and returns the exit code. `closing` is the time that
    /// the release of all resources took.
    pub(crate) fn report(&self, closing: Duration) -> u8 {
        let code = if self.cut == 0 { 0 } else { exit::CUT };
        macro_rules! event {
            ($level:ident, $message:literal) => {
                $level!(
                    target: DRAIN,
                    answered = self.answered,
                    finished = self.finished,
                    cut = self.cut,
                    unread = self.unread,
                    delay_ms = millis(self.delay.0),
                    delay_ended = self.delay.1.name(),
                    queue_ms = millis(self.queue),
                    finish_ms = millis(self.finish),
                    closing_ms = millis(closing),
                    balancers = self.load_balancers,
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

/// Returns the longest time from the signal to the exit.
pub(crate) fn max_duration(config: &DrainConfig) -> Duration {
    config.delay + FIRST_REQUEST_TIMEOUT + config.timeout + DROP_TIMEOUT + MARGIN
}

/// Stops `server`:
///
/// 1. readiness fails, and every response closes its connection;
/// 2. requests are served for `delay`, or until load balancers send no more; there is no
///    delay if the socket is inherited, because its holder keeps new connections, nor if
///    the service was never ready;
/// 3. the service's `own` listener is closed, and an inherited listener is left to its
///    holder; accepted connections are served;
/// 4. requests in flight have `timeout` to finish. A client that does not read its answer
///    is not waited for.
pub(crate) async fn drain(
    server: &ServerHandle,
    state: &AppState,
    config: &DrainConfig,
    own: Option<&TcpListener>,
    supervisor: &Supervisor,
) -> Drained {
    let DrainConfig { delay, timeout } = *config;
    let inherited = own.is_none();
    let answered = state.requests.answered();
    let start = Instant::now();
    let was_ready = state.readiness.drain() == Phase::Ready;
    supervisor.stopping(max_duration(config));
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
        None => wait(delay, &state.load_balancers).await,
    };

    let paused = Instant::now();
    match own {
        Some(listener) => close_listener(listener, server, &state.connections).await,
        None => server.pause().await,
    }
    sleep(FIRST_REQUEST_TIMEOUT).await;

    info!(target: DRAIN, ?timeout, "draining: finishing what is in flight");
    supervisor.status("draining: finishing what is in flight");
    let stopped = Instant::now();
    let (cut, unread) = stop(server, state, timeout).await;
    let finish = stopped.elapsed();
    if cut > 0 {
        let _ = tokio::time::timeout(DROP_TIMEOUT, all_ended(&state.requests)).await;
    }
    Drained {
        answered: state.requests.answered(),
        finished: state.requests.answered() - answered,
        cut,
        unread,
        delay: (paused - start, delay_end),
        queue: stopped - paused,
        finish,
        load_balancers: last_states(&state.load_balancers),
    }
}

async fn wait(delay: Duration, load_balancers: &LoadBalancers) -> DelayEnd {
    tokio::select! {
        () = load_balancers.drained() => DelayEnd::LoadBalancers,
        () = sleep(delay) => DelayEnd::Elapsed,
    }
}

/// Stops the server. Returns the number of requests that were cut, and of answers that were
/// not read.
async fn stop(server: &ServerHandle, state: &AppState, timeout: Duration) -> (u64, u64) {
    let connections = &state.connections;
    let before = connections.closed(Closed::WriteTimeout);
    connections.close();
    let closed = tokio::time::timeout(timeout, all_closed(connections)).await;
    let given_up = connections.closed(Closed::WriteTimeout) - before;
    let (cut, blocked) = match closed {
        Ok(()) => (0, 0),
        Err(_elapsed) => (
            state.requests.in_flight(),
            connections.active(Activity::Blocked),
        ),
    };
    // Drops open connections: a graceful stop would wait for them again.
    server.stop(false).await;
    (cut, given_up + blocked)
}

/// Waits until the workers have dropped and logged the requests that were cut, each on its
/// own thread.
async fn all_ended(requests: &Requests) {
    while requests.in_flight() > 0 {
        sleep(Duration::from_millis(1)).await;
    }
}

fn last_states(load_balancers: &LoadBalancers) -> String {
    let states = load_balancers.last_states();
    let states: Vec<_> = states.iter().map(ToString::to_string).collect();
    states.join(", ")
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
