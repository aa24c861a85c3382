//! Bytes that a client sends to the service, through a socket: heads and bodies, the
//! headers of proxies and balancers, the paths and their spellings.
//!
//! An input is sent as it is, and then the client sends no more. The service must close
//! the connection, and write lines of its log that nobody can forge.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use demo_service::boot::{Application, Resources};
use demo_service::config::AppConfig;
use demo_service::health::Phase;
use demo_service::process::systemd::SupervisorConfig;
use demo_service::telemetry::{Lines, subscriber};
use environ::{EnvConfig, Loaded};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::shown;

const VARIABLES: &[(&str, &str)] = &[
    ("APP_PORT", "0"),
    ("APP_WORKERS", "1"),
    ("APP_KEEP_ALIVE", "1s"),
    ("APP_HEAD_TIMEOUT", "1s"),
    ("APP_TRUSTED_PROXIES", "127.0.0.0/8"),
];

const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a connection may stay open that a client has closed. It is more than the
/// timeouts above, and enough for a machine that is busy with other work.
const CLOSE_TIMEOUT: Duration = Duration::from_mins(1);

pub(crate) fn fuzz(input: &[u8]) {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    // The path of a request is logged.
    if shown::holds_password(input) {
        return;
    }
    let service = SERVICE.get_or_init(Service::start);
    let answer = service
        .answer(input)
        .expect("the service closes the connection");
    let is_http = answer.is_empty() || answer.starts_with(b"HTTP/1.");
    assert!(
        is_http,
        "{:?} is no answer",
        answer.escape_ascii().to_string()
    );
    for line in service.take_log().lines() {
        shown::assert_line(line);
    }
}

struct Service {
    address: SocketAddr,
    lines: Lines,
    written: Written,
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics").write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Service {
    fn start() -> Self {
        let (lines, written) = (Lines::default(), Written::default());
        lines.write_to(written.clone()).expect("a thread starts");
        let config = AppConfig::loader().source(VARIABLES).load();
        let config = config.expect("the config is right");
        let (started, starting) = mpsc::channel();
        let served = lines.clone();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("a runtime starts");
            runtime.block_on(serve(config, &served, started));
        });
        let address = starting.recv_timeout(START_TIMEOUT);
        Self {
            address: address.expect("the service starts"),
            lines,
            written,
        }
    }

    fn answer(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(CLOSE_TIMEOUT))?;
        let mut answer = Vec::new();
        // The service may refuse a request before all of it is sent, and then close.
        let sent = stream.write_all(request);
        if sent.and_then(|()| stream.shutdown(Shutdown::Write)).is_ok() {
            match stream.read_to_end(&mut answer) {
                Err(err) if err.kind() != io::ErrorKind::ConnectionReset => return Err(err),
                _ => {}
            }
        }
        Ok(answer)
    }

    fn take_log(&self) -> String {
        assert!(self.lines.flush(CLOSE_TIMEOUT), "the log is written");
        let mut written = self.written.0.lock().expect("nobody panics");
        let written = std::mem::take(&mut *written);
        String::from_utf8(written).expect("a log is UTF-8")
    }
}

async fn serve(config: Loaded<AppConfig>, lines: &Lines, started: mpsc::Sender<SocketAddr>) {
    let log_config = &config.config.boot.log;
    let (subscriber, log) = subscriber(log_config, lines, false);
    tracing::subscriber::set_global_default(subscriber).expect("it is set once");
    let resources = Resources::new(Instant::now() + START_TIMEOUT);
    let nobody = SupervisorConfig::default();
    let application = Application::build(config, resources, log, &nobody).await;
    let application = application.expect("the service starts");
    let (address, state) = (application.address(), application.state());
    tokio::spawn(async move {
        while state.readiness.phase() == Phase::Starting {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        started.send(address).expect("the fuzzer waits");
    });
    let (_never, stop) = oneshot::channel();
    application
        .run_until_stopped(stop)
        .await
        .expect("the service runs");
}
