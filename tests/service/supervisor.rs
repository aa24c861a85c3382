use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, socket};
use rustix::process::Signal;
use rustix::time::{ClockId, clock_gettime};
use tempfile::TempDir;

use crate::client::{Answer, Client};
use crate::process::{Ended, Process};

/// Where a supervisor listens.
struct Notify {
    socket: UnixDatagram,
    dir: TempDir,
}

impl Notify {
    fn listen() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = UnixDatagram::bind(Self::path(&dir)).unwrap();
        let deadline = Some(Duration::from_secs(20));
        socket.set_read_timeout(deadline).unwrap();
        Self { socket, dir }
    }

    fn path(dir: &TempDir) -> PathBuf {
        dir.path().join("notify")
    }

    fn name(&self) -> String {
        Self::path(&self.dir).to_str().unwrap().to_owned()
    }

    /// Sends until the queue accepts no message, as of a supervisor that hangs.
    fn fill(&self) {
        loop {
            let sender = UnixDatagram::unbound().unwrap();
            sender.set_nonblocking(true).unwrap();
            if sender.send_to(b"X=1", Self::path(&self.dir)).is_err() {
                return;
            }
            while sender.send_to(b"X=1", Self::path(&self.dir)).is_ok() {}
        }
    }

    /// Takes the message of the start, with 30 s for that and 10 s to give up, and returns the next.
    fn message_after_the_start(&self) -> String {
        let starting = "EXTEND_TIMEOUT_USEC=40000000\nSTATUS=starting";
        assert_eq!(self.message(), starting);
        self.message()
    }

    fn message(&self) -> String {
        let mut message = [0; 1_000];
        let length = self.socket.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).into_owned()
    }

    /// Takes all messages that have come.
    fn drain(&self) -> usize {
        self.socket.set_nonblocking(true).unwrap();
        let mut count = 0;
        loop {
            match self.socket.recv(&mut [0; 1_000]) {
                Ok(_) => count += 1,
                Err(err) if err.kind() == ErrorKind::WouldBlock => break,
                Err(err) => panic!("{err}"),
            }
        }
        self.socket.set_nonblocking(false).unwrap();
        count
    }
}

#[test]
fn the_supervisor_is_told_of_start_and_stop() {
    let notify = Notify::listen();
    let vars = [
        ("NOTIFY_SOCKET", &*notify.name()),
        ("APP_DRAIN_DELAY", "2s"),
        ("APP_DRAIN_TIMEOUT", "7s"),
    ];
    let process = Process::start(&vars);
    let address = process.line("listening")["address"].clone();
    let address = address.as_str().unwrap();
    assert_eq!(
        notify.message_after_the_start(),
        format!("READY=1\nSTATUS=serving on {address}")
    );
    process.signal(Signal::TERM);
    assert_eq!(
        notify.message(),
        "STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000\n\
         STATUS=draining: not ready, and still serving"
    );
    assert_eq!(
        notify.message(),
        "STATUS=draining: finishing requests in flight"
    );
    assert_eq!(process.wait().code, Some(0));
}

/// systemd ends a start after 90 s, unless it is asked for more.
#[test]
fn the_supervisor_is_asked_for_the_time_of_a_long_start() {
    let notify = Notify::listen();
    let vars = [
        ("NOTIFY_SOCKET", &*notify.name()),
        ("APP_START_TIMEOUT", "4m"),
        (
            "APP_DB_URL",
            "postgres://app@127.0.0.1:1/app?sslmode=disable",
        ),
    ];
    let process = Process::start(&vars);
    process.line("the database is unavailable");
    assert_eq!(
        notify.message(),
        "EXTEND_TIMEOUT_USEC=250000000\nSTATUS=starting"
    );
    process.signal(Signal::TERM);
    assert_eq!(process.wait().code, Some(0));
}

