//! The operators' listener, if `APP_ADMIN_LISTEN` is set.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use tokio::task::JoinHandle;
use tracing::info;

use crate::config::ServerConfig;
use crate::http::{Audience, Shared};
use crate::state::AppState;
use crate::telemetry::targets::ADMIN;

/// After the drain, operators' requests in flight have this time.
const LAST_REQUEST_TIMEOUT: Duration = Duration::from_secs(1);

/// The operators' listener. It has its own worker, so that a service whose workers are
/// busy still reports its state.
pub(crate) struct Admin {
    address: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
}

impl Admin {
    /// Serves the operators' endpoints on `listener`.
    ///
    /// # Errors
    ///
    /// If the server cannot be started.
    pub(crate) fn start(
        listener: TcpListener,
        state: &Data<AppState>,
        config: &ServerConfig,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Shared::new(Audience::Operators, state, config);
        let server = HttpServer::new(move || shared.clone().app())
            .disable_signals()
            .shutdown_timeout(LAST_REQUEST_TIMEOUT.as_secs())
            .client_request_timeout(config.limits.head_timeout)
            .keep_alive(config.keep_alive)
            .workers(1)
            .listen(listener)?
            .run();
        let handle = server.handle();
        let serving = tokio::spawn(server);
        info!(target: ADMIN, %address, "listening for operators");
        Ok(Self {
            address,
            handle,
            serving,
        })
    }

    /// Returns the address of the listener.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops serving. Call it last, so that operators can watch the whole stop.
    ///
    /// # Errors
    ///
    /// If the server failed.
    pub(crate) async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        self.serving.await??;
        info!(target: ADMIN, "closed for operators");
        Ok(())
    }
}
