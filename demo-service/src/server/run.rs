//! Serving until the service is asked to stop.

use std::io;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::web::Data;
use tracing::info;

use super::drain::{self, Drained};
use crate::config::{AppConfig, ServerConfig};
use crate::http::{Audience, Shared};
use crate::process::signals::Stopped;
use crate::process::sockets::Listener;
use crate::process::systemd::Supervisor;
use crate::state::AppState;
use crate::telemetry::targets::SERVER;
use crate::version::Version;

/// Serves `audience` on `listener` until `stop` is ready, and then drains.
///
/// # Errors
///
/// If the server cannot be started, or ends by itself.
pub(crate) async fn run(
    listener: Listener,
    audience: Audience,
    state: &Data<AppState>,
    config: &AppConfig,
    supervisor: &Supervisor,
    stop: Stopped,
) -> io::Result<Drained> {
    let Listener { socket, inherited } = listener;
    let address = socket.local_addr()?;
    let AppConfig { server, drain, .. } = config;
    let workers = workers(server);
    let shared = Shared::new(audience, state, server);
    let server = HttpServer::new(move || shared.clone().app())
        .disable_signals()
        .shutdown_timeout(whole_seconds(drain.timeout))
        .client_request_timeout(server.limits.head_timeout)
        .keep_alive(server.keep_alive)
        // The limit is per worker.
        .max_connections(server.limits.max_connections.div_ceil(workers))
        .workers(workers)
        .listen(socket)?
        .run();

    let handle = server.handle();
    let mut serving = tokio::spawn(server);
    info!(target: SERVER, %address, inherited, version = Version::NUMBER, "listening");
    tokio::select! {
        signal = stop => if let Ok(signal) = signal {
            info!(
                target: SERVER,
                signal = signal.name(),
                "asked to stop; a second signal ends it at once"
            );
        },
        ended = &mut serving => {
            ended??;
            return Err(io::Error::other("it ended by itself"));
        }
    }
    let drained = drain::drain(&handle, state, drain, inherited, supervisor).await;
    serving.await??;
    Ok(drained)
}

/// Returns the number of workers: one a core if it is not configured.
pub(super) fn workers(config: &ServerConfig) -> usize {
    let cores = || available_parallelism().map_or(1, NonZeroUsize::get);
    config.workers.unwrap_or_else(cores)
}

/// Rounds up, so that no request is cut early.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}