/// The protocol of `Type=notify-reload`.
#[test]
fn the_supervisor_is_told_of_each_reload() {
    let notify = Notify::listen();
    let process = Process::start(&[("NOTIFY_SOCKET", &*notify.name())]);
    process.line("ready");
    assert!(notify.message_after_the_start().starts_with("READY=1\n"));
    for _ in 0..2 {
        let now = || {
            let now = clock_gettime(ClockId::Monotonic);
            now.tv_sec * 1_000_000 + now.tv_nsec / 1_000
        };
        let before = now();
        process.signal(Signal::HUP);
        let message = notify.message();
        let usec = message
            .strip_prefix("RELOADING=1\nMONOTONIC_USEC=")
            .unwrap();
        let usec = usec.parse().unwrap();
        assert!((before..=now()).contains(&usec), "{message}");
        let expected = "READY=1\nSTATUS=serving; last reload: unchanged";
        assert_eq!(notify.message(), expected);
    }
    process.signal(Signal::TERM);
    assert!(notify.message().starts_with("STOPPING=1\n"));
    assert_eq!(process.wait().code, Some(0));
}

/// The kernel of a supervisor that hangs accepts no message.
#[test]
fn a_supervisor_that_hangs_delays_no_stop() {
    let notify = Notify::listen();
    notify.fill();
    let vars = [
        ("NOTIFY_SOCKET", &*notify.name()),
        ("WATCHDOG_USEC", "1000000"),
        ("APP_STOP_TIMEOUT", "2s"),
    ];
    let process = Process::start(&vars);
    assert_eq!(process.client().get("/hello").status, 200);
    let failed = process.line("the supervisor cannot be notified");
    let notification = failed["notification"].as_str().unwrap();
    assert_eq!(
        notification,
        "EXTEND_TIMEOUT_USEC=40000000\nSTATUS=starting"
    );
    process.signal(Signal::TERM);
    let ended = process.wait_or_kill(Duration::from_secs(2));
    assert_eq!(ended.code, Some(0));
    // Each failure would be a line a second for as long as the supervisor hangs.
    assert_eq!(ended.stdout.matches("cannot be notified").count(), 1);
}

/// systemd would show a service that serves.
#[test]
fn a_reload_while_the_service_stops_does_nothing() {
    let notify = Notify::listen();
    let vars = [
        ("NOTIFY_SOCKET", &*notify.name()),
        ("APP_DRAIN_DELAY", "1s"),
    ];
    let process = Process::start(&vars);
    process.line("ready");
    assert!(notify.message_after_the_start().starts_with("READY=1\n"));
    process.signal(Signal::TERM);
    assert!(notify.message().starts_with("STOPPING=1\n"));
    process.signal(Signal::HUP);
    process.line("nothing is reloaded: the service stops");
    assert_eq!(
        notify.message(),
        "STATUS=draining: finishing requests in flight"
    );
    let ended = process.wait();
    assert_eq!(ended.code, Some(0));
    assert!(!ended.stdout.contains("the configuration is unchanged"));
    assert_eq!(notify.drain(), 0);
}

#[test]
fn a_service_whose_workers_answer_is_alive_and_one_with_a_blocked_worker_is_not() {
    let notify = Notify::listen();
    let vars = [
        ("NOTIFY_SOCKET", &*notify.name()),
        ("WATCHDOG_USEC", "200000"),
        ("APP_CHAOS", "on"),
        ("APP_WORKERS", "2"),
    ];
    let process = Process::start(&vars);
    let client = process.client();
    let first = notify.message_after_the_start();
    let mut messages = [first, notify.message(), notify.message()];
    messages.sort();
    assert!(messages[0].starts_with("READY=1"), "{messages:?}");
    assert_eq!(messages[1..], ["WATCHDOG=1", "WATCHDOG=1"]);

    let blocking = thread::spawn(move || client.get("/-/chaos/block/3000"));
    let stuck = process.line("an event loop is stuck: a handler blocks it");
    assert_eq!(stuck["level"], "WARN");
    notify.drain();
    assert_eq!(blocking.join().unwrap().body, "blocked for 3000 ms");
    process.line("all event loops turn again");
    assert_eq!(notify.message(), "WATCHDOG=1");
    assert!(notify.drain() < 10, "none came in the three seconds");
}

