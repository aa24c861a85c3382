//! Sockets that a supervisor holds, so that none of their connections is lost
//! while the service restarts: `LISTEN_FDS`, as systemd has it.

use std::fmt;
use std::io;
use std::iter;
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

    /// Takes a socket that a supervisor holds.
    #[must_use]
    pub fn inherited(socket: TcpListener) -> Self {
        Self {
            socket,
            inherited: true,
        }
    }
}

/// The sockets that the process has inherited.
#[derive(Debug)]
pub struct Inherited {
    /// That of the service.
    pub service: Option<TcpListener>,
    /// The one that is called [`ADMIN`], for operators.
    pub admin: Option<TcpListener>,
}

/// What the operators' socket is called, by `FileDescriptorName=`.
pub const ADMIN: &str = "admin";

/// Takes the sockets that the process has inherited. `names` is `LISTEN_FDNAMES`.
///
/// # Errors
///
/// If there are several for one purpose, or one is not for TCP.
pub fn inherited(names: Option<&str>) -> Result<Inherited, ActivationError> {
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

/// Sockets that cannot be listened on.
#[derive(Debug)]
pub enum ActivationError {
    /// There are several for one purpose, with these names.
    Several(usize, String),
    /// It is a socket of another kind, or none.
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
