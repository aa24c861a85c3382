//! Sockets that a supervisor holds, so that none of their connections is lost
//! while the service restarts: `LISTEN_FDS`, as systemd has it.

use std::fmt;
use std::io;
use std::net::TcpListener;

use listenfd::ListenFd;

/// Where the service listens.
#[derive(Debug)]
pub struct Listener {
    /// What accepts connections.
    pub socket: TcpListener,
    /// Whether somebody else holds it too, and goes on when this process ends.
    pub inherited: bool,
}

impl Listener {
    /// Takes a socket that this process alone holds.
    #[must_use]
    pub fn own(socket: TcpListener) -> Self {
        Self {
            socket,
            inherited: false,
        }
    }

    fn inherited(socket: TcpListener) -> Self {
        Self {
            socket,
            inherited: true,
        }
    }
}

/// Takes the socket that the process has inherited, if it has one. `names` is
/// `LISTEN_FDNAMES`.
///
/// # Errors
///
/// If there are several, or it is not one for TCP.
pub fn inherited(names: Option<&str>) -> Result<Option<Listener>, ActivationError> {
    let mut sockets = ListenFd::from_env();
    if sockets.len() > 1 {
        let names = names.unwrap_or("no names").to_owned();
        return Err(ActivationError::Several(sockets.len(), names));
    }
    let socket = sockets.take_tcp_listener(0);
    let socket = socket.map_err(ActivationError::NotTcp)?;
    Ok(socket.map(Listener::inherited))
}

/// Sockets that cannot be listened on.
#[derive(Debug)]
pub enum ActivationError {
    /// There are several, with these names.
    Several(usize, String),
    /// It is a socket of another kind, or none.
    NotTcp(io::Error),
}

impl fmt::Display for ActivationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Several(count, names) => write!(
                f,
                "LISTEN_FDS passes {count} sockets ({names}), and one can be listened on: \
                 leave one `ListenStream=` in the `.socket` unit"
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
