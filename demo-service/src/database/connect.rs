//! Connects to a host, which may have several addresses.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// The time after which the next address is tried too, as in RFC 8305.
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects to the first address of a host that answers.
///
/// # Errors
///
/// If no name server knows the host, or no address accepts the connection.
pub(super) async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    first(lookup_host((host, port)).await?).await
}

/// Connects to the first address that answers. An address that does not answer, such as that of a
/// server that is off, must not take the whole time of an attempt.
async fn first(addresses: impl IntoIterator<Item = SocketAddr>) -> io::Result<TcpStream> {
    let mut addresses = addresses.into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    loop {
        match addresses.next() {
            Some(address) => attempts.push(TcpStream::connect(address)),
            None if attempts.is_empty() => return Err(last),
            None => {}
        }
        match timeout(HEAD_START, attempts.next()).await {
            Ok(Some(Ok(stream))) => return Ok(stream),
            Ok(Some(Err(err))) => last = err,
            Ok(None) | Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use tokio::net::TcpSocket;

    use super::*;

    /// Returns an address that answers no handshake, as long as the sockets live.
    fn silent() -> (SocketAddr, impl Sized) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = || std::net::TcpStream::connect_timeout(&address, HEAD_START);
        let queued: Vec<_> = std::iter::from_fn(|| connect().ok()).take(1024).collect();
        (address, (listener, queued))
    }

    #[tokio::test]
    async fn an_address_that_does_not_answer_holds_up_no_other() {
        let (silent, _sockets) = silent();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let good = listener.local_addr().unwrap();
        let closed = "127.0.0.1:1".parse().unwrap();
        for addresses in [
            vec![good],
            vec![closed, good],
            vec![silent, good],
            vec![silent, closed, good],
        ] {
            let stream = first(addresses.clone()).await.unwrap();
            assert_eq!(stream.peer_addr().unwrap(), good, "{addresses:?}");
        }
        let err = first([closed]).await.unwrap_err();
        assert_eq!(err.kind(), io::ErrorKind::ConnectionRefused);
    }
}
