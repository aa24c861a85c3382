//! Serving until the service is asked to stop.

use std::io;

use actix_web::web::Data;
use tracing::info;

use super::drain::{self, Drained};
use super::listen::{serve, workers};
use super::summary::summarize;
use crate::config::AppConfig;
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
    let own = if inherited {
        None
    } else {
        Some(socket.try_clone()?)
    };
    let workers = workers(server);
    let max_connections = server.limits.max_connections;
    let shared = Shared::new(audience, state, server);
    let connections = &state.connections;
    let server = serve(
        socket,
        shared,
        connections,
        server,
        workers,
        max_connections,
    )?;
    tokio::spawn(summarize(connections.clone()));

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
    let drained = drain::drain(&handle, state, drain, own.as_ref(), supervisor).await;
    serving.await??;
    Ok(drained)
}
