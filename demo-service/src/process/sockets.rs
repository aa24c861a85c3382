//! Sockets that systemd holds and passes by `LISTEN_FDS`, so that no connection is lost
//! while the service restarts.

use std::fmt;
use std::io;
use std::iter;
use std::net::TcpListener;

use listenfd::ListenFd;
use socket2::SockRef;

use super::systemd::SupervisorConfig;

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

/// The largest number of sockets: one of the service, and one of operators.
const MAX: u64 = 2;

/// Takes the sockets that the process has inherited.
///
/// # Errors
///
/// If the number of sockets is wrong, there are several sockets for one purpose, or a socket is not
/// TCP or does not listen.
pub(crate) fn inherited(config: &SupervisorConfig) -> Result<Inherited, ActivationError> {
    let names = config.listen_fdnames.as_deref();
    let several = |count| {
        let names = names.unwrap_or("no names").to_owned();
        ActivationError::Several(count, names)
    };
    // First, because `ListenFd` makes a list of as many sockets as the variable says.
    if let Some(count) = config.passed_sockets() {
        let number = count.parse().map_err(|_| not_a_number(count))?;
        if number > MAX {
            return Err(several(number));
        }
    }
    let mut sockets = ListenFd::from_env();
    let (admin, service): (Vec<_>, Vec<_>) = names
        .unwrap_or_default()
        .split(':')
        .chain(iter::repeat(""))
        .take(sockets.len())
        .enumerate()
        .partition(|(_, name)| *name == ADMIN);
    if admin.len() > 1 || service.len() > 1 {
        return Err(several(sockets.len() as u64));
    }
    let mut take = |of: &[(usize, &str)]| {
        let taken = of
            .first()
            .map(|(index, _)| sockets.take_tcp_listener(*index));
        let taken = taken.transpose().map_err(ActivationError::NotTcp)?;
        taken.flatten().map(listening).transpose()
    };
    Ok(Inherited {
        service: take(&service)?,
        admin: take(&admin)?,
    })
}

fn not_a_number(count: &str) -> ActivationError {
    ActivationError::NotANumber(count.to_owned())
}

/// Returns the socket if it listens. `accept` fails for ever on a socket that is only bound, and on
/// a connection, which systemd passes with `Accept=yes`.
fn listening(socket: TcpListener) -> Result<TcpListener, ActivationError> {
    match SockRef::from(&socket).is_listener() {
        Ok(true) => Ok(socket),
        Ok(false) => Err(ActivationError::NotListening),
        Err(err) => Err(ActivationError::NotTcp(err)),
    }
}

/// The reason why inherited sockets cannot be used.
#[derive(Debug)]
pub(crate) enum ActivationError {
    /// `LISTEN_FDS` is not a number.
    NotANumber(String),
    /// There are several sockets for one purpose: their number and their names.
    Several(u64, String),
    /// The descriptor is not a TCP socket.
    NotTcp(io::Error),
    /// The socket accepts no connection.
    NotListening,
}

impl fmt::Display for ActivationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber(count) => write!(
                f,
                "LISTEN_FDS is {count:?}, which is not a number of sockets: set the variable to 1, \
                 or unset the variable"
            ),
            Self::Several(count, names) => write!(
                f,
                "LISTEN_FDS passes {count} sockets ({names}), of which one can be listened on, \
                 and one for operators: leave one `ListenStream=` in the `.socket` unit, and \
                 name that of operators by `FileDescriptorName={ADMIN}`"
            ),
            Self::NotListening => f.write_str(
                "LISTEN_FDS passes a socket that does not listen: leave `Accept=yes` out of the \
                 `.socket` unit, or have the program that passes the socket listen on it",
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
            Self::NotANumber(_) | Self::Several(..) | Self::NotListening => None,
            Self::NotTcp(err) => Some(err),
        }
    }
}
