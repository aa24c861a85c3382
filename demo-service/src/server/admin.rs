//! The operators' listener, if `APP_ADMIN_LISTEN` is set.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::info;

use super::close::all_closed;
use super::listen::serve;
use crate::config::ServerConfig;
use crate::connections::Connections;
use crate::http::{Audience, Shared};
use crate::state::AppState;
use crate::telemetry::targets::ADMIN;

/// After the drain, operators' requests in flight have this time.
const LAST_REQUEST_TIMEOUT: Duration = Duration::from_secs(1);

/// The operators' listener. It has its own worker, so that a service whose workers are
/// busy still reports its state.
pub(crate) struct Admin {
    address: SocketAddr,
    connections: Connections,
    handle: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
}

impl Admin {
    /// Serves the operators' endpoints on `listener`, with at most `max_connections` open.
    ///
    /// # Errors
    ///
    /// If the server cannot be started.
    pub(crate) fn start(
        listener: TcpListener,
        state: &Data<AppState>,
        config: &ServerConfig,
        max_connections: usize,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Shared::new(Audience::Operators, state, config);
        let connections = state.operator_connections.clone();
        let server = serve(listener, shared, &connections, config, 1, max_connections)?;
        let handle = server.handle();
        let serving = tokio::spawn(server);
        info!(target: ADMIN, %address, "listening for operators");
        Ok(Self {
            address,
            connections,
            handle,
            serving,
        })
    }

    /// Returns the address of the listener.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops serving until `exit_by`. Call it last, so that operators can watch the whole
    /// stop.
    ///
    /// # Errors
    ///
    /// If the server failed.
    pub(crate) async fn stop(self, exit_by: Instant) -> io::Result<()> {
        self.connections.close();
        let left = exit_by.saturating_duration_since(Instant::now());
        let time = LAST_REQUEST_TIMEOUT.min(left / 2);
        let _ = timeout(time, all_closed(&self.connections)).await;
        let stopped = async {
            self.handle.stop(false).await;
            self.serving.await
        };
        if let Ok(served) = timeout_at(exit_by, stopped).await {
            served??;
        }
        info!(target: ADMIN, "closed for operators");
        Ok(())
    }
}
