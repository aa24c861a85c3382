//! Notifications to systemd by the protocol of `sd_notify`.
//!
//! No crate does this here: `sd-notify` reads the environment by itself, where this
//! service reads variables through `environ` alone, and its socket blocks, so that a supervisor
//! that hangs would block the event loop. The protocol is a datagram of lines.

use std::fmt::Display;
use std::io;
use std::net::SocketAddr;
use std::process;
use std::time::Duration;

use environ::EnvConfig;
use rustix::time::{ClockId, clock_gettime};
use tracing::warn;

use super::notifications::{Kind, Notifications};

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
    /// Number of the sockets that systemd passes.
    pub listen_fds: Option<String>,
    /// Process that the sockets are for; if unset, any process.
    pub listen_pid: Option<String>,
    /// Names of the sockets that systemd passes.
    pub listen_fdnames: Option<String>,
}

impl SupervisorConfig {
    /// Returns `LISTEN_FDS`, if the sockets are for this process.
    pub(super) fn passed_sockets(&self) -> Option<&str> {
        let pid = self.listen_pid.as_deref().filter(|pid| !pid.is_empty());
        let is_expected = pid.is_none_or(|pid| pid.parse() == Ok(process::id()));
        self.listen_fds.as_deref().filter(|_| is_expected)
    }

    fn watchdog(&self) -> Option<Duration> {
        let expected = self.watchdog_pid.is_none_or(|pid| pid == process::id());
        let usec = self.watchdog_usec.filter(|usec| expected && *usec > 0);
        usec.map(Duration::from_micros)
    }
}

/// The maximum time in which a start that fails releases its resources.
const TIME_TO_GIVE_UP: Duration = Duration::from_secs(10);

/// The supervisor that started the process, if it listens. A clone shares the messages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Supervisor {
    notifications: Notifications,
    watchdog: Option<Duration>,
}

impl Supervisor {
    /// Connects to the supervisor that the variables name, if any. Logs a warning if no socket
    /// listens at the name.
    pub(crate) fn of(config: &SupervisorConfig) -> Self {
        Self::connect(config).unwrap_or_else(|err| {
            warn!(%err, "the supervisor cannot be notified: no socket listens at NOTIFY_SOCKET");
            Self::default()
        })
    }

    fn connect(config: &SupervisorConfig) -> io::Result<Self> {
        let name = config.notify_socket.as_deref();
        Ok(Self {
            notifications: name.map_or_else(|| Ok(Notifications::default()), Notifications::to)?,
            watchdog: config.watchdog(),
        })
    }

    /// Returns the watchdog's timeout, if this process is watched.
    pub(crate) fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// Notifies that the service starts, and asks for the time of the start, because systemd ends a
    /// start after 90 s by default.
    pub(crate) fn starting(&self, max: Duration) {
        let usec = (max + TIME_TO_GIVE_UP).as_micros();
        let message = format!("EXTEND_TIMEOUT_USEC={usec}\nSTATUS=starting");
        self.notifications.send(Kind::Serving, message);
    }

    /// Notifies that requests are served.
    pub(crate) fn ready(&self, address: SocketAddr) {
        let message = format!("READY=1\nSTATUS=serving on {address}");
        self.notifications.send(Kind::Serving, message);
    }

    /// Notifies that a reload begins. systemd waits for [`reloaded`](Self::reloaded).
    pub(crate) fn reloading(&self) {
        let now = clock_gettime(ClockId::Monotonic);
        let usec = i128::from(now.tv_sec) * 1_000_000 + i128::from(now.tv_nsec) / 1_000;
        let message = format!("RELOADING=1\nMONOTONIC_USEC={usec}");
        self.notifications.send(Kind::Serving, message);
    }

    /// Notifies that a reload has ended, with its outcome in the status line.
    pub(crate) fn reloaded(&self, outcome: &str) {
        let message = format!("READY=1\nSTATUS=serving; last reload: {outcome}");
        self.notifications.send(Kind::Serving, message);
    }

