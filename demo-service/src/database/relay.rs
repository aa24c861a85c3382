//! The bytes between the driver and a PostgreSQL server, with a limit.
//!
//! The driver reads its socket until no byte is left, without a pause for the other tasks of the
//! event loop, and takes answers of any length: a server that does not stop sending would hold
//! up signals and timeouts, and fill the memory. Therefore the driver's socket is one end of a
//! connection within the process. A task at the other end passes the bytes on, so that the
//! driver's socket is empty as soon as the task does not run.

use std::io;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;
use uuid::Uuid;

use super::connect::connect;

/// The maximum of bytes that a server sends in answer to a call of the driver. A statement of
/// this service has an answer of less than a kilobyte; a login, of a few.
const MAX_BYTES: usize = 1 << 20;

/// The bytes that are passed on at once.
const CHUNK: usize = 8 << 10;

/// The time in which the driver connects to this process.
const DRIVER_TIMEOUT: Duration = Duration::from_secs(5);

/// The connection between a driver and its server.
#[derive(Clone, Default)]
pub(super) struct Relay(Arc<State>);

#[derive(Default)]
struct State {
    /// The bytes from the server since the last call of the driver.
    received: AtomicUsize,
    /// The reason for the end of the connection, until a call of the driver fails with it.
    failure: Mutex<Option<io::Error>>,
}

impl Relay {
    /// Connects to the server, and returns the options by which the driver reaches it.
    pub(super) async fn connect(options: PgConnectOptions) -> io::Result<(Self, PgConnectOptions)> {
        let relay = Self::default();
        let options = if let Some(path) = socket_path(&options) {
            relay.offer(UnixStream::connect(path).await?, options)?
        } else {
            // An address of IPv6 is in brackets in a URL.
            let host = options.get_host().trim_matches(['[', ']']);
            let server = connect(host, options.get_port()).await?;
            server.set_nodelay(true)?;
            relay.offer(server, options)?
        };
        Ok((relay, options))
    }

    /// Notes that a call of the driver begins.
    pub(super) fn begin(&self) {
        self.0.received.store(0, Ordering::Relaxed);
    }

    /// Takes the reason for the end of the connection, unless the driver or the server has
    /// closed it.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        let failure = self.0.failure.lock();
        failure.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Listens for the driver, and passes bytes on in a task of its own.
    fn offer<S>(&self, server: S, options: PgConnectOptions) -> io::Result<PgConnectOptions>
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        // Such a name is in no directory: a file system may be read-only.
        let directory = format!("\0demo-service-{}", Uuid::now_v7());
        let options = options.socket(directory);
        let listener = UnixListener::bind(socket_path(&options).unwrap_or_default());
        let listener = listener.map_err(|err| {
            io::Error::other(format!(
                "the socket for the driver cannot be opened: {err}; allow AF_UNIX in \
                 `RestrictAddressFamilies=`, and raise the limit of open files"
            ))
        })?;
        let relay = self.clone();
        tokio::spawn(async move {
            if let Ok(Ok(driver)) = timeout(DRIVER_TIMEOUT, accept(listener)).await {
                relay.pass_on(driver, server).await;
            }
        });
        Ok(options)
    }

    /// Passes bytes on until a side closes the connection, or sends too much.
    async fn pass_on(&self, driver: UnixStream, server: impl AsyncRead + AsyncWrite) {
        let (mut from_driver, mut to_driver) = driver.into_split();
        let (mut from_server, mut to_server) = split(server);
        let ended = tokio::select! {
            ended = copy(&mut from_driver, &mut to_server, |_| Ok(())) => ended,
            ended = copy(&mut from_server, &mut to_driver, |count| self.count(count)) => ended,
        };
        // Before the driver's end is closed.
        let failure = self.0.failure.lock();
        *failure.unwrap_or_else(PoisonError::into_inner) = ended.err();
    }

    fn count(&self, count: usize) -> io::Result<()> {
        let before = self.0.received.fetch_add(count, Ordering::Relaxed);
        if before.saturating_add(count) > MAX_BYTES {
            return Err(io::Error::other(
                "an answer of the server is larger than 1 MiB",
            ));
        }
        Ok(())
    }
}

/// Returns the socket of the server on this host, or of a connection within the process.
pub(super) fn socket_path(options: &PgConnectOptions) -> Option<String> {
    let (host, port) = (options.get_host(), options.get_port());
    let directory = match options.get_socket() {
        Some(directory) => directory.to_str()?,
        None => host.starts_with('/').then_some(host)?,
    };
    Some(format!("{directory}/.s.PGSQL.{port}"))
}

/// Accepts the connection of this process: others on the host see the name.
async fn accept(listener: UnixListener) -> io::Result<UnixStream> {
    loop {
        let (stream, _) = listener.accept().await?;
        let pid = stream.peer_cred()?.pid();
        if pid.and_then(|pid| u32::try_from(pid).ok()) == Some(process::id()) {
            return Ok(stream);
        }
    }
}

async fn copy(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    count: impl Fn(usize) -> io::Result<()>,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = from.read(&mut chunk).await?;
        if length == 0 {
            return Ok(());
        }
        count(length)?;
        to.write_all(&chunk[..length]).await?;
    }
}
