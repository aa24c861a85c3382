//! Notifications to systemd by the protocol of `sd_notify`.
//!
//! No crate does this here: `sd-notify` reads the environment by itself, where this
//! service reads variables through `environ` alone, and opens a socket for each message,
//! without a timeout, so that a supervisor that hangs would block the event loop. The
//! protocol is a datagram of lines.

use std::fmt::Display;
use std::io;
use std::net::SocketAddr;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixDatagram};
use std::process;
use std::sync::Arc;
use std::time::Duration;

use environ::EnvConfig;
use rustix::time::{ClockId, clock_gettime};
use tracing::warn;

/// A supervisor that accepts no message for so long is not waited for.
const SEND_TIMEOUT: Duration = Duration::from_secs(1);

/// Set by systemd for a process that it starts.
#[derive(Debug, Default, EnvConfig)]
#[env(prefix = "")]
pub struct SupervisorConfig {
    /// Socket of systemd; a name that begins with `@` is abstract.
    pub notify_socket: Option<String>,
    /// Microseconds between two signs of life for systemd.
    pub watchdog_usec: Option<u64>,
    /// Process that gives the signs of life; if unset, any process.
    pub watchdog_pid: Option<u32>,
    /// Names of the sockets that systemd passes.
    pub listen_fdnames: Option<String>,
}

impl SupervisorConfig {
    fn watchdog(&self) -> Option<Duration> {
        let expected = self.watchdog_pid.is_none_or(|pid| pid == process::id());
        let usec = self.watchdog_usec.filter(|usec| expected && *usec > 0);
        usec.map(Duration::from_micros)
    }
}

/// The supervisor that started the process, if it listens. A clone shares the socket.
#[derive(Clone, Debug, Default)]
pub(crate) struct Supervisor {
    socket: Option<Arc<UnixDatagram>>,
    watchdog: Option<Duration>,
}

impl Supervisor {
    /// Connects to the supervisor that the variables name, if any.
    ///
    /// # Errors
    ///
    /// If no supervisor listens at `NOTIFY_SOCKET`.
    pub(crate) fn connect(config: &SupervisorConfig) -> io::Result<Self> {
        let socket = config.notify_socket.as_deref().map(connect).transpose()?;
        Ok(Self {
            socket: socket.map(Arc::new),
            watchdog: config.watchdog(),
        })
    }

    /// Returns the watchdog's timeout, if this process is watched.
    pub(crate) fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// Notifies that requests are served.
    pub(crate) fn ready(&self, address: SocketAddr) {
        self.notify(&format!("READY=1\nSTATUS=serving on {address}"));
    }

    /// Notifies that a reload begins. systemd waits for [`reloaded`](Self::reloaded).
    pub(crate) fn reloading(&self) {
        let now = clock_gettime(ClockId::Monotonic);
        let usec = i128::from(now.tv_sec) * 1_000_000 + i128::from(now.tv_nsec) / 1_000;
        self.notify(&format!("RELOADING=1\nMONOTONIC_USEC={usec}"));
    }

    /// Notifies that a reload has ended, with its outcome in the status line.
    pub(crate) fn reloaded(&self, outcome: &str) {
        self.notify(&format!("READY=1\nSTATUS=serving; last reload: {outcome}"));
    }

    /// Notifies that the service stops, and the longest time that takes.
    pub(crate) fn stopping(&self, max: Duration) {
        let usec = max.as_micros();
        self.notify(&format!(
            "STOPPING=1\nEXTEND_TIMEOUT_USEC={usec}\nSTATUS=draining: not ready, and still serving"
        ));
    }

    /// Sets the status line of `systemctl status`.
    pub(crate) fn status(&self, status: impl Display) {
        self.notify(&format!("STATUS={status}"));
    }

    /// Feeds the watchdog, if there is one.
    pub(crate) fn alive(&self) {
        if self.watchdog.is_some() {
            self.notify("WATCHDOG=1");
        }
    }

    /// A supervisor that does not listen is no reason to stop serving.
    fn notify(&self, message: &str) {
        let Some(socket) = &self.socket else { return };
        if let Err(err) = socket.send(message.as_bytes()) {
            warn!(%err, message, "the supervisor cannot be notified");
        }
    }
}

fn connect(name: &str) -> io::Result<UnixDatagram> {
    let address = match name.strip_prefix('@') {
        Some(name) => UnixAddr::from_abstract_name(name)?,
        None => UnixAddr::from_pathname(name)?,
    };
    let socket = UnixDatagram::unbound()?;
    socket.connect_addr(&address)?;
    socket.set_write_timeout(Some(SEND_TIMEOUT))?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watchdog(vars: &[(&str, &str)]) -> Option<Duration> {
        SupervisorConfig::from_source(vars).unwrap().watchdog()
    }

    fn supervisor(name: &str) -> io::Result<Supervisor> {
        let config = SupervisorConfig::from_source([("NOTIFY_SOCKET", name)]);
        Supervisor::connect(&config.unwrap())
    }

    #[test]
    fn the_watchdog_is_of_the_process_that_it_names() {
        let (this, other) = (process::id().to_string(), "1".to_owned());
        assert_eq!(watchdog(&[]), None);
        assert_eq!(watchdog(&[("WATCHDOG_USEC", "0")]), None);
        let three = Some(Duration::from_secs(3));
        assert_eq!(watchdog(&[("WATCHDOG_USEC", "3000000")]), three);
        let of = |pid: &str| watchdog(&[("WATCHDOG_USEC", "3000000"), ("WATCHDOG_PID", pid)]);
        assert_eq!(of(&this), three);
        assert_eq!(of(&other), None);
    }

    #[test]
    fn messages_go_to_a_path_and_to_an_abstract_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let name = format!("demo-service-test-{}", process::id());
        let abstracted = UnixAddr::from_abstract_name(&name).unwrap();
        for (listening, name) in [
            (UnixDatagram::bind(&path), path.to_str().unwrap().to_owned()),
            (UnixDatagram::bind_addr(&abstracted), format!("@{name}")),
        ] {
            let listening = listening.unwrap();
            let supervisor = supervisor(&name).unwrap();
            supervisor.ready("127.0.0.1:8000".parse().unwrap());
            supervisor.stopping(Duration::from_millis(1_500));
            let mut messages = Vec::new();
            for _ in 0..2 {
                let mut message = [0; 200];
                let length = listening.recv(&mut message).unwrap();
                messages.push(String::from_utf8_lossy(&message[..length]).into_owned());
            }
            assert_eq!(
                messages,
                [
                    "READY=1\nSTATUS=serving on 127.0.0.1:8000",
                    "STOPPING=1\nEXTEND_TIMEOUT_USEC=1500000\n\
                     STATUS=draining: not ready, and still serving",
                ]
            );
        }
    }

    #[test]
    fn without_a_supervisor_notifications_do_nothing() {
        let nobody = Supervisor::connect(&SupervisorConfig::default()).unwrap();
        nobody.alive();
        assert!(supervisor("/nonexistent/notify").is_err());
    }
}
