//! The state of a service that starts.

use std::future::ready;
use std::sync::Once;
use std::sync::atomic::AtomicU64;

use environ::Loaded;
use tokio::time::Instant;

use super::resources::Resources;
use crate::config::cautions::Caution;
use crate::config::effective::EffectiveConfig;
use crate::config::{AppConfig, Check, EffectiveLimits, Fingerprints, HealthConfig, StopBudget};
use crate::connections::Connections;
use crate::database::Database;
use crate::health::event_loops::EventLoops;
use crate::health::heartbeat::Heartbeat;
use crate::health::load_balancers::LoadBalancers;
use crate::health::readiness::Readiness;
use crate::in_flight::Requests;
use crate::metrics::Metrics;
use crate::reload::{Newest, Reloads};
use crate::secrets::Leases;
use crate::state::AppState;
use crate::telemetry::Log;
use crate::version::Version;

/// Creates the state of a service that starts.
pub(super) fn state(
    loaded: &Loaded<AppConfig>,
    resources: &Resources,
    database: Database,
    log: Log,
    cautions: &[Caution],
    budget: &StopBudget,
) -> AppState {
    let config = &loaded.config;
    AppState {
        started: Instant::now(),
        admin_token: config.admin.token.clone(),
        limits: EffectiveLimits::new(&config.server.limits),
        exposure: config.exposure(),
        log,
        metrics: Metrics::default(),
        readiness: Readiness::default(),
        panics: AtomicU64::default(),
        untrusted_proxy: Once::new(),
        load_balancers: LoadBalancers::default(),
        requests: Requests::default(),
        connections: Connections::default(),
        operator_connections: Connections::default(),
        heartbeat: heartbeat(&config.health, &database, resources.leases()),
        database,
        event_loops: EventLoops::default(),
        effective_config: Newest::new(EffectiveConfig::new(
            &Fingerprints::of(config),
            &loaded.origins,
            &loaded.warnings,
            cautions,
            budget,
        )),
        reloads: Reloads::default(),
        secrets: resources.secrets_status(),
        otel: resources.otel.clone(),
        version: Version::of_this_build(),
    }
}

fn heartbeat(config: &HealthConfig, database: &Database, leases: Option<&Leases>) -> Heartbeat {
    let mut heartbeat = Heartbeat::new(config);
    let asked = (database.clone(), leases.cloned());
    heartbeat.add(Check::Database, move || {
        let (database, leases) = asked.clone();
        async move {
            // With the statement of requests: a user who was dropped may have lost the
            // right to it on a connection that lives on.
            let is_usable = database.visits().await.is_ok();
            if let (false, Some(leases)) = (is_usable, leases) {
                leases.suspect();
            }
            is_usable
        }
    });
    if let Some(leases) = leases.cloned() {
        heartbeat.add(Check::Secrets, move || ready(leases.are_valid()));
    }
    heartbeat
}
