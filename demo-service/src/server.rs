//! The HTTP server: everything it needs is an argument.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use tracing::info;

use crate::activation::Listener;
use crate::config::{AppConfig, DrainConfig, ServerConfig};
use crate::database::DatabaseError;
use crate::drain::{Drained, drain};
use crate::forwarded::TrustedProxies;
use crate::middleware::{access_log, admit, identify, in_flight, problems};
use crate::routes;
use crate::signals::Stop;
use crate::state::AppState;
use crate::supervisor::Supervisor;
use crate::version::Version;
use crate::watchdog::{EventLoops, watch};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

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

/// Serves on `listener` until `stop` is ready, and then drains. What happens is
/// told to `supervisor`.
///
/// # Errors
///
/// If the server cannot be started.
pub async fn run(
    listener: Listener,
    state: Data<AppState>,
    config: &ServerConfig,
    drain_config: &DrainConfig,
    supervisor: &Supervisor,
    stop: oneshot::Receiver<Stop>,
) -> io::Result<Drained> {
    let Listener { socket, inherited } = listener;
    let address = socket.local_addr()?;
    let chaos = config.chaos;
    let proxies = Data::new(TrustedProxies::new(config.trusted_proxies.clone()));
    let (shared, loops) = (state.clone(), EventLoops::default());
    if let Some(at_most) = supervisor.watchdog() {
        tokio::spawn(watch(supervisor.clone(), loops.clone(), at_most));
    }
    let server = HttpServer::new(move || {
        loops.join();
        App::new()
            .app_data(shared.clone())
            .app_data(proxies.clone())
            .configure(|app| routes::configure(app, chaos))
            .wrap(from_fn(admit))
            .wrap(from_fn(problems))
            .wrap(from_fn(access_log))
            .wrap(from_fn(identify))
            .wrap(from_fn(in_flight))
    })
    .disable_signals()
    .shutdown_timeout(whole_seconds(drain_config.timeout))
    .keep_alive(config.keep_alive)
    .workers(config.workers.unwrap_or_else(cores))
    .listen(socket)?
    .run();

    let handle = server.handle();
    let serving = tokio::spawn(server);
    info!(%address, inherited, version = Version::NUMBER, "listening");
    if let Ok(signal) = stop.await {
        info!(signal = signal.name(), "asked to stop");
    }
    let drained = drain(&handle, &state, drain_config, inherited, supervisor).await;
    serving.await??;
    Ok(drained)
}

/// Makes a service ready that listens on `address` already: liveness answers meanwhile, so that
/// nobody kills it for waiting. Then it watches what the service depends on, until
/// it is dropped.
///
/// # Errors
///
/// If something that the service depends on cannot be reached in time.
pub async fn start(
    state: &AppState,
    config: &AppConfig,
    supervisor: &Supervisor,
    address: SocketAddr,
) -> Result<Infallible, DatabaseError> {
    let within = config.boot.start_timeout;
    state.database.start(within, config.db.migrate).await?;
    state.readiness.start();
    info!("ready");
    supervisor.ready(address);
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
