//! The phase of the service, and whether load balancers should send requests.

use std::fmt::Display;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::warn;

use super::heartbeat::Heartbeat;
use crate::telemetry::targets::SERVER;

/// The phase of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Waiting for its dependencies.
    Starting,
    /// Serving.
    Ready,
    /// Serving the last requests before a stop.
    Draining,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Self; 3] = [Self::Starting, Self::Ready, Self::Draining];

    /// Returns the name in metrics and on `/-/ready`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Draining => "draining",
        }
    }
}

/// The phase, shared by all threads. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    phase: AtomicU8,
    pause: Mutex<Pause>,
}

/// A time for which operators take the instance out.
#[derive(Debug, Default)]
struct Pause {
    until: Option<Instant>,
    /// The number of changes, so that a timer ends its own pause only.
    count: u64,
}

impl Readiness {
    /// Enters [`Phase::Ready`] unless the service is draining, and returns whether it did.
    #[must_use]
    pub fn start(&self) -> bool {
        let (from, to) = (Phase::Starting as u8, Phase::Ready as u8);
        self.0
            .phase
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Enters [`Phase::Draining`] and returns the phase before.
    #[must_use]
    pub fn drain(&self) -> Phase {
        phase(self.0.phase.swap(Phase::Draining as u8, Ordering::AcqRel))
    }

    /// Returns the phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        phase(self.0.phase.load(Ordering::Acquire))
    }

    /// Takes the instance out for `ttl`, so that load balancers send no requests. Logs that,
    /// and the end.
    pub(crate) fn pause(&self, ttl: Duration, client: impl Display) {
        let until = Instant::now() + ttl;
        let mut pause = self.pausing();
        pause.count += 1;
        pause.until = Some(until);
        warn!(target: SERVER, ?ttl, %client, "taken out: not ready by request of an operator");
        tokio::spawn(self.clone().resume_at(until, pause.count));
    }

    /// Ends a pause early.
    pub(crate) fn resume(&self, client: impl Display) {
        let mut pause = self.pausing();
        pause.count += 1;
        if pause.until.take().is_some() {
            warn!(target: SERVER, %client, "taken in again by request of an operator");
        }
    }

    /// Returns the time left until a pause ends, or `None` if there is no pause.
    pub(crate) fn paused_for(&self) -> Option<Duration> {
        let until = self.pausing().until?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    async fn resume_at(self, until: Instant, count: u64) {
        sleep_until(until).await;
        let mut pause = self.pausing();
        if pause.count == count {
            pause.until = None;
            warn!(target: SERVER, "taken in again: the time is over");
        }
    }

    fn pausing(&self) -> MutexGuard<'_, Pause> {
        self.0.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the reason why load balancers should send no requests, or `None` if they
/// should.
pub(crate) fn unready(readiness: &Readiness, heartbeat: &Heartbeat) -> Option<&'static str> {
    match readiness.phase() {
        Phase::Ready if readiness.paused_for().is_some() => Some("taken out"),
        Phase::Ready => heartbeat.unready(),
        phase => Some(phase.name()),
    }
}

fn phase(number: u8) -> Phase {
    let mut phases = Phase::ALL.into_iter();
    let phase = phases.find(|phase| *phase as u8 == number);
    phase.unwrap_or(Phase::Draining)
}
