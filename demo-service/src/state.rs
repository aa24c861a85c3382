//! Everything that handlers share.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use environ::{Live, Secret};
use tokio::time::Instant;

use crate::config::effective::EffectiveConfig;
use crate::config::{EffectiveLimits, Exposure};
use crate::connections::Connections;
use crate::database::Database;
use crate::health::event_loops::EventLoops;
use crate::health::heartbeat::Heartbeat;
use crate::health::load_balancers::LoadBalancers;
use crate::health::readiness::Readiness;
use crate::in_flight::Requests;
use crate::metrics::Metrics;
use crate::otel::Otel;
use crate::reload::{Newest, Reloads};
use crate::secrets::SecretsStatus;
use crate::telemetry::Log;
use crate::version::Version;

/// Everything that handlers share.
#[derive(Debug)]
pub struct AppState {
    /// The time of the start.
    pub(crate) started: Instant,
    /// The token for requests that change something, or `None` if such requests are
    /// accepted from the operators' listener only.
    pub(crate) admin_token: Live<Option<Secret<String>>>,
    /// The limits of requests.
    pub(crate) limits: EffectiveLimits,
    /// The operator endpoints that answer every client.
    pub(crate) exposure: Exposure,
    /// The log and its level.
    pub(crate) log: Log,
    /// Measurements made as requests end.
    pub(crate) metrics: Metrics,
    /// The phase of the service.
    pub readiness: Readiness,
    /// The number of handlers that panicked.
    pub(crate) panics: AtomicU64,
    /// Whether a proxy that is not trusted was reported.
    pub(crate) untrusted_proxy: Once,
    /// The load balancers that check readiness.
    pub(crate) load_balancers: LoadBalancers,
    /// The requests in flight.
    pub requests: Requests,
    /// The connections of the service.
    pub(crate) connections: Connections,
    /// The connections of the operators' listener.
    pub(crate) operator_connections: Connections,
    /// The database that counts visits.
    pub database: Database,
    /// The event loops of the workers.
    pub(crate) event_loops: EventLoops,
    /// The checks of the dependencies.
    pub(crate) heartbeat: Heartbeat,
    /// The variables in effect, for `/-/config`.
    pub(crate) effective_config: Newest<EffectiveConfig>,
    /// The reloads of the configuration.
    pub(crate) reloads: Reloads,
    /// Ages and expiries of the secrets.
    pub(crate) secrets: SecretsStatus,
    /// The export of spans.
    pub(crate) otel: Otel,
    /// The version that runs.
    pub(crate) version: Version,
}

impl AppState {
    /// Returns the number of handlers that panicked, and of panics of the database's driver.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed) + self.database.panics()
    }
}
