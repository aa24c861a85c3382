//! Stopping without losing a request.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::{info, warn};

use super::close::{all_closed, close_listener};
use crate::config::StopBudget;
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

/// The part of the time after the release in which the log is written. The process needs the
/// rest to end.
const FLUSH_SHARE: u32 = 3;

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
    /// There was no delay: a person at a terminal pressed Ctrl-C.
    Terminal,
    /// There was no delay: no client asks for readiness.
    Unasked,
}

impl DelayEnd {
    fn name(self) -> &'static str {
        match self {
            Self::LoadBalancers => "load_balancers",
            Self::Elapsed => "elapsed",
            Self::Inherited => "inherited",
            Self::NeverReady => "never_ready",
            Self::Terminal => "terminal",
            Self::Unasked => "unasked",
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
    /// Requests cut because they took longer than the timeout, or waited in the backlog.
    cut: u64,
    /// The part of `cut` that waited in the backlog, because all places were taken.
    unaccepted: u64,
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
    /// The time of the signal.
    start: Instant,
    /// The time of the whole stop.
    stop_timeout: Duration,
    /// The time at which all resources must be released.
    pub(crate) exit_by: Instant,
}

impl Drained {
    /// Returns the time at which the log must be written.
    pub(crate) fn flush_by(&self) -> Instant {
        let end = self.start + self.stop_timeout;
        self.exit_by + end.saturating_duration_since(self.exit_by) / FLUSH_SHARE
    }

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
                    unaccepted = self.unaccepted,
                    unread = self.unread,
                    delay_ms = millis(self.delay.0),
                    delay_ended = self.delay.1.name(),
                    queue_ms = millis(self.queue),
                    finish_ms = millis(self.finish),
                    closing_ms = millis(closing),
                    stop_ms = millis(self.start.elapsed()),
                    stop_timeout_ms = millis(self.stop_timeout),
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
                "drained, but requests were cut: they took longer than APP_DRAIN_TIMEOUT and \
                 APP_STOP_TIMEOUT allow, or waited for a place (`unaccepted`)"
            );
        }
        code
    }
}

/// Stops `server`, in the time of `budget`:
///
/// 1. readiness fails, and every response closes its connection;
/// 2. requests are served for the delay, or until load balancers send no more. There is no
///    delay if the socket is inherited, because its holder keeps new connections; if the
///    service was never ready; and, unless the delay is configured, at a terminal and if no
///    client asks for readiness;
/// 3. the service's `own` listener is closed, and an inherited listener is left to its
///    holder; accepted connections are served;
/// 4. requests in flight finish, or are cut. A client that does not read its answer is not
///    waited for.
pub(crate) async fn drain(
    server: &ServerHandle,
    state: &AppState,
    budget: &StopBudget,
    own: Option<&TcpListener>,
    at_terminal: bool,
    supervisor: &Supervisor,
) -> Drained {
    let answered = state.requests.answered();
    let start = Instant::now();
    let finish_until = start + budget.finish_until();
    let was_ready = state.readiness.drain() == Phase::Ready;
    supervisor.stopping(budget.total);
    let no_delay = if own.is_none() {
        Some(DelayEnd::Inherited)
    } else if !was_ready {
        Some(DelayEnd::NeverReady)
    } else {
        unnoticed(budget, at_terminal, &state.load_balancers)
    };
    let delay_end = delay(budget, no_delay, own.is_none(), state).await;

    let paused = Instant::now();
    let unaccepted = if let Some(listener) = own {
        let left = finish_until.saturating_duration_since(paused);
        close_listener(listener, server, left / 2).await
    } else {
        server.pause().await;
        0
    };
    first_requests(state, no_delay == Some(DelayEnd::Terminal)).await;

    let stopped = Instant::now();
    let left = finish_until.saturating_duration_since(stopped);
    let timeout = budget.timeout.map_or(left, |timeout| timeout.min(left));
    info!(target: DRAIN, ?timeout, "draining: finishing requests in flight");
    supervisor.status("draining: finishing requests in flight");
    let (cut, unread) = finish(server, state, timeout, budget.drop_time()).await;
    Drained {
        answered: state.requests.answered(),
        finished: state.requests.answered() - answered,
        cut: cut + unaccepted,
        unaccepted,
        unread,
        delay: (paused - start, delay_end),
        queue: stopped - paused,
        finish: stopped.elapsed(),
        load_balancers: last_states(&state.load_balancers),
        start,
        stop_timeout: budget.total,
        exit_by: start + budget.exit_by(),
    }
}

/// Returns the reason why no client would notice a delay, if there is one.
fn unnoticed(
    budget: &StopBudget,
    at_terminal: bool,
    load_balancers: &LoadBalancers,
) -> Option<DelayEnd> {
    if budget.keeps_delay {
        None
    } else if at_terminal {
        Some(DelayEnd::Terminal)
    } else {
        (!load_balancers.is_asked()).then_some(DelayEnd::Unasked)
    }
}

/// Serves for the delay, unless there is a reason for none. Returns the reason of its end.
async fn delay(
    budget: &StopBudget,
    no_delay: Option<DelayEnd>,
    inherited: bool,
    state: &AppState,
) -> DelayEnd {
    let delay = match no_delay {
        Some(_) => Duration::ZERO,
        None => budget.delay.min(budget.finish_until()),
    };
    info!(target: DRAIN, ?delay, inherited, "draining: not ready, and still serving");
    match no_delay {
        Some(end) => end,
        None => wait(delay, &state.load_balancers).await,
    }
}

/// Waits for the first requests of connected clients. At a terminal, nobody else may have
/// connected.
async fn first_requests(state: &AppState, at_terminal: bool) {
    let connections = &state.connections;
    if at_terminal {
        let _ = timeout(FIRST_REQUEST_TIMEOUT, all_closed(connections)).await;
    } else {
        sleep(FIRST_REQUEST_TIMEOUT).await;
    }
}

async fn wait(delay: Duration, load_balancers: &LoadBalancers) -> DelayEnd {
    tokio::select! {
        () = load_balancers.drained() => DelayEnd::LoadBalancers,
        () = sleep(delay) => DelayEnd::Elapsed,
    }
}

/// Lets requests in flight finish, and stops the server. Returns the number of requests that
/// were cut, and of answers that were not read.
async fn finish(
    server: &ServerHandle,
    state: &AppState,
    time: Duration,
    drop_time: Duration,
) -> (u64, u64) {
    let connections = &state.connections;
    let before = connections.closed(Closed::WriteTimeout);
    connections.close();
    let closed = timeout(time, all_closed(connections)).await;
    let given_up = connections.closed(Closed::WriteTimeout) - before;
    let (cut, blocked) = match closed {
        Ok(()) => (0, 0),
        Err(_elapsed) => (
            state.requests.in_flight(),
            connections.active(Activity::Blocked),
        ),
    };
    // Drops open connections: a graceful stop would wait for them again. A stuck worker never
    // drops its connections.
    let dropped_by = Instant::now() + drop_time;
    let _ = timeout_at(dropped_by, server.stop(false)).await;
    if cut > 0 {
        let _ = timeout_at(dropped_by, all_ended(&state.requests)).await;
    }
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
