//! Sockets that systemd holds and passes by `LISTEN_FDS`, so that no connection is lost
//! while the service restarts.

use std::fmt;
use std::io;
use std::iter;
use std::net::TcpListener;

use listenfd::ListenFd;

/// The socket of the service.
#[derive(Debug)]
pub(crate) struct Listener {
    /// The socket.
    pub(crate) socket: TcpListener,
    /// Whether a supervisor holds the socket too, also after this process.
    pub(crate) inherited: bool,
}

impl Listener {
    /// Takes a socket that only this process holds.
    pub(crate) fn own(socket: TcpListener) -> Self {
        Self {
            socket,
            inherited: false,
        }
    }

    /// Takes a socket that a supervisor holds.
    pub(crate) fn inherited(socket: TcpListener) -> Self {
        Self {
            socket,
            inherited: true,
        }
    }
}

/// The sockets that the process has inherited.
#[derive(Debug)]
pub(crate) struct Inherited {
    /// The socket of the service.
    pub(crate) service: Option<TcpListener>,
    /// The operators' socket, named [`ADMIN`].
    pub(crate) admin: Option<TcpListener>,
}

/// The `FileDescriptorName=` of the operators' socket.
pub(crate) const ADMIN: &str = "admin";

/// Takes the sockets that the process has inherited. `names` is `LISTEN_FDNAMES`.
///
/// # Errors
///
/// If there are several sockets for one purpose, or a socket is not TCP.
pub(crate) fn inherited(names: Option<&str>) -> Result<Inherited, ActivationError> {
    let mut sockets = ListenFd::from_env();
    let (admin, service): (Vec<_>, Vec<_>) = names
        .unwrap_or_default()
        .split(':')
        .chain(iter::repeat(""))
        .take(sockets.len())
        .enumerate()
        .partition(|(_, name)| *name == ADMIN);
    if admin.len() > 1 || service.len() > 1 {
        let names = names.unwrap_or("no names").to_owned();
        return Err(ActivationError::Several(sockets.len(), names));
    }
    let mut take = |of: &[(usize, &str)]| match of.first() {
        Some((index, _)) => sockets.take_tcp_listener(*index),
        None => Ok(None),
    };
    Ok(Inherited {
        service: take(&service).map_err(ActivationError::NotTcp)?,
        admin: take(&admin).map_err(ActivationError::NotTcp)?,
    })
}

/// The reason why inherited sockets cannot be used.
#[derive(Debug)]
pub(crate) enum ActivationError {
    /// There are several sockets for one purpose: their number and their names.
    Several(usize, String),
    /// The descriptor is not a TCP socket.
    NotTcp(io::Error),
}

impl fmt::Display for ActivationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Several(count, names) => write!(
                f,
                "LISTEN_FDS passes {count} sockets ({names}), of which one can be listened on, \
                 and one for operators: leave one `ListenStream=` in the `.socket` unit, and \
                 name that of operators by `FileDescriptorName={ADMIN}`"
            ),
            Self::NotTcp(_) => f.write_str(
                "LISTEN_FDS passes a socket that is not TCP: set `ListenStream=` of the \
                 `.socket` unit to an address and a port",
            ),
        }
    }
}

impl std::error::Error for ActivationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Several(..) => None,
            Self::NotTcp(err) => Some(err),
        }
    }
}
