//! Messages to a supervisor. Sending never blocks, because the event loops send.

use std::collections::VecDeque;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing::{info, warn};

/// How long a message that must arrive is sent again.
const RETRY_TIMEOUT: Duration = Duration::from_secs(30);

/// The interval at which messages are sent again.
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// The meaning of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The service starts, serves or reloads. The message must arrive, unless the service stops.
    Serving,
    /// The service stops. The message must arrive.
    Stopping,
    /// A message that the next message replaces: dropped if the supervisor does not accept it.
    Sign,
}

/// The messages of a process. A clone shares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Notifications {
    to: Option<Arc<Recipient>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The messages that are sent again, each with the time of its last attempt.
    waiting: VecDeque<(String, Instant)>,
    is_stopping: bool,
    is_failing: bool,
}

impl Notifications {
    /// Sends messages to a socket; a name that begins with `@` is abstract.
    ///
    /// # Errors
    ///
    /// If nobody listens there.
    pub(super) fn to(name: &str) -> io::Result<Self> {
        let to = Some(Arc::new(Recipient::new(name)?));
        let state = Arc::default();
        Ok(Self { to, state })
    }

    /// Returns whether the service has sent that it stops.
    pub(super) fn is_stopping(&self) -> bool {
        self.state().is_stopping
    }

    /// Sends a message, or has a thread send it again if it must arrive.
    pub(super) fn send(&self, kind: Kind, message: String) {
        let mut state = self.state();
        if kind == Kind::Serving && state.is_stopping {
            return;
        }
        state.is_stopping |= kind == Kind::Stopping;
        let Some(to) = &self.to else { return };
        if state.waiting.is_empty() {
            let sent = to.send(&message);
            state.report(&sent, &message);
            if sent.is_ok() {
                return;
            }
        }
        if kind == Kind::Sign {
            return;
        }
        let until = Instant::now() + RETRY_TIMEOUT;
        state.waiting.push_back((message, until));
        if state.waiting.len() == 1 {
            let (this, to) = (self.clone(), Arc::clone(to));
            let thread = thread::Builder::new().name("supervisor".to_owned());
            if let Err(err) = thread.spawn(move || this.send_waiting(&to)) {
                state.waiting.clear();
                warn!(%err, "no thread for messages to the supervisor: a message is dropped");
            }
        }
    }

    /// Sends the messages that wait, in their order, until none is left.
    fn send_waiting(&self, to: &Recipient) {
        loop {
            thread::sleep(RETRY_INTERVAL);
            let mut state = self.state();
            while let Some((message, until)) = state.waiting.front() {
                let sent = to.send(message);
                if sent.is_err() && Instant::now() < *until {
                    break;
                }
                let Some((message, _)) = state.waiting.pop_front() else {
                    break;
                };
                state.report(&sent, &message);
            }
            if state.waiting.is_empty() {
                return;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Logs the first failure, and the first success after it.
    fn report(&mut self, sent: &io::Result<()>, notification: &str) {
        match sent {
            Err(err) if !self.is_failing => {
                warn!(%err, notification, "the supervisor cannot be notified");
            }
            Ok(()) if self.is_failing => info!("the supervisor can be notified again"),
            _ => {}
        }
        self.is_failing = sent.is_err();
    }
}

/// The socket of a supervisor.
#[derive(Debug)]
struct Recipient {
    socket: UnixDatagram,
    address: SocketAddr,
}

impl Recipient {
    fn new(name: &str) -> io::Result<Self> {
        let address = match name.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name)?,
            None => SocketAddr::from_pathname(name)?,
        };
        UnixDatagram::unbound()?.connect_addr(&address)?;
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket, address })
    }

    /// Sends a message to the address, at which a new supervisor may listen by now.
    fn send(&self, message: &str) -> io::Result<()> {
        let sent = self.socket.send_to_addr(message.as_bytes(), &self.address);
        sent.map(|_all| ())
    }
}