    /// Notifies that the service stops, and the longest time that takes.
    pub(crate) fn stopping(&self, max: Duration) {
        let usec = max.as_micros();
        let message = format!(
            "STOPPING=1\nEXTEND_TIMEOUT_USEC={usec}\nSTATUS=draining: not ready, and still serving"
        );
        self.notifications.send(Kind::Stopping, message);
    }

    /// Returns whether the service stops. After `STOPPING=1`, no message says that it serves.
    pub(crate) fn is_stopping(&self) -> bool {
        self.notifications.is_stopping()
    }

    /// Sets the status line of `systemctl status`.
    pub(crate) fn status(&self, status: impl Display) {
        let message = format!("STATUS={status}");
        self.notifications.send(Kind::Sign, message);
    }

    /// Feeds the watchdog, if there is one.
    pub(crate) fn alive(&self) {
        if self.watchdog.is_some() {
            self.notifications.send(Kind::Sign, "WATCHDOG=1".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr as UnixAddr, UnixDatagram};
    use std::path::Path;

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
            assert_eq!(received(&listening), READY);
            assert_eq!(received(&listening), STOPPING);
        }
    }

    const READY: &str = "READY=1\nSTATUS=serving on 127.0.0.1:8000";

    const STOPPING: &str = "STOPPING=1\nEXTEND_TIMEOUT_USEC=1500000\n\
                            STATUS=draining: not ready, and still serving";

    fn received(listening: &UnixDatagram) -> String {
        let mut message = [0; 200];
        let length = listening.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).into_owned()
    }

    /// Sends until the queue accepts no message. Returns the number of messages.
    fn fill(path: &Path) -> usize {
        let mut count = 0;
        loop {
            let sender = UnixDatagram::unbound().unwrap();
            sender.set_nonblocking(true).unwrap();
            let before = count;
            while sender.send_to(b"X=1", path).is_ok() {
                count += 1;
            }
            if count == before {
                return count;
            }
        }
    }

    #[test]
    fn a_supervisor_that_reads_late_gets_every_change_in_order_and_no_old_sign() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let listening = UnixDatagram::bind(&path).unwrap();
        let supervisor = supervisor(path.to_str().unwrap()).unwrap();
        let filled = fill(&path);
        supervisor.ready("127.0.0.1:8000".parse().unwrap());
        supervisor.status("old");
        supervisor.stopping(Duration::from_millis(1_500));
        for _ in 0..filled {
            assert_eq!(received(&listening), "X=1");
        }
        assert_eq!(received(&listening), READY);
        assert_eq!(received(&listening), STOPPING);
        supervisor.status("new");
        assert_eq!(received(&listening), "STATUS=new");
    }

    #[test]
    fn a_supervisor_that_listens_anew_gets_messages() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let first = UnixDatagram::bind(&path).unwrap();
        let supervisor = supervisor(path.to_str().unwrap()).unwrap();
        drop(first);
        std::fs::remove_file(&path).unwrap();
        supervisor.stopping(Duration::from_millis(1_500));
        let listening = UnixDatagram::bind(&path).unwrap();
        assert_eq!(received(&listening), STOPPING);
        supervisor.status("new");
        assert_eq!(received(&listening), "STATUS=new");
    }

    #[test]
    fn a_service_that_stops_says_no_more_that_it_serves() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let listening = UnixDatagram::bind(&path).unwrap();
        let supervisor = supervisor(path.to_str().unwrap()).unwrap();
        supervisor.stopping(Duration::from_millis(1_500));
        supervisor.ready("127.0.0.1:8000".parse().unwrap());
        supervisor.reloading();
        supervisor.reloaded("unchanged");
        supervisor.status("draining");
        assert_eq!(received(&listening), STOPPING);
        assert_eq!(received(&listening), "STATUS=draining");
    }

    #[test]
    fn without_a_supervisor_notifications_do_nothing() {
        let nobody = Supervisor::connect(&SupervisorConfig::default()).unwrap();
        nobody.alive();
        assert!(supervisor("/nonexistent/notify").is_err());
    }
}
