//! A server that is away.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// Returns an address at which nothing listens. No test gets its port while the
/// socket lives.
pub(crate) fn nobody() -> (TcpSocket, SocketAddr) {
    let bound = TcpSocket::new_v4().unwrap();
    bound.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = bound.local_addr().unwrap();
    (bound, address)
}
