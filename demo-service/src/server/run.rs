//! Serving until the service is asked to stop.

use std::io::{self, IsTerminal};

use actix_web::web::Data;
use tokio::time::timeout_at;
use tracing::info;

use super::drain::{self, Drained};
use super::listen::{serve, workers};
use super::summary::summarize;
use crate::config::{AppConfig, StopBudget};
use crate::http::{Audience, Shared};
use crate::process::signals::{Stop, Stopped};
use crate::process::sockets::Listener;
use crate::process::systemd::Supervisor;
use crate::state::AppState;
use crate::telemetry::targets::SERVER;
use crate::version::Version;

/// The public listener.
pub(crate) struct Public {
    pub(crate) listener: Listener,
    pub(crate) audience: Audience,
    pub(crate) max_connections: usize,
}

/// Serves on the `public` listener until `stop` is ready, and then drains.
///
/// # Errors
///
/// If the server cannot be started, or ends by itself.
pub(crate) async fn run(
    public: Public,
    state: &Data<AppState>,
    config: &AppConfig,
    budget: &StopBudget,
    supervisor: &Supervisor,
    stop: Stopped,
) -> io::Result<Drained> {
    let Public {
        listener: Listener { socket, inherited },
        audience,
        max_connections,
    } = public;
    let address = socket.local_addr()?;
    let AppConfig { server, .. } = config;
    let own = if inherited {
        None
    } else {
        Some(socket.try_clone()?)
    };
    let workers = workers(server);
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
    info!(
        target: SERVER,
        %address,
        inherited,
        version = Version::NUMBER,
        stop_timeout = ?budget.total,
        stop_timeout_from = budget.origin_name(),
        fingerprint = state.effective_config.get().fingerprint(),
        "listening"
    );
    let signal = tokio::select! {
        signal = stop => signal.ok(),
        ended = &mut serving => {
            ended??;
            return Err(io::Error::other("the server ended by itself"));
        }
    };
    if let Some(signal) = signal {
        info!(
            target: SERVER,
            signal = signal.name(),
            "asked to stop; a second signal ends the process at once"
        );
    }
    let at_terminal = signal == Some(Stop::Interrupt) && io::stdin().is_terminal();
    let own = own.as_ref();
    let drained = drain::drain(&handle, state, budget, own, at_terminal, supervisor).await;
    // A stuck worker is not waited for.
    if let Ok(served) = timeout_at(drained.exit_by, serving).await {
        served??;
    }
    Ok(drained)
}