#[test]
fn a_service_with_a_long_watchdog_is_alive_between_its_signs() {
    let notify = Notify::listen();
    let vars = [
        ("NOTIFY_SOCKET", &*notify.name()),
        ("WATCHDOG_USEC", "30000000"),
    ];
    let process = Process::start(&vars);
    process.line("ready");
    // Longer than an event loop may be silent.
    thread::sleep(Duration::from_secs(11));
    assert_eq!(process.client().get("/-/healthy").status, 200);
}

/// A handler on the operators' own listener blocks: its loop is asked as well.
#[test]
fn the_worker_of_operators_has_to_answer_too() {
    let notify = Notify::listen();
    let vars = [
        ("NOTIFY_SOCKET", &*notify.name()),
        ("WATCHDOG_USEC", "200000"),
        ("APP_CHAOS", "on"),
        ("APP_ADMIN_LISTEN", "127.0.0.1:0"),
    ];
    let process = Process::start(&vars);
    let address = process.line("listening for operators")["address"].clone();
    let operators = Client::new(address.as_str().unwrap().parse().unwrap());
    process.line("ready");
    let blocking = thread::spawn(move || operators.get("/-/chaos/block/1000"));
    process.line("an event loop is stuck: a handler blocks it");
    assert_eq!(blocking.join().unwrap().body, "blocked for 1000 ms");
    process.line("all event loops turn again");
}

/// A supervisor other than systemd may restart a dead service.
#[test]
fn a_worker_that_is_blocked_for_long_is_the_end_of_liveness() {
    let process = Process::start(&[("APP_CHAOS", "on"), ("APP_WORKERS", "2")]);
    let client = process.client();
    let address = client.address;
    let blocking = thread::spawn(move || client.get("/-/chaos/block/16000").status);
    let (answers, answered) = mpsc::channel();
    let alive = || {
        // Those that the blocked worker has are answered in the end.
        let answers = answers.clone();
        thread::spawn(move || answers.send(Client::new(address).get("/-/healthy")));
        answered.recv_timeout(Duration::from_millis(500)).ok()
    };
    let stuck = |answer: Option<Answer>| answer.is_some_and(|answer| answer.status == 503);
    while !stuck(alive()) {
        assert!(!blocking.is_finished(), "it was alive all the time");
    }
    assert_eq!(blocking.join().unwrap(), 200);
    process.line("all event loops turn again");
    assert_eq!(Client::new(address).get("/-/healthy").status, 200);
}

#[test]
fn a_supervisor_that_does_not_listen_is_no_reason_not_to_serve() {
    let process = Process::start(&[("NOTIFY_SOCKET", "/nonexistent/notify")]);
    process.line("the supervisor cannot be notified: no socket listens at NOTIFY_SOCKET");
    assert_eq!(process.client().get("/hello").status, 200);
}

#[test]
fn an_inherited_socket_is_listened_on_and_outlives_the_service() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    // No client is lost that connects before the service starts.
    let early = thread::spawn(move || Client::new(address).get("/hello").body);
    for _ in 0..2 {
        let process = Process::inherit(&[&socket], &[("APP_DRAIN_DELAY", "1h")]);
        let listening = process.line("listening");
        assert_eq!(listening["address"], address.to_string());
        assert_eq!(listening["inherited"], true);
        assert_eq!(Client::new(address).get("/hello").body, "Hello World!");
        process.signal(Signal::TERM);
        let drained = process.line("drained");
        assert_eq!(drained["delay_ended"], "inherited");
        assert_eq!(process.wait().code, Some(0));
    }
    assert_eq!(early.join().unwrap(), "Hello World!");
}

