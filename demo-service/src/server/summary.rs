//! One line a minute about clients that were refused, however many they were.

use std::time::Duration;

use tokio::time::sleep;
use tracing::info;

use crate::connections::{Closed, Connections};
use crate::telemetry::targets::CONNECTIONS;

/// How soon the first refusal is told.
const FIRST: Duration = Duration::from_secs(1);

/// The time between two summaries.
const PERIOD: Duration = Duration::from_mins(1);

/// The reasons that are told: faults of clients.
const REASONS: [Closed; 6] = [
    Closed::BadRequest,
    Closed::HeadTooLarge,
    Closed::HeadTimeout,
    Closed::BodyTimeout,
    Closed::WriteTimeout,
    Closed::Full,
];

/// Logs how many clients were refused or given up, once a minute at most. Each of them is an
/// event at `debug`, and counted in metrics.
pub(super) async fn summarize(connections: Connections) {
    let mut told = count(&connections);
    loop {
        sleep(FIRST).await;
        let counts = count(&connections);
        if counts == told {
            continue;
        }
        let more = |index: usize| counts[index] - told[index];
        info!(
            target: CONNECTIONS,
            bad_request = more(0),
            head_too_large = more(1),
            head_timeout = more(2),
            body_timeout = more(3),
            write_timeout = more(4),
            full = more(5),
            "clients refused or given up"
        );
        told = counts;
        sleep(PERIOD.saturating_sub(FIRST)).await;
    }
}

fn count(connections: &Connections) -> [u64; REASONS.len()] {
    REASONS.map(|reason| connections.closed(reason))
}
