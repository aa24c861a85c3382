//! What requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use environ::Secret;

use crate::config::HealthConfig;
use crate::config::effective::Settings;
use crate::database::Database;
use crate::health::event_loops::EventLoops;
use crate::health::haproxy::Balancers;
use crate::health::heartbeat::{Check, Heartbeat};
use crate::metrics::Metrics;
use crate::secrets::{Holdings, Lent};
use crate::telemetry::Log;
use crate::version::Version;

/// What requests share, in one place.
#[derive(Debug)]
pub struct AppState {
    /// What a request that changes something must have, unless it came by another
    /// way.
    pub(crate) admin_token: Option<Secret<String>>,
    /// What is written of it all.
    pub log: Log,
    /// What is measured. Whoever measures something else registers it here.
    pub metrics: Metrics,
    /// Whether load balancers should send requests.
    pub readiness: Readiness,
    /// How many handlers panicked.
    pub(crate) panics: AtomicU64,
    /// The load balancers that ask.
    pub balancers: Balancers,
    /// The requests that were begun and ended.
    pub requests: Requests,
    /// Where visits are counted.
    pub database: Database,
    /// The event loops that serve requests.
    pub(crate) loops: EventLoops,
    /// How what the service depends on is.
    pub heartbeat: Heartbeat,
    /// What is in effect.
    pub settings: Settings,
    /// What somebody else gave.
    pub holdings: Holdings,
    /// What is running.
    pub version: Version,
}

impl AppState {
    /// Makes the state of a service that is starting.
    #[must_use]
    pub fn new(
        database: Database,
        lent: Option<&Lent>,
        health: &HealthConfig,
        version: Version,
        log: Log,
    ) -> Self {
        let mut heartbeat = Heartbeat::new(health);
        let asked = (database.clone(), lent.cloned());
        heartbeat.add(Check::Database, move || {
            let (database, lent) = asked.clone();
            async move {
                // As requests do: a user who was dropped may have rights no more on
                // a connection that lives on.
                let is_usable = database.visits().await.is_ok();
                if let (false, Some(lent)) = (is_usable, lent) {
                    lent.suspect();
                }
                is_usable
            }
        });
        if let Some(lent) = lent.cloned() {
            heartbeat.add(Check::Secrets, move || std::future::ready(lent.is_good()));
        }
        Self {
            admin_token: None,
            log,
            metrics: Metrics::default(),
            readiness: Readiness::default(),
            panics: AtomicU64::default(),
            balancers: Balancers::default(),
            requests: Requests::default(),
            database,
            loops: EventLoops::default(),
            heartbeat,
            settings: Settings::default(),
            holdings: Holdings::default(),
            version,
        }
    }

    /// Shows what is in effect.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Shows what somebody else gave.
    #[must_use]
    pub fn with_holdings(mut self, holdings: Holdings) -> Self {
        self.holdings = holdings;
        self
    }

    /// Lets whoever has the token change what runs.
    #[must_use]
    pub fn with_admin_token(mut self, token: Option<Secret<String>>) -> Self {
        self.admin_token = token;
        self
    }

    /// Gives why load balancers should send no requests, if they should not.
    #[must_use]
    pub fn unready(&self) -> Option<&'static str> {
        match self.readiness.phase() {
            Phase::Ready => self.heartbeat.unready(),
            phase => Some(phase.name()),
        }
    }

    /// Gives how many handlers panicked.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }
}

/// Where the service is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Waiting for what it depends on.
    Starting,
    /// Serving.
    Ready,
    /// Serving what still comes, and about to stop.
    Draining,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Starting, Self::Ready, Self::Draining];

    /// Gives its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Draining => "draining",
        }
    }
}

/// The phase, known to all threads. A clone is the same one.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<AtomicU8>);

impl Readiness {
    /// Becomes ready. Tells whether it is, since it may be draining already.
    #[must_use]
    pub fn start(&self) -> bool {
        let (from, to) = (Phase::Starting as u8, Phase::Ready as u8);
        self.0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Enters the last phase. Gives the one before.
    #[must_use]
    pub fn drain(&self) -> Phase {
        phase(self.0.swap(Phase::Draining as u8, Ordering::AcqRel))
    }

    /// Gives the phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        phase(self.0.load(Ordering::Acquire))
    }
}

fn phase(number: u8) -> Phase {
    let mut phases = Phase::ALL.into_iter();
    let phase = phases.find(|phase| *phase as u8 == number);
    phase.unwrap_or(Phase::Draining)
}

/// Counts requests, so that a drain can tell what became of them.
#[derive(Debug, Default)]
pub struct Requests {
    begun: AtomicU64,
    answered: AtomicU64,
    abandoned: AtomicU64,
}

impl Requests {
    /// Counts a request from now until the guard is told that it is answered.
    pub fn begin(&self) -> InFlight<'_> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        InFlight {
            requests: self,
            answered: false,
        }
    }

    /// Gives how many were begun.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Gives how many were answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// Gives how many are being served.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        // In this order, or what ends meanwhile would count as never begun.
        let ended = self.answered() + self.abandoned();
        self.begun().saturating_sub(ended)
    }

    /// Gives how many were dropped before they were answered.
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.abandoned.load(Ordering::Relaxed)
    }
}

/// A request that is being served. Dropped, it counts as abandoned.
#[derive(Debug)]
pub struct InFlight<'a> {
    requests: &'a Requests,
    answered: bool,
}

impl InFlight<'_> {
    /// Counts the request as answered.
    pub fn answer(mut self) {
        self.answered = true;
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let count = if self.answered {
            &self.requests.answered
        } else {
            &self.requests.abandoned
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}
