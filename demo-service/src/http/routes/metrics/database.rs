//! The connections to the database, and its rotations.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use crate::database::Database;

pub(super) fn register(registry: &mut Registry, database: &Database) {
    let usage = database.usage();
    let connections = Family::<_, Gauge>::default();
    for (state, count) in [("in_use", usage.in_use), ("idle", usage.idle)] {
        let count = i64::from(count);
        connections.get_or_create(&[("state", state)]).set(count);
    }
    registry.register(
        "database_connections",
        "Connections to the database, by whether a request uses them",
        connections,
    );
    registry.register(
        "database_max_connections",
        "Connections to the database that the pool opens at most",
        ConstGauge::new(i64::from(usage.max)),
    );
    let rotations = Family::<_, Counter>::default();
    for (outcome, count) in [("ok", usage.rotated), ("failed", usage.refused)] {
        rotations
            .get_or_create(&[("outcome", outcome)])
            .inc_by(count);
    }
    registry.register(
        "database_rotations",
        "Switches of the pool to other credentials, by outcome",
        rotations,
    );
}