#[test]
fn the_operators_socket_is_inherited_by_its_name() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let admin = TcpListener::bind("127.0.0.1:0").unwrap();
    let [service, operators] = [&socket, &admin].map(|socket| socket.local_addr().unwrap());
    for names in ["http:admin", ":admin"] {
        let vars = [("LISTEN_FDNAMES", names)];
        let process = Process::inherit(&[&socket, &admin], &vars);
        let listening = process.line("listening");
        assert_eq!(listening["address"], service.to_string());
        assert_eq!(listening["inherited"], true);
        process.line("ready");
        let status = |address, path| Client::new(address).get(path).status;
        assert_eq!(status(operators, "/-/ready"), 200);
        assert_eq!(status(service, "/-/ready"), 404);
        assert_eq!(status(service, "/hello"), 200);
        process.signal(Signal::TERM);
        process.line("closed for operators");
        assert_eq!(process.wait().code, Some(0));
    }

    let vars = [("LISTEN_FDNAMES", "admin"), ("APP_PORT", "0")];
    let process = Process::inherit(&[&admin], &vars);
    assert_eq!(process.line("listening")["inherited"], false);
    process.line("ready");
    assert_eq!(Client::new(operators).get("/-/ready").status, 200);
    process.signal(Signal::INT);
    process.signal(Signal::INT);
    process.wait();
}

#[test]
fn several_inherited_sockets_for_one_purpose_are_refused() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    for names in ["http:other", "admin:admin", "http"] {
        let vars = [("LISTEN_FDS", "2"), ("LISTEN_FDNAMES", names)];
        let process = Process::inherit(&[&socket], &vars);
        let message = format!(
            "cannot take the inherited socket: LISTEN_FDS passes 2 sockets ({names}), of which \
             one can be listened on, and one for operators: leave one `ListenStream=` in the \
             `.socket` unit, and name that of operators by `FileDescriptorName=admin`"
        );
        assert_eq!(process.line(&message)["level"], "ERROR");
        assert_eq!(process.wait().code, Some(71));
    }
}

/// A list of so many would take gigabytes.
#[test]
fn a_number_of_sockets_that_cannot_be_is_refused() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let none = "which is not a number of sockets: set the variable to 1, or unset the variable";
    let several = "of which one can be listened on, and one for operators: leave one \
                   `ListenStream=` in the `.socket` unit, and name that of operators by \
                   `FileDescriptorName=admin`";
    for (count, reason) in [
        (
            "999999999",
            format!("passes 999999999 sockets (no names), {several}"),
        ),
        (
            "2147483647",
            format!("passes 2147483647 sockets (no names), {several}"),
        ),
        (
            "18446744073709551616",
            format!("is \"18446744073709551616\", {none}"),
        ),
        ("-1", format!("is \"-1\", {none}")),
        ("x", format!("is \"x\", {none}")),
    ] {
        let process = Process::inherit(&[&socket], &[("LISTEN_FDS", count)]);
        let message = format!("cannot take the inherited socket: LISTEN_FDS {reason}");
        assert_eq!(process.line(&message)["level"], "ERROR");
        assert_eq!(process.wait().code, Some(71));
    }
}

/// `accept` would fail for ever on both, and the service would be ready.
#[test]
fn an_inherited_socket_that_does_not_listen_is_refused() {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let bound = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&bound, &address).unwrap();
    let listener = TcpListener::bind(address).unwrap();
    let accepted = || {
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        listener.accept().unwrap().0
    };
    for (socket, names) in [
        (TcpListener::from(bound), ""),
        (OwnedFd::from(accepted()).into(), ""),
        (OwnedFd::from(accepted()).into(), "admin"),
    ] {
        let vars = [("LISTEN_FDNAMES", names), ("APP_PORT", "0")];
        let process = Process::inherit(&[&socket], &vars);
        let message = "cannot take the inherited socket: LISTEN_FDS passes a socket that does not \
                       listen: leave `Accept=yes` out of the `.socket` unit, or have the program \
                       that passes the socket listen on it";
        assert_eq!(process.line(message)["level"], "ERROR", "{names}");
        assert_eq!(process.wait().code, Some(71));
    }
}

/// They were meant for the process that started this one.
#[test]
fn sockets_for_another_process_are_left_alone() {
    for count in ["1", "x", "999999999"] {
        let vars = [("LISTEN_FDS", count), ("LISTEN_PID", "1")];
        let process = Process::start(&vars);
        assert_eq!(process.line("listening")["inherited"], false);
        assert_eq!(process.client().get("/hello").status, 200);
        process.signal(Signal::INT);
        process.signal(Signal::INT);
        let Ended { stderr, .. } = process.wait();
        assert_eq!(stderr, "");
    }
}
