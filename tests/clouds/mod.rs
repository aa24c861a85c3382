//! The promises that the stores of all clouds keep.
//!
//! Each suite has these tests. Its module `store` names the types and words of its cloud.

mod documents;
mod hostile;
pub(crate) mod ids;

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// Returns an address at which nothing listens. While the socket lives, no other test gets its
/// port.
pub(crate) fn nobody() -> (TcpSocket, SocketAddr) {
    let bound = TcpSocket::new_v4().unwrap();
    bound.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = bound.local_addr().unwrap();
    (bound, address)
}
