//! The HTTP server: everything it needs is an argument.

pub mod admin;
pub mod drain;

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::web::Data;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::TcpSocket;
use tokio::time::Instant;
use tracing::info;

use crate::config::AppConfig;
use crate::database::DatabaseError;
use crate::health::event_loops::watch;
use crate::http::app::Shared;
use crate::http::audience::Audience;
use crate::process::signals::Stopped;
use crate::process::sockets::Listener;
use crate::process::systemd::Supervisor;
use crate::server::drain::Drained;
use crate::state::{AppState, Phase};
use crate::telemetry::targets::SERVER;
use crate::version::Version;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Allows as many open files as may be: each connection is one, and most systems
/// start a process with 1,024.
///
/// # Errors
///
/// If the system refuses.
pub fn allow_connections() -> io::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// Listens on `address`.
///
/// # Errors
///
/// If the address is not this machine's, or the port is taken or not allowed.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Or a restart would wait for the connections of the process before it.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// Serves `audience` on `listener` until `stop` is ready, and then drains. What
/// happens is told to `supervisor`.
///
/// # Errors
///
/// If the server cannot be started.
pub async fn run(
    listener: Listener,
    audience: Audience,
    state: Data<AppState>,
    config: &AppConfig,
    supervisor: &Supervisor,
    stop: Stopped,
) -> io::Result<Drained> {
    let Listener { socket, inherited } = listener;
    let address = socket.local_addr()?;
    tokio::spawn(watch(supervisor.clone(), state.loops.clone()));
    let AppConfig { server, drain, .. } = config;
    let workers = server.workers.unwrap_or_else(cores);
    let shared = Shared::new(audience, &state, server);
    let server = HttpServer::new(move || shared.clone().app())
        .disable_signals()
        .shutdown_timeout(whole_seconds(drain.timeout))
        .client_request_timeout(server.limits.head_timeout)
        .keep_alive(server.keep_alive)
        // It is counted for each worker.
        .max_connections(server.limits.max_connections.div_ceil(workers))
        .workers(workers)
        .listen(socket)?
        .run();

    let handle = server.handle();
    let mut serving = tokio::spawn(server);
    info!(target: SERVER, %address, inherited, version = Version::NUMBER, "listening");
    tokio::select! {
        signal = stop => if let Ok(signal) = signal {
            info!(target: SERVER, signal = signal.name(), "asked to stop; a second signal ends it at once");
        },
        ended = &mut serving => {
            ended??;
            return Err(io::Error::other("it ended by itself"));
        }
    }
    let drained = drain::drain(&handle, &state, drain, inherited, supervisor).await;
    serving.await??;
    Ok(drained)
}

/// Makes a service ready that listens on `address` already: liveness answers
/// meanwhile, so that nobody kills it for waiting. Then it watches what the service
/// depends on, until it is dropped.
///
/// # Errors
///
/// If something that the service depends on cannot be reached until `deadline`, unless
/// it is asked to stop meanwhile.
pub async fn start(
    state: &AppState,
    config: &AppConfig,
    supervisor: &Supervisor,
    address: SocketAddr,
    deadline: Instant,
) -> Result<Infallible, DatabaseError> {
    let started = state.database.start(deadline, config.db.migrate).await;
    if state.readiness.phase() == Phase::Draining {
        return pending().await;
    }
    started?;
    if state.readiness.start() {
        info!(target: SERVER, "ready");
        supervisor.ready(address);
    }
    Ok(state.heartbeat.run().await)
}

fn cores() -> usize {
    available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Rounded up: nothing is cut before its time.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}
