//! How a listener and its connections are closed without losing a request.

use std::io;
use std::net::{Shutdown, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
#[cfg(target_os = "linux")]
use socket2::SockFilter;
use socket2::SockRef;
use tokio::time::{sleep, timeout};
use tracing::debug;

use crate::connections::Connections;
use crate::telemetry::targets::DRAIN;

/// How long handshakes may take that have begun when the listener is closed.
const HANDSHAKES: Duration = Duration::from_millis(100);

/// How long connections in the backlog may wait for a place at most.
const BACKLOG: Duration = Duration::from_secs(2);

/// How long the accept thread may take to leave the listener alone.
const PAUSE: Duration = Duration::from_millis(20);

/// How many times in a row the connections must have room.
const SETTLED: u32 = 10;

/// How often the connections are counted.
const ROUND: Duration = Duration::from_millis(5);

/// Closes `listener`, which no other process holds. New clients are refused from then on;
/// every client that was connected before is served.
///
/// The kernel resets connections in the backlog of a listener that is closed. So no new
/// handshake is begun first, and all that are under way are finished and accepted: for a
/// moment a new client gets no answer, and asks again after a second. Connections in the
/// backlog wait for a place for `backlog` at most.
pub(super) async fn close_listener(
    listener: &TcpListener,
    server: &ServerHandle,
    connections: &Connections,
    backlog: Duration,
) {
    match refuse_handshakes(listener) {
        Ok(()) => {
            sleep(HANDSHAKES).await;
            let _ = timeout(backlog.min(BACKLOG), has_room(connections)).await;
            server.pause().await;
            sleep(PAUSE).await;
        }
        Err(err) => debug!(target: DRAIN, %err, "the kernel does not filter handshakes"),
    }
    if let Err(err) = SockRef::from(listener).shutdown(Shutdown::Read) {
        debug!(target: DRAIN, %err, "the kernel does not close a listener that is in use");
        server.pause().await;
    }
}

/// Lets the kernel drop packets that begin a handshake, and no others.
#[cfg(target_os = "linux")]
fn refuse_handshakes(listener: &TcpListener) -> io::Result<()> {
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    // linux/filter.h: a packet begins with its TCP header here, and a filter returns how
    // many bytes are kept.
    SockRef::from(listener).attach_filter(&[
        SockFilter::new(0x30, 0, 0, FLAGS),     // load the byte
        SockFilter::new(0x54, 0, 0, SYN | ACK), // keep two bits
        SockFilter::new(0x15, 0, 1, SYN),       // skip one unless SYN alone is set
        SockFilter::new(0x06, 0, 0, 0),
        SockFilter::new(0x06, 0, 0, u32::MAX),
    ])
}

#[cfg(not(target_os = "linux"))]
fn refuse_handshakes(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Waits until no connection is open.
pub(super) async fn all_closed(connections: &Connections) {
    while connections.open() > 0 {
        sleep(ROUND).await;
    }
}

/// Waits until every connection in the backlog has had a place. While there is room, the
/// accept thread leaves none there.
async fn has_room(connections: &Connections) {
    let mut rounds = 0;
    while rounds < SETTLED {
        sleep(ROUND).await;
        rounds = if connections.is_full() { 0 } else { rounds + 1 };
    }
}
