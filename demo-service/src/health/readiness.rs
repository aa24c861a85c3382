//! The phase of the service, and whether load balancers should send requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::heartbeat::Heartbeat;

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
pub struct Readiness(Arc<AtomicU8>);

impl Readiness {
    /// Enters [`Phase::Ready`] unless the service is draining, and returns whether it did.
    #[must_use]
    pub fn start(&self) -> bool {
        let (from, to) = (Phase::Starting as u8, Phase::Ready as u8);
        self.0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Enters [`Phase::Draining`] and returns the phase before.
    #[must_use]
    pub fn drain(&self) -> Phase {
        phase(self.0.swap(Phase::Draining as u8, Ordering::AcqRel))
    }

    /// Returns the phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        phase(self.0.load(Ordering::Acquire))
    }
}

/// Returns the reason why load balancers should send no requests, or `None` if they
/// should.
pub(crate) fn unready(readiness: &Readiness, heartbeat: &Heartbeat) -> Option<&'static str> {
    match readiness.phase() {
        Phase::Ready => heartbeat.unready(),
        phase => Some(phase.name()),
    }
}

fn phase(number: u8) -> Phase {
    let mut phases = Phase::ALL.into_iter();
    let phase = phases.find(|phase| *phase as u8 == number);
    phase.unwrap_or(Phase::Draining)
}
