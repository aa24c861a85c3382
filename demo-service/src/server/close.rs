//! How a listener and its connections are closed without losing a request.

use std::io;
use std::net::{Shutdown, TcpListener};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::SockRef;
use tokio::time::{sleep, timeout};
use tracing::debug;

use crate::connections::Connections;
use crate::telemetry::targets::DRAIN;

/// How long handshakes may take that have begun when the listener is closed.
const HANDSHAKES: Duration = Duration::from_millis(100);

/// How long the accept thread may take to leave the listener alone.
const PAUSE: Duration = Duration::from_millis(20);

/// How often the connections are counted.
const ROUND: Duration = Duration::from_millis(5);

/// The index of a network interface that no system has.
const NOWHERE: NonZeroU32 = NonZeroU32::new(i32::MAX as u32).unwrap();

/// Closes `listener`, which no other process holds. New clients are refused from then on;
/// every client that was connected before is served. Returns the number of clients that had sent a
/// request and got no place within `backlog`.
///
/// The kernel resets connections in the backlog of a listener that is closed. So no new
/// handshake is begun first, and all that are under way are finished and accepted.
pub(super) async fn close_listener(
    listener: &TcpListener,
    server: &ServerHandle,
    backlog: Duration,
) -> u64 {
    if let Err(err) = refuse_handshakes(listener) {
        debug!(target: DRAIN, %err, "the kernel does not refuse handshakes of a listener");
    }
    sleep(HANDSHAKES).await;
    let _ = timeout(backlog, all_accepted(listener)).await;
    // Without the pause, the accept thread reports that the listener is closed.
    server.pause().await;
    sleep(PAUSE).await;
    let unaccepted = unaccepted(listener);
    if let Err(err) = SockRef::from(listener).shutdown(Shutdown::Read) {
        debug!(target: DRAIN, %err, "the kernel does not close a listener that is in use");
    }
    unaccepted
}

/// Lets the kernel refuse new clients, and finish the handshakes that have begun.
///
/// The kernel finds no listener for a packet that arrives at another interface than that of the
/// listener. Linux 5.7 and later need no capability for this, and a filter of packets needs
/// `CAP_NET_ADMIN` since Linux 6.18.
fn refuse_handshakes(listener: &TcpListener) -> io::Result<()> {
    // The function for IPv4 sets the option of both families.
    SockRef::from(listener).bind_device_by_index_v4(Some(NOWHERE))
}

/// Waits until the accept thread has left no connection in the backlog.
async fn all_accepted(listener: &TcpListener) {
    while is_any_queued(listener) {
        sleep(ROUND).await;
    }
}

fn is_any_queued(listener: &TcpListener) -> bool {
    let mut polled = [PollFd::new(listener, PollFlags::IN)];
    matches!(poll(&mut polled, Some(&Timespec::default())), Ok(1..))
}

/// Takes the connections that are left in the backlog, and closes them. Returns the number of those
/// with a request.
fn unaccepted(listener: &TcpListener) -> u64 {
    let (mut requests, start) = (0, Instant::now());
    // Where the kernel does not refuse new clients, more may come.
    while is_any_queued(listener) && start.elapsed() < HANDSHAKES {
        let Ok((client, _)) = listener.accept() else {
            break;
        };
        let is_waiting =
            client.set_nonblocking(true).is_ok() && matches!(client.peek(&mut [0]), Ok(1..));
        requests += u64::from(is_waiting);
    }
    requests
}

/// Waits until no connection is open.
pub(super) async fn all_closed(connections: &Connections) {
    while connections.open() > 0 {
        sleep(ROUND).await;
    }
}
