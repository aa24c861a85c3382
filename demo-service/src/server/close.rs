//! The end of a server's connections.

use std::time::Duration;

use tokio::time::sleep;

use crate::connections::Connections;

/// How often the connections are counted.
const ROUND: Duration = Duration::from_millis(5);

/// Waits until no connection is open.
pub(super) async fn all_closed(connections: &Connections) {
    while connections.open() > 0 {
        sleep(ROUND).await;
    }
}
