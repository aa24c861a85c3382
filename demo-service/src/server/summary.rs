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

type Counts = [u64; REASONS.len()];

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
        let more = since(&told, &counts);
        info!(
            target: CONNECTIONS,
            bad_request = more[0],
            head_too_large = more[1],
            head_timeout = more[2],
            body_timeout = more[3],
            write_timeout = more[4],
            full = more[5],
            "clients refused or given up"
        );
        told = counts;
        sleep(PERIOD.saturating_sub(FIRST)).await;
    }
}

fn since(told: &Counts, counts: &Counts) -> Counts {
    std::array::from_fn(|index| counts[index] - told[index])
}

fn count(connections: &Connections) -> Counts {
    REASONS.map(|reason| connections.closed(reason))
}

#[cfg(test)]
mod tests {
    use super::since;

    #[test]
    fn only_what_was_not_told_is_summed_up() {
        assert_eq!(
            since(&[1, 0, 2, 0, 0, 9], &[3, 0, 2, 1, 0, 9]),
            [2, 0, 0, 1, 0, 0]
        );
    }
}
