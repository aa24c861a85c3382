//! Listening.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use rustix::io::Errno;
use rustix::net::sockopt::set_ipv6_v6only;
use tokio::net::TcpSocket;
use tracing::warn;

/// The queue of connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Listens on `address`. `::` takes clients of both families, or of IPv4 alone if the kernel
/// has no IPv6.
///
/// # Errors
///
/// If the address is not one of this machine, or the port is taken or not allowed.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let (socket, address) = match address {
        SocketAddr::V4(_) => (TcpSocket::new_v4()?, address),
        SocketAddr::V6(_) => match TcpSocket::new_v6() {
            Err(err) if is_without_ipv6(&err) && address.ip().is_unspecified() => {
                let every = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port());
                warn!(%address, listening = %every, "the kernel has no IPv6");
                (TcpSocket::new_v4()?, every)
            }
            socket => (socket?, address),
        },
    };
    if address.is_ipv6() && address.ip().is_unspecified() {
        // The default is a setting of the system, `net.ipv6.bindv6only`.
        set_ipv6_v6only(&socket, false)?;
    }
    // Without `SO_REUSEADDR`, a restart fails while old connections are in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

fn is_without_ipv6(err: &io::Error) -> bool {
    err.raw_os_error() == Some(Errno::AFNOSUPPORT.raw_os_error())
}
