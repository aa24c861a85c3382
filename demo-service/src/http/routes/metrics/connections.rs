//! The connections of each listener.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::connections::{Activity, Closed};
use crate::state::AppState;

/// Heads that are refused, by the status of the answer.
const REFUSED: [(&str, Closed); 3] = [
    ("400", Closed::BadRequest),
    ("408", Closed::HeadTimeout),
    ("431", Closed::HeadTooLarge),
];

pub(super) fn register(registry: &mut Registry, state: &AppState) {
    let open = Family::<_, Gauge>::default();
    let closed = Family::<_, Counter>::default();
    let refused = Family::<_, Counter>::default();
    let listeners = [
        ("service", &state.connections),
        ("operators", &state.operator_connections),
    ];
    for (listener, connections) in listeners {
        let listener = ("listener", listener);
        for activity in Activity::ALL {
            let count = i64::try_from(connections.active(activity)).unwrap_or(i64::MAX);
            let labels = [listener, ("activity", activity.name())];
            open.get_or_create(&labels).set(count);
        }
        for reason in Closed::ALL {
            let labels = [listener, ("reason", reason.name())];
            closed
                .get_or_create(&labels)
                .inc_by(connections.closed(reason));
        }
        for (status, reason) in REFUSED {
            let labels = [listener, ("status", status)];
            refused
                .get_or_create(&labels)
                .inc_by(connections.closed(reason));
        }
    }
    registry.register("http_connections", "Open connections by activity", open);
    registry.register(
        "http_connections_closed",
        "Connections that were closed, by reason",
        closed,
    );
    registry.register(
        "http_heads_refused",
        "Heads of requests that were refused before any route was known",
        refused,
    );
}
