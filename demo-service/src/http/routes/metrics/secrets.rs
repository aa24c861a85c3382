//! Ages, expiries and health of the secrets.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::secrets::{HEALTH, SecretsStatus};

/// Each label has few values, all of them constants.
type Labels<const N: usize> = [(&'static str, &'static str); N];

pub(super) fn register(registry: &mut Registry, secrets: &SecretsStatus) {
    let obtained = Family::<Labels<1>, Gauge>::default();
    let expiry = Family::<Labels<1>, Gauge>::default();
    let health = Family::<Labels<2>, Gauge>::default();
    let requests = Family::<Labels<2>, Counter>::default();
    for secret in secrets.iter() {
        let name = ("secret", secret.name);
        let since = timestamp(secret.obtained);
        obtained.get_or_create(&[name]).set(since);
        if let Some(expires) = secret.expires {
            expiry.get_or_create(&[name]).set(timestamp(expires));
        }
        for word in HEALTH {
            let is_so = i64::from(word == secret.health);
            health.get_or_create(&[name, ("health", word)]).set(is_so);
        }
        for (outcome, count) in secret.requests {
            let labels = [name, ("outcome", outcome)];
            requests.get_or_create(&labels).inc_by(count);
        }
    }
    registry.register(
        "secret_obtained_timestamp_seconds",
        "Time at which the secret was obtained, in seconds since the epoch",
        obtained,
    );
    registry.register(
        "secret_expiry_timestamp_seconds",
        "Time at which the secret expires unless it is renewed, in seconds since the epoch",
        expiry,
    );
    registry.register(
        "secret_health",
        "1 for the health of the secret: fresh, stale or expired",
        health,
    );
    registry.register(
        "secret_requests",
        "Requests to the store to keep a lease or to fetch a document, by outcome",
        requests,
    );
}

/// Returns whole seconds since the epoch. Two clocks are read, and a finer value of a
/// time in the past would vary.
pub(super) fn timestamp(at: Instant) -> i64 {
    let (now, time) = (Instant::now(), SystemTime::now());
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = seconds + at.saturating_duration_since(now);
    let seconds = seconds.saturating_sub(now.saturating_duration_since(at));
    i64::try_from((seconds.as_millis() + 500) / 1_000).unwrap_or(i64::MAX)
}
